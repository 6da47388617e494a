import dagre, { type EdgeLabel, type GraphLabel, type NodeLabel } from '@dagrejs/dagre';
import type { Position } from '../schema/document';
import { layoutCell, type LayoutGraph } from './layoutGraph';

/** Canvas of a 1440 x 900 window with its panels open: what a network should fill when it is fitted to the view. */
const viewAspect = 1.5;
const shortestRow = 5;
/** Above this many nodes in one block, dagre's search for fewer crossings takes longer than a user waits for a drop. */
const dagreLimit = 160;

/** One node, or a block of parallel branches up to the node where they meet; laid out by itself, then set like a word. */
type Word = {
  readonly ids: readonly string[];
  /** Relative to the word's left end and to the line's axis. */
  readonly places: ReadonlyMap<string, Position>;
  readonly width: number;
  readonly above: number;
  readonly below: number;
  /** True after a pool or a strided layer, where the papers start a new line. */
  readonly endsStage: boolean;
};

/** Sets a network like a text: nodes and blocks are words, lines run left to right and break where the map shrinks. */
export function layoutRows(graph: LayoutGraph): ReadonlyMap<string, Position> {
  const words = splitWords(graph).map((ids) => layoutWord(graph, ids));
  const lineWidth = chooseLineWidth(words);
  const lines = breakLines(words, lineWidth);
  const positions = new Map<string, Position>();
  let axis = 0;
  let previousBelow = 0;
  for (const [row, line] of lines.entries()) {
    const above = Math.max(...line.map((word) => word.above));
    if (row > 0) axis += previousBelow + above + layoutCell.pitchY;
    previousBelow = Math.max(...line.map((word) => word.below));
    let left = 0;
    for (const word of line) {
      for (const [id, place] of word.places) positions.set(id, { x: left + place.x, y: axis + place.y });
      left += word.width;
    }
  }
  return positions;
}

/**
 * Breaks before single nodes, so that one wire leads to the next line and not a whole bundle; a stage that ends beyond the middle
 * ends its line.
 */
function breakLines(words: readonly Word[], lineWidth: number): readonly (readonly Word[])[] {
  const lines: Word[][] = [];
  let line: Word[] = [];
  let used = 0;
  for (const word of words) {
    const endsStage = line.at(-1)?.endsStage === true && used >= lineWidth * 0.6 && word.ids.length === 1;
    if (line.length > 0 && (endsStage || used + word.width > lineWidth)) {
      const last = line.at(-1);
      const carried = word.ids.length > 1 && line.length > 1 && last?.ids.length === 1 ? [last] : [];
      lines.push(carried.length > 0 ? line.slice(0, -1) : line);
      line = [...carried];
      used = carried.reduce((sum, { width }) => sum + width, 0);
    }
    line.push(word);
    used += word.width;
  }
  return line.length > 0 ? [...lines, line] : lines;
}

function chooseLineWidth(words: readonly Word[]): number {
  const area = words.reduce((sum, word) => sum + word.width * (word.above + word.below + layoutCell.pitchY), 0);
  // The node before a block comes with it to its line.
  const widest = Math.max(...words.map((word) => word.width), 0) + layoutCell.pitchX;
  return Math.max(shortestRow * layoutCell.pitchX, widest, Math.sqrt(area * viewAspect));
}

/**
 * Cuts the order at the nodes that every path goes through. A node is one if no wire reaches from before it to behind it.
 */
function splitWords(graph: LayoutGraph): readonly (readonly string[])[] {
  const index = new Map(graph.order.map((id, at) => [id, at]));
  const words: string[][] = [];
  let open: string[] = [];
  let reach = 0;
  for (const [at, id] of graph.order.entries()) {
    open.push(id);
    if (reach <= at) {
      words.push(open);
      open = [];
    }
    for (const next of graph.successors(id)) reach = Math.max(reach, index.get(next) ?? 0);
  }
  if (open.length > 0) words.push(open);
  return words;
}

