import { readParams } from '../layers/params';
import type { LayoutGraph } from './layoutGraph';

/** One line of a U: what comes down to it stands on the left, what goes up from it on the right, in the order of computation. */
export type Level = { readonly left: readonly string[]; readonly right: readonly string[] };

/** A network cut into the lines of a U, from the top to the turn. */
export type Levels = {
  readonly levels: readonly Level[];
  /** True where what changes the scale has a line of its own between the scales. */
  readonly isStaggered: boolean;
};

/** Of up to so many nodes a scale is set as one step, with its pool under it, not as a line. */
const stepLength = 2;

/**
 * Cuts an encoder-decoder into levels, one for each scale, so that a skip runs level across. Undefined for a network that is none: it has
 * no way up, or nothing that joins both sides.
 */
export function cutLevels(graph: LayoutGraph): Levels | undefined {
  const rising = risingFrom(graph);
  const turn = graph.order.find((id) => rising.has(id));
  if (turn === undefined || !hasSkip(graph, rising, turn)) return undefined;
  const way = ancestorsOf(graph, turn);
  const endsScale = [...way].some(
    (id) => scaleStep(graph, id) > 0 && graph.successors(id).some((next) => !way.has(next)),
  );
  const down = depthsDown(graph, way, endsScale);
  const sizes = new Map<number, number>();
  for (const id of way) {
    if (scaleStep(graph, id) === 0) sizes.set(down.get(id) ?? 0, (sizes.get(down.get(id) ?? 0) ?? 0) + 1);
  }
  const isStaggered = !endsScale && Math.max(0, ...sizes.values()) <= stepLength;
  const rows = new Map<string, number>();
  const sides = new Map<string, 'left' | 'right'>();
  const rowOf = (id: string): number => rows.get(id) ?? 0;
  for (const id of graph.order) {
    const sources = graph.predecessors(id);
    const step = scaleStep(graph, id);
    sides.set(id, rising.has(id) ? 'right' : 'left');
    if (way.has(id)) {
      const depth = down.get(id) ?? 0;
      rows.set(id, isStaggered ? 2 * depth - (step > 0 ? 1 : 0) : depth);
    } else if (!rising.has(id)) rows.set(id, Math.max(0, ...sources.map(rowOf)));
    else {
      const across = sources.filter((from) => !rising.has(from)).map(rowOf);
      const up = Math.min(...sources.filter((from) => rising.has(from)).map(rowOf));
      const row = across.length > 0 ? Math.max(...across) : up;
      // What enlarges stands on its way up; the first one ends the line at the turn.
      rows.set(id, isStaggered && step < 0 && id !== turn && across.length === 0 ? row - 1 : row);
    }
  }
  const used = [...new Set(graph.order.map(rowOf))].sort((a, b) => a - b);
  const levels = used.map((row) => {
    const ids = graph.order.filter((id) => rowOf(id) === row);
    return { left: ids.filter((id) => sides.get(id) === 'left'), right: ids.filter((id) => sides.get(id) === 'right') };
  });
  return { levels, isStaggered };
}

/**
 * Whether something from a finer scale than that of the turn is joined on the way up. What only widens a mean again to the size of its own
 * input, as a pyramid of windows does, is no way up.
 */
function hasSkip(graph: LayoutGraph, rising: ReadonlySet<string>, turn: string): boolean {
  const scales = scalesOf(graph, (id) => !rising.has(id));
  const scaleBefore = (id: string): number =>
    Math.max(0, ...graph.predecessors(id).map((from) => scales.get(from) ?? 0));
  const lowest = scaleBefore(turn);
  return graph.order.some((id) => {
    if (!rising.has(id)) return false;
    const sources = graph.predecessors(id);
    return (
      sources.some((from) => rising.has(from)) &&
      sources.some((from) => !rising.has(from) && (scales.get(from) ?? 0) < lowest)
    );
  });
}

/** Halvings between the input and what some nodes give, from the strides alone. */
export function scalesOf(graph: LayoutGraph, isAsked: (id: string) => boolean): ReadonlyMap<string, number> {
  const scales = new Map<string, number>();
  for (const id of graph.order) {
    if (!isAsked(id)) continue;
    const before = Math.max(0, ...graph.predecessors(id).map((from) => scales.get(from) ?? 0));
    scales.set(id, before + scaleStep(graph, id));
  }
  return scales;
}

/** Every node from the first one on that enlarges its map. */
function risingFrom(graph: LayoutGraph): ReadonlySet<string> {
  const rising = new Set<string>();
  for (const id of graph.order) {
    const rises = graph.definition(id)?.traits.enlarges === true;
    if (rises || graph.predecessors(id).some((from) => rising.has(from))) rising.add(id);
  }
  return rising;
}

function ancestorsOf(graph: LayoutGraph, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const stack = [...graph.predecessors(id)];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    stack.push(...graph.predecessors(next));
  }
  return found;
}

/**
 * On which scale each node of the way down stands: the halvings between it and the input, from the strides alone. A pool begins the next
 * scale as in U-Net, or ends its own where a skip starts from it as in the FCN.
 */
function depthsDown(graph: LayoutGraph, way: ReadonlySet<string>, endsScale: boolean): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const [id, after] of scalesOf(graph, (each) => way.has(each))) {
    const scale = endsScale ? Math.min(after - scaleStep(graph, id), after) : after;
    depths.set(id, Math.max(0, Math.round(scale)));
  }
  return depths;
}

/** Halvings that one node adds: log2 of the stride that its window makes in the map it reads, whatever that map's size. */
function scaleStep(graph: LayoutGraph, id: string): number {
  const [node, definition] = [graph.node(id), graph.definition(id)];
  if (node === undefined || definition === undefined) return 0;
  const params = readParams(definition, node.params, id);
  if (!params.ok) return 0;
  const open = [null, null, 1];
  const step = definition.receptiveField({ nodeId: id, params: params.value, inputs: [open], output: open });
  const halvings = typeof step === 'string' ? 0 : Math.log2(step.stride[0]);
  return Number.isFinite(halvings) ? halvings : 0;
}
