import type { NetworkEdge } from '../../shared/schema/document';

/** As much of React Flow's connections and edges as names the two ends. */
type Ends = {
  readonly source: string;
  readonly target: string;
  readonly targetHandle?: string | null | undefined;
};

/** The port that a handle stands for: `out`, or `in` and its number. */
export function portOfHandle(handle: string | null): number | 'output' {
  return handle?.startsWith('in') === true ? Number(handle.slice(2)) : 'output';
}

/** React Flow's connection as the document writes it. */
export function edgeFromConnection({ source, target, targetHandle }: Ends): NetworkEdge | null {
  const port = portOfHandle(targetHandle ?? 'in0');
  if (port === 'output') return null;
  return port === 0 ? { from: source, to: target } : { from: source, to: target, toPort: port };
}
