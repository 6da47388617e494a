import type { MouseEvent } from 'react';
import { memo, useMemo } from 'react';
import { ViewportPortal } from 'reactflow';
import { useShallow } from 'zustand/react/shallow';
import { useProject, useSession } from '../session';
import { isWireAtFault } from './findings';
import styles from './FarWires.module.css';
import type { FlowState, WireFlowEdge } from './flow';
import { flowOf, isSameList, useFlow } from './flow';
import { useWireDrop } from './layerDrag';

/** So many wires are drawn together: few drawings for all of a network, and few lines to draw anew where a node is dragged. */
const bundleSize = 40;

/** Wires that are drawn together, as far as they hang from what is in the hand, or as far as they do not. */
type BundleProps = { readonly edges: readonly WireFlowEdge[]; readonly isHeld?: boolean };

function hangsFrom(held: FlowState['held'], { source, target }: WireFlowEdge): boolean {
  return held.has(source) || held.has(target);
}

function pathOf({ data }: WireFlowEdge, wires: FlowState['wires']): string {
  return (data && wires.get(data.edge)?.route.path) ?? '';
}

/**
 * Wires as one line, and a wide line for each that is not painted. It hears of its own wires alone. Those of what is in the hand are a
 * drawing by themselves: the others, which cross the canvas, are then not painted again at each step.
 */
const Bundle = memo(
  function Bundle({ edges, isHeld = false }: BundleProps) {
    const paths = useFlow(
      useShallow(({ wires, held }) =>
        edges.map((edge) => (hangsFrom(held, edge) === isHeld ? pathOf(edge, wires) : null)),
      ),
    );
    const faults = useProject(({ analysis }) =>
      edges.map(({ target, data }) => (isWireAtFault(analysis, target, data?.edge.toPort ?? 0) ? '!' : '.')).join(''),
    );
    // The selected ones are React Flow's.
    const wires = edges.flatMap((edge, at) => {
      const path = paths[at] ?? null;
      return edge.selected === true || path === null ? [] : [{ edge, path, isAtFault: faults[at] === '!' }];
    });
    const together = (isAtFault: boolean): string =>
      wires.flatMap((wire) => (wire.isAtFault === isAtFault ? [wire.path] : [])).join('');
    return (
      <>
        <path className={styles['drawn']} d={together(false)} />
        <path className={styles['fault']} d={together(true)} />
        {wires.map(({ edge, path }) => (
          <path
            key={edge.id}
            className="react-flow__edge"
            data-id={edge.id}
            d={path}
            role="img"
            aria-label={edge.ariaLabel ?? undefined}
          />
        ))}
      </>
    );
  },
  (before, after) => isSameList(before.edges, after.edges),
);

/** The wires of what is in the hand. */
function HeldWires({ edges }: Pick<BundleProps, 'edges'>) {
  const held = useFlow((state) => state.held);
  const own = useMemo(() => (held.size === 0 ? [] : edges.filter((edge) => hangsFrom(held, edge))), [edges, held]);
  return own.length === 0 ? null : <Bundle edges={own} isHeld />;
}

/** The wire that what is dragged would go into. */
function DropTarget({ edges }: Pick<BundleProps, 'edges'>) {
  const session = useSession();
  const id = useWireDrop((state) => (state.sessionId === session.id ? state.wireId : null));
  const target = id === null ? undefined : edges.find((edge) => edge.id === id && edge.selected !== true);
  const path = useFlow(({ wires }) => (target ? pathOf(target, wires) : ''));
  return <path className={styles['dropTarget']} d={path} />;
}

/**
 * All wires in a few drawings, for a network seen from far: a thousand React Flow edges cost more than all else that is in view. Each
 * keeps a wide line of its own that is not painted, by which it is clicked, named, and found by what is dragged over it.
 */
export function FarWires() {
  const session = useSession();
  const edges = useFlow((state) => state.edges);
  const bundles = useMemo(() => {
    const count = Math.ceil(edges.length / bundleSize);
    return Array.from({ length: count }, (_, at) => edges.slice(at * bundleSize, (at + 1) * bundleSize));
  }, [edges]);
  const select = (event: MouseEvent<SVGElement>): void => {
    const id = event.target instanceof SVGElement ? event.target.dataset['id'] : undefined;
    if (id === undefined) return;
    const flow = flowOf(session);
    const isFurther = event.shiftKey || event.metaKey || event.ctrlKey;
    const kept = isFurther ? flow.selectedWireIds() : [];
    if (!isFurther) session.project.select([]);
    flow.selectWires(new Set([...kept, id]));
  };
  return (
    <ViewportPortal>
      <svg className={styles['wires']} onClick={select}>
        {bundles.map((bundle, at) => (
          <Bundle key={at} edges={bundle} />
        ))}
        <HeldWires edges={edges} />
        <DropTarget edges={edges} />
      </svg>
    </ViewportPortal>
  );
}
