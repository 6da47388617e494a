import type { ConnectionLineComponentProps } from 'reactflow';
import { Position } from 'reactflow';
import type { LayerFlowNode } from './flow';
import styles from './Wire.module.css';
import { wirePath } from './wirePath';

/** React Flow starts the line at the handle's outer edge; the ring's centre is half a handle inside. */
const toCentre = 8;

/** The wire in the hand. Red and dashed over a port that refuses it. */
export function PulledWire(props: ConnectionLineComponentProps<LayerFlowNode>) {
  const { fromX, fromY, toX, toY, fromPosition, toHandle, connectionStatus } = props;
  const isForward = fromPosition === Position.Right;
  const startX = fromX + (isForward ? -toCentre : toCentre);
  const endX = toHandle ? toX + (isForward ? toCentre : -toCentre) : toX;
  const { path } = isForward
    ? wirePath({ sourceX: startX, sourceY: fromY, targetX: endX, targetY: toY })
    : wirePath({ sourceX: endX, sourceY: toY, targetX: startX, targetY: fromY });
  return (
    <path d={path} className={styles['pulled']} data-refused={connectionStatus === 'invalid' ? true : undefined} />
  );
}
