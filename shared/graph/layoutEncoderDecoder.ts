import type { Json, NetworkNode, Position } from './document';
import { layoutCell, type LayoutGraph } from './layoutGraph';

/** Nodes of one side of the U at one scale. */
type Level = { readonly depth: number; readonly ids: string[] };

/** Columns that a staircase may take before the levels are pushed together. */
const widestStaircase = 18;

/**
 * The U of the encoder-decoders: one line per scale, down on the left and up on the right, so that a skip runs level across.
 * Undefined for a network that is not one: it has no way up, or nothing that joins both sides.
 */
export function layoutEncoderDecoder(graph: LayoutGraph): ReadonlyMap<string, Position> | undefined {
  const depths = scaleDepths(graph);
  const ascending = markAscending(graph);
  const isMerge = (id: string): boolean => graph.predecessors(id).length > 1;
  const hasSkip = graph.order.some(
    (id) => isMerge(id) && ascending.has(id) && graph.predecessors(id).some((from) => !ascending.has(from)),
  );
  if (!hasSkip) return undefined;
  const depthOf = (id: string): number => depths.get(id) ?? 0;
  const down = levelsOf(
    graph.order.filter((id) => !ascending.has(id)),
    depthOf,
  );
  const up = levelsOf(
    graph.order.filter((id) => ascending.has(id)),
    depthOf,
  ).reverse();
  const stairs = place(graph, down, up, 'stairs');
  return stairs.columns <= widestStaircase ? stairs.positions : place(graph, down, up, 'packed').positions;
}

/** Groups ids by depth, shallow first, keeping their order. */
function levelsOf(ids: readonly string[], depthOf: (id: string) => number): Level[] {
  const byDepth = new Map<number, string[]>();
  for (const id of ids) {
    const level = byDepth.get(depthOf(id));
    if (level === undefined) byDepth.set(depthOf(id), [id]);
    else level.push(id);
  }
  return [...byDepth].sort(([a], [b]) => a - b).map(([depth, members]) => ({ depth, ids: members }));
}

/** How many halvings lie between the input and each node: the log2 of its jump, from the strides alone. */
function scaleDepths(graph: LayoutGraph): ReadonlyMap<string, number> {
  const jumps = new Map<string, number>();
  for (const id of graph.order) {
    const from = Math.max(0, ...graph.predecessors(id).map((source) => jumps.get(source) ?? 0));
    jumps.set(id, from + scaleStep(graph.node(id)));
  }
  return new Map([...jumps].map(([id, jump]) => [id, Math.round(jump)]));
}

function scaleStep(node: NetworkNode | undefined): number {
  switch (node?.kind) {
    case 'conv':
      return log2(node.params['strides'], 1);
    case 'pool':
      return log2(node.params['strides'] ?? node.params['poolSize'], 2);
    case 'upconv':
      return -log2(node.params['strides'], 2);
    case 'upsample':
      return -log2(node.params['factor'], 2);
    default:
      return 0;
  }
}

function log2(size: Json | undefined, fallback: number): number {
  const first: unknown = Array.isArray(size) ? size[0] : (size ?? fallback);
  return typeof first === 'number' && first >= 1 ? Math.log2(first) : 0;
}

/** Every node behind an up-conv or an upsample. */
function markAscending(graph: LayoutGraph): ReadonlySet<string> {
  const ascending = new Set<string>();
  for (const id of graph.order) {
    const kind = graph.node(id)?.kind;
    const rises = kind === 'upconv' || kind === 'upsample';
    if (rises || graph.predecessors(id).some((from) => ascending.has(from))) ascending.add(id);
  }
  return ascending;
}

type Placed = { readonly positions: ReadonlyMap<string, Position>; readonly columns: number };

function place(graph: LayoutGraph, down: readonly Level[], up: readonly Level[], form: 'stairs' | 'packed'): Placed {
  const cells = new Map<string, { column: number; lane: number; depth: number }>();
  const ends = new Map<number, number>();
  const lanes = new Map<number, number>();
  let start = 0;
  let end = 0;
  const set = (level: Level, at: number): void => {
    start = at;
    end = placeLevel(graph, level, at, cells, lanes);
    ends.set(level.depth, Math.max(ends.get(level.depth) ?? 0, end));
  };
  for (const [step, level] of down.entries()) {
    set(level, step === 0 ? 0 : form === 'stairs' ? end : start + 1);
  }
  for (const [step, level] of up.entries()) {
    const below = form === 'stairs' ? end : step === 0 ? end + 1 : start + 1;
    // Right of the same scale's encoder, with one column left free for the skip.
    set(level, Math.max(below, (ends.get(level.depth) ?? -2) + 2));
  }
  const tops = lineTops(lanes);
  let columns = 0;
  const positions = new Map<string, Position>();
  for (const [id, { column, lane, depth }] of cells) {
    columns = Math.max(columns, column + 1);
    const y = ((tops.get(depth) ?? 0) + lane) * layoutCell.pitchY;
    positions.set(id, { x: column * layoutCell.pitchX, y });
  }
  return { positions, columns };
}

/** Sets one level from column `at` on; branches at the same scale take lanes of their own. Gives the last column. */
function placeLevel(
  graph: LayoutGraph,
  level: Level,
  at: number,
  cells: Map<string, { column: number; lane: number; depth: number }>,
  lanes: Map<number, number>,
): number {
  const members = new Set(level.ids);
  const used = new Map<number, number>();
  let end = at;
  for (const id of level.ids) {
    const inside = graph.predecessors(id).filter((from) => members.has(from));
    const column = Math.max(at - 1, ...inside.map((from) => cells.get(from)?.column ?? at - 1)) + 1;
    const lane = used.get(column) ?? 0;
    used.set(column, lane + 1);
    cells.set(id, { column, lane, depth: level.depth });
    lanes.set(level.depth, Math.max(lanes.get(level.depth) ?? 1, lane + 1));
    end = Math.max(end, column);
  }
  return end;
}

/** The first lane of each scale's line. */
function lineTops(lanes: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const tops = new Map<number, number>();
  let top = 0;
  for (const depth of [...lanes.keys()].sort((a, b) => a - b)) {
    tops.set(depth, top);
    top += lanes.get(depth) ?? 1;
  }
  return tops;
}
