import type { Position } from '../schema/document';
import { joinWords, layoutWord, measureWords, splitWords, type Word } from './blocks';
import { layoutCell } from './geometry';
import type { LayoutGraph } from './layoutGraph';
import { view } from './view';

const shortestRow = 5;

/** A word and whether a line may end behind it. */
type Piece = Word & {
  /** True after a pool or a strided layer, where the papers start a new line. */
  readonly endsStage: boolean;
};

/** Sets a network like a text: nodes and blocks are words, lines run left to right and break where the map shrinks. */
export function layoutRows(graph: LayoutGraph): ReadonlyMap<string, Position> {
  const words = splitWords(graph, graph.order).map((ids): Piece => ({
    ...layoutWord(graph, ids),
    endsStage: graph.definition(ids.at(-1) ?? '')?.traits.role === 'pooling',
  }));
  const widest = words.reduce((most, { width }) => Math.max(most, width), 0);
  const usual = usualLineWidth(words);
  // The node before a block comes with it to its line.
  const widths = [...stretches.map((stretch) => Math.max(widest + layoutCell.pitchX, usual * stretch)), Infinity];
  const tries = widths.map((width) => measurePage(breakLines(words, width)));
  const best = tries.reduce((a, b) => (worthOf(b) > worthOf(a) + 1e-6 ? b : a));
  return setLines(best);
}

/** Line widths that are tried, in units of what the area asks for. */
const stretches = [1, 1.2, 1.4, 0.85] as const;

type Page = {
  readonly lines: readonly (readonly Piece[])[];
  /** Of each line, where its axis is. */
  readonly axes: readonly number[];
  readonly zoom: number;
  readonly isRagged: boolean;
};

/** How large the page is seen; less where its last line holds a single node. */
function worthOf({ zoom, isRagged }: Page): number {
  return zoom * (isRagged ? 0.75 : 1);
}

/** How lines below each other would be seen: most pages are tried and not set. */
function measurePage(lines: readonly (readonly Piece[])[]): Page {
  const axes: number[] = [];
  let [axis, previousBelow, width] = [0, 0, 0];
  for (const [row, line] of lines.entries()) {
    const size = measureWords(line);
    if (row > 0) axis += previousBelow + size.above + layoutCell.pitchY;
    previousBelow = size.below;
    width = Math.max(width, size.width);
    axes.push(axis);
  }
  const height = axis + previousBelow + layoutCell.nodeHeight;
  const isRagged = lines.length > 1 && lines.at(-1)?.length === 1 && lines.at(-1)?.[0]?.ids.length === 1;
  return { lines, axes, zoom: Math.min(1, view.width / width, view.height / height), isRagged };
}

/** Sets lines below each other. */
function setLines({ lines, axes }: Page): ReadonlyMap<string, Position> {
  const places = new Map<string, Position>();
  for (const [row, line] of lines.entries()) {
    const axis = axes[row] ?? 0;
    for (const [id, { x, y }] of joinWords(line).places) places.set(id, { x, y: axis + y });
  }
  return places;
}

/**
 * Breaks before single nodes, so that one wire leads to the next line and not a whole bundle; a stage that ends beyond the middle
 * ends its line.
 */
function breakLines(words: readonly Piece[], lineWidth: number): readonly (readonly Piece[])[] {
  const lines: Piece[][] = [];
  let line: Piece[] = [];
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

/** The width at which lines fill a page of the view's aspect. */
function usualLineWidth(words: readonly Piece[]): number {
  const area = words.reduce((sum, word) => sum + word.width * (word.above + word.below + layoutCell.pitchY), 0);
  return Math.max(shortestRow * layoutCell.pitchX, Math.sqrt((area * view.width) / view.height));
}
