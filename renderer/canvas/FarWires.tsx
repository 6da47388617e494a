import type { MouseEvent } from 'react';
import { useMemo } from 'react';
import { ViewportPortal } from 'reactflow';
import { useProject, useSession } from '../session';
import { isWireAtFault } from './findings';
import styles from './FarWires.module.css';
import type { WireFlowEdge } from './flow';
import { flowOf, useFlow } from './flow';
import { useWireDrop } from './layerDrag';

/** A wire and the line that it is drawn as. */
type WireLine = { readonly edge: WireFlowEdge; readonly path: string };

/** One line through all of some wires. */
function together(wires: readonly WireLine[]): string {
  return wires.map(({ path }) => path).join('');
}

/**
 * All wires in one drawing, for a network seen from far: a thousand React Flow edges cost more than all else that is in view. Each
 * keeps a wide line of its own that is not painted, by which it is clicked, named, and found by what is dragged over it.
 */
export function FarWires() {
  const session = useSession();
  const edges = useFlow((state) => state.edges);
  const drawn = useFlow((state) => state.wires);
  // The selected ones are React Flow's.
  const wires = useMemo(
    () =>
      edges.flatMap((edge): readonly WireLine[] => {
        const wire = edge.data && drawn.get(edge.data.edge);
        return edge.selected === true || !wire ? [] : [{ edge, path: wire.route.path }];
      }),
    [drawn, edges],
  );
  const faults = useProject(({ analysis }) =>
    edges
      .flatMap(({ id, target, data }) => (isWireAtFault(analysis, target, data?.edge.toPort ?? 0) ? [id] : []))
      .join(),
  );
  const faulty = useMemo(() => new Set(faults.split(',')), [faults]);
  const dropId = useWireDrop((state) => (state.sessionId === session.id ? state.wireId : null));
  const target = wires.find(({ edge }) => edge.id === dropId);
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
        <path className={styles['drawn']} d={together(wires.filter(({ edge }) => !faulty.has(edge.id)))} />
        <path className={styles['fault']} d={together(wires.filter(({ edge }) => faulty.has(edge.id)))} />
        <path className={styles['dropTarget']} d={target?.path ?? ''} />
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
      </svg>
    </ViewportPortal>
  );
}