function layoutWord(graph: LayoutGraph, ids: readonly string[]): Word {
  const last = ids.at(-1) ?? '';
  const places = ids.length === 1 ? new Map([[last, { x: 0, y: 0 }]]) : layoutBlock(graph, ids);
  const ys = [...places.values()].map(({ y }) => y);
  const xs = [...places.values()].map(({ x }) => x);
  return {
    ids,
    places,
    width: Math.max(...xs) + layoutCell.pitchX,
    above: -Math.min(0, ...ys),
    below: Math.max(0, ...ys),
    endsStage: shrinks(graph, last),
  };
}

function shrinks(graph: LayoutGraph, id: string): boolean {
  return graph.definition(id)?.traits.role === 'pooling';
}

/** Lays parallel branches out so that the node where they meet lies on the line's axis. */
function layoutBlock(graph: LayoutGraph, ids: readonly string[]): ReadonlyMap<string, Position> {
  const inside = new Set(ids);
  const entry = unusedId(inside);
  const wires = ids.flatMap((id) => {
    const sources = graph.predecessors(id);
    const own = sources.filter((from) => inside.has(from)).map((from) => ({ from, to: id }));
    return sources.some((from) => !inside.has(from)) ? [...own, { from: entry, to: id }] : own;
  });
  const places = ids.length <= dagreLimit ? placeByDagre(ids, entry, wires) : placeByRank(ids, entry, wires);
  const left = Math.min(...ids.map((id) => places.get(id)?.x ?? 0));
  const axis = places.get(ids.at(-1) ?? '')?.y ?? 0;
  return new Map(
    ids.map((id) => {
      const place = places.get(id) ?? { x: 0, y: 0 };
      return [id, { x: place.x - left, y: place.y - axis }];
    }),
  );
}

/** An id that no node has. */
function unusedId(ids: ReadonlySet<string>): string {
  let id = 'entry';
  while (ids.has(id)) id += ' ';
  return id;
}

type Wire = { readonly from: string; readonly to: string };

function placeByDagre(ids: readonly string[], entry: string, wires: readonly Wire[]): Map<string, Position> {
  const { nodeWidth, nodeHeight, pitchX, pitchY } = layoutCell;
  const graph = new dagre.graphlib.Graph<GraphLabel, NodeLabel, EdgeLabel>();
  graph.setGraph({
    rankdir: 'LR',
    ranksep: pitchX - nodeWidth,
    nodesep: pitchY - nodeHeight,
    edgesep: pitchY - nodeHeight,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  // The library keeps its nodes in plain objects, which ids like `constructor` and `__proto__` would reach into: it gets numbers.
  const names = new Map([entry, ...ids].map((id, index) => [id, `n${index}`]));
  const nameOf = (id: string): string => names.get(id) ?? '';
  for (const name of names.values()) graph.setNode(name, { width: nodeWidth, height: nodeHeight });
  // A heavy wire is kept short, so that a branch begins right behind the entry and its slack lies before the merge.
  const merge = ids.at(-1);
  for (const { from, to } of wires) graph.setEdge(nameOf(from), nameOf(to), { weight: to === merge ? 1 : 4 });
  dagre.layout(graph);
  return new Map(
    ids.map((id) => {
      const { x, y } = graph.node(nameOf(id));
      return [id, { x: x ?? 0, y: y ?? 0 }];
    }),
  );
}

/** Columns by longest path, lanes by first come: linear in the number of nodes. */
function placeByRank(ids: readonly string[], entry: string, wires: readonly Wire[]): Map<string, Position> {
  const rank = new Map<string, number>([[entry, -1]]);
  const sources = new Map<string, string[]>();
  for (const { from, to } of wires) sources.set(to, [...(sources.get(to) ?? []), from]);
  const lanes = new Map<number, number>();
  return new Map(
    ids.map((id) => {
      const column = Math.max(-1, ...(sources.get(id) ?? []).map((from) => rank.get(from) ?? -1)) + 1;
      rank.set(id, column);
      const lane = lanes.get(column) ?? 0;
      lanes.set(column, lane + 1);
      return [id, { x: column * layoutCell.pitchX, y: lane * layoutCell.pitchY }];
    }),
  );
}
