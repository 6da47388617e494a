import { memo } from 'react';
import type { EdgeProps } from 'reactflow';
import { BaseEdge, EdgeLabelRenderer } from 'reactflow';
import type { DrawnWire } from '../../shared/layout/drawing';
import { wireGap } from '../../shared/layout/geometry';
import { wireWidth } from '../../shared/figures/wireWidth';
import { ledRoute } from '../../shared/layout/throughPoints';
import { useSession } from '../session';
import { classes } from '../ui/classes';
import { shapeLines } from '../ui/numbers';
import { useDetail } from './detail';
import type { WireFlowEdge } from './flow';
import { useFlow } from './flow';
import { useWireDrop } from './layerDrag';
import { useDraggedPlaces } from './leading';
import { useWireLook } from './looks';
import styles from './Wire.module.css';
import { WirePlaces } from './WirePlaces';

/** Where a label is, from its place on the wire. */
const above = 'translate(-50%, -100%) translateY(-5px)';
const beside = 'translate(7px, -50%)';

/** How wide a letter of a label is. */
const letterWidth = 5.5;

/** How many letters a label may have so that it touches neither node: from side to side it lies between them. */
function letters({ ends, sides }: DrawnWire): number {
  if (sides.from !== 'right' || sides.to !== 'left') return Infinity;
  return Math.floor((ends.targetX - ends.sourceX + 2 * wireGap - 4) / letterWidth);
}

/** Among marks, only selected wires are drawn one by one. */
const farStrength = 10;

/** One wire, with the shape that it carries. */
export const Wire = memo(function Wire(props: EdgeProps<WireFlowEdge>) {
  const { id, data, selected } = props;
  const look = useWireLook(data?.edge);
  const session = useSession();
  const isDropTarget = useWireDrop((state) => state.wireId === id && state.sessionId === session.id);
  const detail = useDetail();
  const drawn = useFlow(({ wires }) => (data ? wires.get(data.edge) : undefined));
  const dragged = useDraggedPlaces(data?.edge);
  if (!drawn || look === null) return null;
  const { shape, isAtFault } = look;
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
            {shapeLines(shape, label.isBeside ? Infinity : letters(drawn)).map((line, at) => (
              <span key={at} className={styles['line']}>
                {line}
              </span>
            ))}
          </code>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
});
