import { readParams } from '../layers/params';
import type { Position } from '../schema/document';
import { layoutCell, type LayoutGraph } from './layoutGraph';

/** Nodes of one side of the U at one scale. */
type Level = { readonly depth: number; readonly ids: string[] };

/** Columns by which each scale's line begins further in than the one above it: the slope of the U. */
const slope = 0.5;

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
  return place(graph, down, up);
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

/** On which line each node stands: the halvings between it and the input, the log2 of its jump, from the strides alone. */
function scaleDepths(graph: LayoutGraph): ReadonlyMap<string, number> {
  const jumps = new Map<string, number>();
  const depths = new Map<string, number>();
  for (const id of graph.order) {
    const from = Math.max(0, ...graph.predecessors(id).map((source) => jumps.get(source) ?? 0));
    const step = scaleStep(graph, id);
    jumps.set(id, from + step);
    // An up-conv ends the line of the scale that it reads, so that nothing stands between a skip and where it joins.
    depths.set(id, Math.round(step < 0 ? from : from + step));
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
  return typeof step === 'string' ? 0 : Math.log2(step.stride[0]);
}

/** Every node from the first one on that enlarges its map. */
function markAscending(graph: LayoutGraph): ReadonlySet<string> {
  const ascending = new Set<string>();
  for (const id of graph.order) {
    const rises = graph.definition(id)?.traits.enlarges === true;
    if (rises || graph.predecessors(id).some((from) => ascending.has(from))) ascending.add(id);
  }
  return ascending;
}

function place(graph: LayoutGraph, down: readonly Level[], up: readonly Level[]): ReadonlyMap<string, Position> {
  const cells = new Map<string, { column: number; lane: number; depth: number }>();
  const ends = new Map<number, number>();
  const lanes = new Map<number, number>();
  let start = 0;
  const set = (level: Level, at: number): void => {
    start = at;
    const end = placeLevel(graph, level, at, cells, lanes);
    ends.set(level.depth, Math.max(ends.get(level.depth) ?? 0, end));
  };
  for (const [step, level] of down.entries()) set(level, step === 0 ? 0 : start + slope);
  for (const level of up) {
    // Behind the same scale's encoder: with one column left free for the skip, or at once at the bottom of the U.
    const behind = ends.get(level.depth);
    const gap = level === up[0] ? 1 : 2;
    set(level, Math.max(start + slope, behind === undefined ? 0 : behind + gap));
  }
  const tops = lineTops(lanes);
  return new Map(
    [...cells].map(([id, { column, lane, depth }]) => {
      const y = ((tops.get(depth) ?? 0) + lane) * layoutCell.pitchY;
      return [id, { x: column * layoutCell.pitchX, y }];
    }),
  );
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
