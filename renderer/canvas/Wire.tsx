import { findNode } from '../../shared/analysis/blocks';
import { memo } from 'react';
import type { EdgeProps } from 'reactflow';
import { BaseEdge, EdgeLabelRenderer } from 'reactflow';
import { wireWidth } from '../../shared/figures/wireWidth';
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
import styles from './Wire.module.css';
import { wirePath } from './wirePath';

/** Among marks, only selected wires are drawn one by one. */
const farStrength = 10;

/** React Flow ends a wire at the handle's 16 px target; this is how far inside it the drawn ring begins. */
const portReach = handleSize / 2 - wireGap;

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
  const { path, labelX, labelY } = wirePath(ends, isCrossing);
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
        style={{ strokeWidth: detail === 'mark' ? farStrength : isDropTarget ? 4 : wireWidth(shape) }}
      />
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
