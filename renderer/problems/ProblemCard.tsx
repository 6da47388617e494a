import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { NodeToolbar, Position, useStore } from 'reactflow';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import { openProblemCard, problemKey, useProject, useUi } from '../store';
import { nodeWidth } from '../canvas/geometry';
import { shownPlace } from '../canvas/flow';
import { focusNode } from '../canvas/view';
import { IconButton } from '../ui/IconButton';
import { ProblemBody } from './ProblemBody';
import styles from './ProblemCard.module.css';

function useOpenProblem(): Diagnostic | null {
  const key = useUi((state) => state.openProblem);
  const diagnostics = useProject((state) => state.analysis.diagnostics);
  return key === null ? null : (diagnostics.find((diagnostic) => problemKey(diagnostic) === key) ?? null);
}

/** Where the card has room: below a node in the upper half of the canvas, above one in the lower, leaning inwards. */
function useRoom(nodeId: string): { readonly position: Position; readonly align: 'start' | 'end' } {
  return {
    position: useStore((state) => {
      const place = shownPlace(nodeId);
      const y = (place?.y ?? 0) * state.transform[2] + state.transform[1];
      return y > state.height * 0.55 ? Position.Top : Position.Bottom;
    }),
    align: useStore((state) => {
      const place = shownPlace(nodeId);
      const x = ((place?.x ?? 0) + nodeWidth / 2) * state.transform[2] + state.transform[0];
      return x > state.width * 0.6 ? ('end' as const) : ('start' as const);
    }),
  };
}

function Card({ diagnostic, nodeId }: { readonly diagnostic: Diagnostic; readonly nodeId: string }) {
  const { t } = useText('problems');
  const { position, align } = useRoom(nodeId);
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => card.current?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(frame);
  }, [nodeId]);
  const close = (): void => {
    openProblemCard(null);
    focusNode(nodeId);
  };
  return (
    <NodeToolbar
      nodeId={nodeId}
      isVisible
      position={position}
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
  const nodeId = diagnostic?.at.nodeId;
  if (!diagnostic || nodeId === undefined) return null;
  return <Card key={problemKey(diagnostic)} diagnostic={diagnostic} nodeId={nodeId} />;
}
