import { findNode } from '../../shared/analysis/blocks';
import { memo, useMemo } from 'react';
import type { EdgeProps } from 'reactflow';
import { BaseEdge, EdgeLabelRenderer } from 'reactflow';
import type { Shape } from '../../shared/layers/define';
import { throughPoints } from '../../shared/layout/throughPoints';
import type { Position } from '../../shared/schema/document';
import { useProject, useSession } from '../session';
import { classes } from '../ui/classes';
import { formatShape } from '../ui/numbers';
import { useDetail } from './detail';
import { isWireAtFault } from './findings';
import type { WireFlowEdge } from './flow';
import { useFlow } from './flow';
import { handleSize, wireGap } from './geometry';
import { isCrossingNodes } from './farWires';
import { useWireDrop } from './layerDrag';
import { useDraggedPlaces } from './leading';
import styles from './Wire.module.css';
import { wirePath } from './wirePath';
import { WirePlaces } from './WirePlaces';
import { shownPlaces } from './wirePlaces';

/** A wire is as strong as what it carries: 1.4 px for a handful of values to 3.2 px for a million. */
function strength(shape: Shape | null): number {
  const count = shape?.reduce<number>((product, size) => product * (size ?? 1), 1) ?? 1;
  return 1.4 + Math.min(1.8, Math.log10(Math.max(1, count)) * 0.3);
}

/** Among marks, only selected wires are drawn one by one. */
const farStrength = 10;

/** React Flow ends a wire at the handle's 16 px target; this is how far inside it the drawn ring begins. */
const portReach = handleSize / 2 - wireGap;

/** The places that a wire is led through, as they are shown now. */
function usePlacesOf({ data, source, target }: EdgeProps<WireFlowEdge>): readonly Position[] {
  const edge = data?.edge;
  const dragged = useDraggedPlaces(edge);
  // As text, so that a wire is drawn anew only where they change.
  const shown = useFlow(({ nodes }) => {
    if (edge?.via === undefined) return '[]';
    const of = (id: string) => nodes.find((node) => node.id === id);
    return JSON.stringify(shownPlaces(edge, of(source), of(target)));
  });
  const places = useMemo(() => JSON.parse(shown) as readonly Position[], [shown]);
  return dragged ?? places;
}

/** One wire, with the shape that it carries. */
export const Wire = memo(function Wire(props: EdgeProps<WireFlowEdge>) {
  const { id, source, data, selected } = props;
  const shape = useProject((state) => findNode(state.analysis, source)?.outputShape ?? null);
  const isAtFault = useProject((state) => isWireAtFault(state.analysis, props.target, data?.edge.toPort ?? 0));
  const session = useSession();
  const isDropTarget = useWireDrop((state) => state.wireId === id && state.sessionId === session.id);
  const detail = useDetail();
  const ends = {
    sourceX: props.sourceX - portReach,
    sourceY: props.sourceY,
    targetX: props.targetX + portReach,
    targetY: props.targetY,
  };
  const isCrossing = useFlow(({ nodes }) => isCrossingNodes(nodes, ends));
  const via = usePlacesOf(props);
  const { path, labelX, labelY } = via.length > 0 ? throughPoints(ends, via) : wirePath(ends, isCrossing);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={20}
        className={classes(
          styles['wire'],
          isAtFault && styles['fault'],
          selected === true && styles['selected'],
          isDropTarget && styles['dropTarget'],
        )}
        style={{ strokeWidth: detail === 'mark' ? farStrength : isDropTarget ? 4 : strength(shape) }}
      />
      {data && via.length > 0 && detail !== 'mark' ? (
        <WirePlaces edge={data.edge} via={via} isSelected={selected === true} />
      ) : null}
      {detail === 'near' && shape ? (
        <EdgeLabelRenderer>
          <code
            className={classes(styles['shape'], isAtFault && styles['badShape'], selected === true && styles['on'])}
            style={{ transform: `translate(${labelX}px, ${labelY}px) translate(-50%, -50%) translateY(-9px)` }}
          >
            {formatShape(shape)}
          </code>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
});
