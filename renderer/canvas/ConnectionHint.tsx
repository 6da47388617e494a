import { useConnection } from 'reactflow';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { isSameEdge } from '../../shared/editing/connect';
import type { NetworkEdge } from '../../shared/schema/document';
import type { Language } from '../../shared/text';
import { text } from '../../shared/text';
import { fill, messages, useText } from '../i18n';
import type { Session } from '../session';
import { useSession } from '../session';
import styles from './ConnectionHint.module.css';
import { portOfHandle } from './connection';
import type { WireStart } from './wiring';
import { titleById } from './speech';
import { bestPort, checkWire, displacedBy, edgeBetween, movingWire, useWiring } from './wiring';

type Over = { readonly nodeId: string; readonly handle: string | null };

/** The edge that letting go where the pointer is would make; null over nothing, and over the wire's own end. */
function edgeOver(session: Session, start: WireStart | null, over: Over | null): NetworkEdge | null {
  if (start === null || over === null) return null;
  const target =
    over.handle === null
      ? bestPort(session, start, over.nodeId)
      : { nodeId: over.nodeId, port: portOfHandle(over.handle) };
  const isOwnEnd = over.nodeId === start.nodeId && (over.handle === null || target?.port === start.port);
  return target && !isOwnEnd ? edgeBetween(start, target) : null;
}

/** What to know before the wire is let go here: why it may not end here, or whose wire it replaces. */
function hintOf(session: Session, edge: NetworkEdge): Pick<Diagnostic, 'summary' | 'why'> | null {
  const answer = checkWire(session, edge);
  if (!answer.ok) return answer.diagnostics[0] ?? null;
  const moving = movingWire(session);
  const other = displacedBy(session, edge).find(
    (one) => one.from !== edge.from && !(moving !== null && isSameEdge(one, moving)),
  );
  if (other === undefined) return null;
  const { document, analysis } = session.project.getState();
  const title = titleById(document, analysis, other.from);
  const said = (language: Language): string =>
    fill(messages('canvas', language).replacesWire, { node: title[language] });
  return { summary: text(said('en'), said('zh')) };
}

/** Says beside the pointer why a wire is refused, or what it replaces, while it is still in the hand. */
export function ConnectionHint() {
  const { pick } = useText('canvas');
  const session = useSession();
  const start = useWiring((state) => state.start);
  const hoverNode = useWiring((state) => state.hoverNode);
  const connection = useConnection();
  if (!connection.inProgress || start === null) return null;
  const over: Over | null = connection.toHandle
    ? { nodeId: connection.toHandle.nodeId, handle: connection.toHandle.id ?? null }
    : hoverNode === null
      ? null
      : { nodeId: hoverNode, handle: null };
  const edge = edgeOver(session, start, over);
  const reason = edge && hintOf(session, edge);
  if (!reason) return null;
  const { x, y } = connection.pointer;
  return (
    <div role="status" className={styles['hint']} style={{ transform: `translate(${x + 16}px, ${y + 16}px)` }}>
      <strong>{pick(reason.summary)}</strong>
      {reason.why ? <span>{pick(reason.why)}</span> : null}
    </div>
  );
}
