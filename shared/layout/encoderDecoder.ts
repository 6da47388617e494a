import type { Position } from '../schema/document';
import { joinWords, layoutWord, splitWords, type Word } from './blocks';
import { layoutCell } from './geometry';
import type { LayoutGraph } from './layoutGraph';
import { cutLevels, type Level, type Levels } from './levels';
import { view } from './view';

/** How far a line begins behind the one before it: right under what leads to it, or by so many pixels, where that is too wide. */
type Slope = 'straight' | number;
type Slopes = { readonly down: Slope; readonly up: Slope };

/** From the one that a hand would draw to the one that takes the least room. */
const slopes: readonly Slopes[] = (['straight', layoutCell.pitchX / 2] as const).flatMap((up) =>
  (['straight', layoutCell.pitchX, layoutCell.pitchX / 2] as const).map((down) => ({ down, up })),
);
/** So much smaller than the smallest a U may be seen, to be drawn with straight ways. */
const worthwhile = 0.85;
/** Between the two sides of a line, for the skip. */
const skipRoom = layoutCell.pitchX / 2;
/** How far apart lines may be set so that the U fills the view, whose proportions are near to those of the published one. */
const widestPitch = 3;

/** The two sides of a level, laid out by themselves. */
type Line = { readonly left: Word; readonly right: Word };

/**
 * The U of the encoder-decoders: one line per scale, down on the left and up on the right, so that a skip runs level across. Undefined for
 * a network that is not one.
 */
export function layoutEncoderDecoder(graph: LayoutGraph): ReadonlyMap<string, Position> | undefined {
  const cut = cutLevels(graph);
  if (cut === undefined) return undefined;
  const lines = cut.levels.map(({ left, right }): Line => ({ left: lineOf(graph, left), right: lineOf(graph, right) }));
  const tries = slopes.map((slope) => placeColumns(graph, cut, lines, slope));
  const zoomOf = (xs: ReadonlyMap<string, number>): number => {
    const width = Math.max(...xs.values()) + layoutCell.nodeWidth;
    return Math.min(view.width / width, view.height / heightOf(lines));
  };
  const best = Math.max(...tries.map(zoomOf));
  const columns = tries.find((xs) => zoomOf(xs) >= worthwhile * best) ?? new Map<string, number>();
  return placeRows(lines, columns);
}

/** What a level holds at one side, one behind the other. Wires to other levels do not count. */
function lineOf(graph: LayoutGraph, ids: readonly string[]): Word {
  const inside = new Set(ids);
  const own: LayoutGraph = {
    ...graph,
    successors: (id) => graph.successors(id).filter((next) => inside.has(next)),
    predecessors: (id) => graph.predecessors(id).filter((from) => inside.has(from)),
  };
  return joinWords(splitWords(own, ids).map((word) => layoutWord(own, word)));
}

function placeColumns(
  graph: LayoutGraph,
  { levels }: Levels,
  lines: readonly Line[],
  { down, up }: Slopes,
): ReadonlyMap<string, number> {
  const xs = new Map<string, number>();
  const put = (word: Word, start: number): void => {
    for (const [id, { x }] of word.places) xs.set(id, start + x);
  };
  const ends: number[] = [];
  let before = 0;
  for (const [row, { left }] of lines.entries()) {
    const [first] = levels[row]?.left ?? [];
    const feeder = first === undefined ? undefined : graph.predecessors(first).find((id) => xs.has(id));
    const start = feeder === undefined ? before : down === 'straight' ? (xs.get(feeder) ?? 0) : before + down;
    put(left, start);
    ends.push(start + left.width);
    if (left.width > 0) before = start;
  }
  for (const row of [...lines.keys()].reverse()) {
    const right = lines[row]?.right;
    if (right === undefined || right.width === 0) continue;
    const least = (ends[row] ?? 0) + (row === lines.length - 1 ? 0 : skipRoom);
    const anchor = anchorOf(graph, levels, row, xs);
    const above = anchor === undefined ? 0 : (xs.get(anchor.feeder) ?? 0);
    if (anchor === undefined) put(right, least);
    else if (up === 'straight') {
      const start = above - (right.places.get(anchor.id)?.x ?? 0);
      if (start < least) moveRight(graph, levels, anchor.feeder, least - start, xs);
      put(right, Math.max(start, least));
    } else {
      const below = levels[anchor.row]?.right[0];
      const start = Math.max(least, (below === undefined ? 0 : (xs.get(below) ?? 0)) + up);
      const overhang = start + (right.places.get(anchor.id)?.x ?? 0) - above;
      // What leads up stands under what it leads to, or behind it.
      if (overhang > 0) moveRight(graph, levels, anchor.feeder, overhang, xs);
      put(right, start);
    }
  }
  return xs;
}

/** The node of a level's right side that is set above what leads up to it: the last of those, which joins both. */
function anchorOf(
  graph: LayoutGraph,
  levels: readonly Level[],
  row: number,
  placed: ReadonlyMap<string, number>,
): { readonly id: string; readonly feeder: string; readonly row: number } | undefined {
  for (const id of [...(levels[row]?.right ?? [])].reverse()) {
    for (const feeder of graph.predecessors(id)) {
      const from = levels.findIndex((level, at) => at > row && level.right.includes(feeder));
      if (from >= 0 && placed.has(feeder)) return { id, feeder, row: from };
    }
  }
  return undefined;
}

/** Moves a node of the right side, what stands behind it, and what leads straight up to it from below. */
function moveRight(
  graph: LayoutGraph,
  levels: readonly Level[],
  id: string,
  by: number,
  xs: Map<string, number>,
): void {
  const row = levels.findIndex(({ right }) => right.includes(id));
  const from = xs.get(id) ?? 0;
  const anchor = anchorOf(graph, levels, row, xs);
  const isAnchorMoved = anchor !== undefined && (xs.get(anchor.id) ?? 0) >= from;
  for (const other of levels[row]?.right ?? []) {
    const x = xs.get(other);
    if (x !== undefined && x >= from) xs.set(other, x + by);
  }
  if (isAnchorMoved) moveRight(graph, levels, anchor.feeder, by, xs);
}

/** How high the lines are when they are set as close as lines are. */
function heightOf(lines: readonly Line[]): number {
  return axesOf(lines, 0).at(-1) ?? 0;
}

/** The axis of each line, at least so far apart. */
function axesOf(lines: readonly Line[], pitch: number): readonly number[] {
  const axes: number[] = [];
  for (const [row, line] of lines.entries()) {
    const before = lines[row - 1];
    const above = Math.max(line.left.above, line.right.above);
    const below = before === undefined ? 0 : Math.max(before.left.below, before.right.below);
    axes.push(before === undefined ? 0 : (axes.at(-1) ?? 0) + Math.max(pitch, below + above + layoutCell.pitchY));
  }
  return axes;
}

function placeRows(lines: readonly Line[], columns: ReadonlyMap<string, number>): ReadonlyMap<string, Position> {
  const width = Math.max(...columns.values()) + layoutCell.nodeWidth;
  const wanted = ((width * view.height) / view.width - layoutCell.nodeHeight) / Math.max(1, lines.length - 1);
  const axes = axesOf(lines, Math.min(wanted, widestPitch * layoutCell.pitchY));
  const places = new Map<string, Position>();
  for (const [row, { left, right }] of lines.entries()) {
    for (const word of [left, right]) {
      for (const [id, { y }] of word.places) places.set(id, { x: columns.get(id) ?? 0, y: y + (axes[row] ?? 0) });
    }
  }
  return places;
}
