import { ViewportPortal } from 'reactflow';
import { looseRoute } from '../../shared/layout/route';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { useProject, useSession } from '../session';
import { flowOf } from './flow';
import styles from './KeyboardWire.module.css';
import { titleById } from './speech';
import { useWiring } from './wiring';

/** The wire that the keyboard is pulling, and what its keys do. */
export function KeyboardWire() {
  const { t, pick } = useText('canvas');
  const { shownPlace, portsOf } = flowOf(useSession());
  const { start, targets, chosen } = useWiring((state) => state);
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const target = targets?.[chosen];
  if (!start || !target || target.port === 'output') return null;
  const from = shownPlace(start.nodeId);
  const to = shownPlace(target.nodeId);
  if (!from || !to) return null;
  const out = portsOf(start.nodeId)?.outputs[0];
  const into = portsOf(target.nodeId)?.inputs[target.port];
  if (!out || !into) return null;
  const { path } = looseRoute({ x: from.x + out.x, y: from.y + out.y }, { x: to.x + into.x, y: to.y + into.y });
  const sentence = fill(t.wiringTo, {
    from: pick(titleById(document, analysis, start.nodeId)),
    to: pick(titleById(document, analysis, target.nodeId)),
  });
  return (
    <ViewportPortal>
      <svg className={styles['wire']} aria-hidden="true">
        <path d={path} />
      </svg>
      <div
        role="status"
        className={styles['hint']}
        style={{ transform: `translate(${to.x}px, ${to.y}px) translate(-4px, calc(-100% - 8px))` }}
      >
        <strong>{sentence}</strong>
        <span>{t.wiringHint}</span>
      </div>
    </ViewportPortal>
  );
}
