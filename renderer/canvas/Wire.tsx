import { findNode } from '../../shared/analysis/blocks';
import { memo } from 'react';
import type { EdgeProps } from 'reactflow';
import { BaseEdge, EdgeLabelRenderer } from 'reactflow';
import { wireWidth } from '../../shared/figures/wireWidth';
import { ledRoute } from '../../shared/layout/throughPoints';
import { useProject, useSession } from '../session';
import { classes } from '../ui/classes';
import { formatShape } from '../ui/numbers';
import { useDetail } from './detail';
import { isWireAtFault } from './findings';
import type { WireFlowEdge } from './flow';
import { useFlow } from './flow';
import { useWireDrop } from './layerDrag';
import { useDraggedPlaces } from './leading';
import styles from './Wire.module.css';
import { WirePlaces } from './WirePlaces';

/** Where a label is, from its place on the wire. */
const above = 'translate(-50%, -50%) translateY(-9px)';
const beside = 'translate(7px, -50%)';

/** Among marks, only selected wires are drawn one by one. */
const farStrength = 10;

/** One wire, with the shape that it carries. */
export const Wire = memo(function Wire(props: EdgeProps<WireFlowEdge>) {
  const { id, source, data, selected } = props;
  const shape = useProject((state) => findNode(state.analysis, source)?.outputShape ?? null);
  const isAtFault = useProject((state) => isWireAtFault(state.analysis, props.target, data?.edge.toPort ?? 0));
  const session = useSession();
  const isDropTarget = useWireDrop((state) => state.wireId === id && state.sessionId === session.id);
  const detail = useDetail();
  const drawn = useFlow(({ wires }) => (data ? wires.get(data.edge) : undefined));
  const dragged = useDraggedPlaces(data?.edge);
  if (!drawn) return null;
  const via = dragged ?? drawn.via;
  const { path, label } = dragged === null ? drawn.route : ledRoute(drawn.ends, dragged);
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
      {data && via.length > 0 && detail !== 'mark' ? (
        <WirePlaces edge={data.edge} via={via} isSelected={selected === true} />
      ) : null}
      {detail === 'near' && shape ? (
        <EdgeLabelRenderer>
          <code
            className={classes(styles['shape'], isAtFault && styles['badShape'], selected === true && styles['on'])}
            style={{ transform: `translate(${label.x}px, ${label.y}px) ${label.isBeside ? beside : above}` }}
          >
            {formatShape(shape)}
          </code>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
});
