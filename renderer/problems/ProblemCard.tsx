import { X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { NodeToolbar, Position, useStore } from 'reactflow';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import { problemKey, useProject, useSession, useView } from '../session';
import { nodeHeight, nodeWidth } from '../canvas/geometry';
import { flowOf } from '../canvas/flow';
import { focusNode } from '../canvas/view';
import { IconButton } from '../ui/IconButton';
import { ProblemBody } from './ProblemBody';
import styles from './ProblemCard.module.css';
import type { CardPlace } from './placeCard';
import { placeCard } from './placeCard';
import { useProblemPlace } from './problemPlace';
import { useTrainingProblems } from './trainingFindings';

const sides = { bottom: Position.Bottom, top: Position.Top, right: Position.Right, left: Position.Left } as const;

function useOpenProblem(): Diagnostic | null {
  const key = useView((state) => state.openProblem);
  const diagnostics = useProject((state) => state.analysis.diagnostics);
  const training = useTrainingProblems();
  if (key === null) return null;
  return [...diagnostics, ...training].find((diagnostic) => problemKey(diagnostic) === key) ?? null;
}

/** The tools of the view lie over the lower edge of the canvas, and would lie over a card. */
const toolsHeight = 48;

/** Where the card has room beside its node; a string, so that panning renders it again only when the side changes. */
function useRoom(nodeId: string): CardPlace {
  const { shownPlace } = flowOf(useSession());
  const place = useStore((state) => {
    const [x, y, zoom] = state.transform;
    const at = shownPlace(nodeId) ?? { x: 0, y: 0 };
    const node = { left: at.x * zoom + x, top: at.y * zoom + y, width: nodeWidth * zoom, height: nodeHeight(1) * zoom };
    return JSON.stringify(placeCard(node, { width: state.width, height: state.height - toolsHeight }));
  });
  return useMemo(() => JSON.parse(place) as CardPlace, [place]);
}

function Card({ diagnostic, nodeId }: { readonly diagnostic: Diagnostic; readonly nodeId: string }) {
  const session = useSession();
  const { t } = useText('problems');
  const { side, align, maxHeight } = useRoom(nodeId);
  const card = useRef<HTMLDivElement>(null);
  const isCalled = useView((state) => state.isProblemCalled);
  useEffect(() => {
    if (!isCalled) return undefined;
    const frame = requestAnimationFrame(() => card.current?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(frame);
  }, [nodeId, isCalled]);
  const close = (): void => {
    session.view.openProblemCard(null);
    focusNode(session, nodeId);
  };
  return (
    <NodeToolbar
      nodeId={nodeId}
      isVisible
      position={sides[side]}
      align={align}
      offset={10}
      className={styles['toolbar'] ?? ''}
    >
      <div
        ref={card}
        role="dialog"
        aria-label={t.card}
        tabIndex={-1}
        className={`${styles['card'] ?? ''} nodrag nopan nowheel`}
        style={{ maxHeight }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          close();
        }}
      >
        <span className={styles['close']}>
          <IconButton size="sm" label={t.close} icon={<X size={14} />} onClick={close} />
        </span>
        <ProblemBody diagnostic={diagnostic} />
      </div>
    </NodeToolbar>
  );
}

/** The problem that is open, at the node where it is. */
export function ProblemCard() {
  const diagnostic = useOpenProblem();
  const place = useProblemPlace(diagnostic);
  if (diagnostic === null || place === null) return null;
  return <Card key={problemKey(diagnostic)} diagnostic={diagnostic} nodeId={place.nodeId} />;
}
