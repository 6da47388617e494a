import type { ConnectionLineComponentProps } from 'reactflow';
import { Position } from 'reactflow';
import { looseRoute } from '../../shared/layout/route';
import type { LayerFlowNode } from './flow';
import styles from './Wire.module.css';

/** React Flow starts the line at the handle's outer edge; the ring's centre is half a handle inside. */
const toCentre = 8;

/** Which way is out of a node, on each of its sides. */
const awayFrom: Record<Position, readonly [number, number]> = {
  [Position.Left]: [-1, 0],
  [Position.Right]: [1, 0],
  [Position.Top]: [0, -1],
  [Position.Bottom]: [0, 1],
};

/** The wire in the hand. Red and dashed over a port that refuses it. */
export function PulledWire(props: ConnectionLineComponentProps<LayerFlowNode>) {
  const { fromX, fromY, toX, toY, fromPosition, fromHandle, toHandle, connectionStatus } = props;
  const [outX, outY] = awayFrom[fromPosition];
  const start = { x: fromX - outX * toCentre, y: fromY - outY * toCentre };
  const [backX, backY] = toHandle ? awayFrom[toHandle.position] : [0, 0];
  const end = { x: toX - backX * toCentre, y: toY - backY * toCentre };
  const { path } = fromHandle.type === 'source' ? looseRoute(start, end) : looseRoute(end, start);
  return (
    <path d={path} className={styles['pulled']} data-refused={connectionStatus === 'invalid' ? true : undefined} />
  );
}
