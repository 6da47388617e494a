import { Position } from 'reactflow';
import type { Side } from '../../shared/layout/geometry';
import type { NetworkEdge } from '../../shared/schema/document';

/** As much of React Flow's connections and edges as names the two ends. */
type Ends = {
  readonly source: string;
  readonly target: string;
  readonly targetHandle?: string | null | undefined;
};

/** React Flow's name of a side. */
export const positionOf: Record<Side, Position> = {
  left: Position.Left,
  right: Position.Right,
  top: Position.Top,
  bottom: Position.Bottom,
};

/** React Flow's name of a port: `out`, with its side where that is not the right one, or `in` and its number. */
export function handleOf(port: number | 'output', side: Side = 'right'): string {
  if (port !== 'output') return `in${port}`;
  return side === 'right' ? 'out' : `out-${side}`;
}

/** The port that a handle stands for. */
export function portOfHandle(handle: string | null): number | 'output' {
  return handle?.startsWith('in') === true ? Number(handle.slice(2)) : 'output';
}

/** React Flow's connection as the document writes it. */
export function edgeFromConnection({ source, target, targetHandle }: Ends): NetworkEdge | null {
  const port = portOfHandle(targetHandle ?? 'in0');
  if (port === 'output') return null;
  return port === 0 ? { from: source, to: target } : { from: source, to: target, toPort: port };
}
