import type { NetworkAnalysis } from './types';
import type { Wiring } from './wiring';

/** One stop on the way from the input to a node. */
export type TrailStop = { readonly nodeId: string; readonly length: number | null };

/**
 * How a length changes from the input down to `nodeId`, along first inputs: 28 - 24 - 12 - 8. Nodes that keep the length are left
 * out, but for the first and the last. `axis` 0 is height, 1 width.
 */
export function trailTo(wiring: Wiring, analysis: NetworkAnalysis, nodeId: string, axis: 0 | 1): readonly TrailStop[] {
  const stops: TrailStop[] = [];
  const seen = new Set<string>();
  for (let id: string | null = nodeId; id !== null && !seen.has(id); id = wiring.nodes.get(id)?.sources[0] ?? null) {
    seen.add(id);
    const shape = analysis.nodes.get(id)?.outputShape;
    if (shape?.length === 3) stops.unshift({ nodeId: id, length: shape[axis] ?? null });
  }
  return stops.filter(
    ({ length }, index) => index === 0 || index === stops.length - 1 || length !== stops[index - 1]?.length,
  );
}

/** Stops that are shown at each end of a long way. */
const shownEnds = 8;

/** `28 − 24 − 12`, each length once in a row; a very long way keeps its ends. */
export function trailText(trail: readonly TrailStop[]): string {
  const lengths = trail.map(({ length }) => (length === null ? '?' : String(length)));
  const changes = lengths.filter((length, index) => length !== lengths[index - 1]);
  const isLong = changes.length > 2 * shownEnds + 1;
  const shown = isLong ? [...changes.slice(0, shownEnds), '…', ...changes.slice(-shownEnds)] : changes;
  return shown.join(' − ');
}
