import { findNode } from '../analysis/blocks';
import type { NetworkAnalysis } from '../analysis/types';
import { layoutCell, layoutNetwork } from '../layout/layoutNetwork';
import { throughPoints, type Ends } from '../layout/throughPoints';
import type { NetworkDocument } from '../schema/document';
import type { FigureOptions } from '../schema/figures';
import { formatCount, formatShape, text, type Language } from '../text';
import { drawFrame } from './drawFrame';
import { paint, rectangle, type Figure, type FigurePart, type Mark, type Paint, textWidth } from './figure';

const margin = 24;

/**
 * Draws a network as it is wired: each node with its name, main numbers, output shape and parameters, each wire as a curve. A block is
 * one node, as it was drawn. Positions are the document's own where every node has one, else the layout's.
 */
export function drawGraph(document: NetworkDocument, analysis: NetworkAnalysis, options: FigureOptions): Figure {
  const layout = layoutNetwork(document, analysis.layers);
  const isPlaced = document.nodes.every(({ position }) => position !== undefined);
  const places = new Map(
    document.nodes.map(({ id, position }) => [id, (isPlaced ? position : layout[id]) ?? { x: 0, y: 0 }]),
  );
  const box = { left: 0, top: 0, right: 0, bottom: 0 };
  // Without places of its own the network is laid out anew, and what was drawn around the old places says nothing.
  const frames = isPlaced ? (document.frames ?? []) : [];
  const take = (x: number, y: number): void => {
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x);
    box.bottom = Math.max(box.bottom, y);
  };
  for (const { x, y } of places.values()) take(x, y);
  for (const { position, size } of frames) {
    take(position.x, position.y);
    take(position.x + size.width - layoutCell.nodeWidth, position.y + size.height - layoutCell.nodeHeight);
  }
  for (const { via = [] } of isPlaced ? document.edges : []) for (const { x, y } of via) take(x, y);
  const wires = document.edges.flatMap(({ from, to, via = [] }): readonly Mark[] => {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) return [];
    const d = isPlaced && via.length > 0 ? throughPoints(endsOf(a, b), via).path : wirePath(a, b);
    return [{ type: 'path', d, stroke: paint('line'), width: 1.6 }];
  });
  return {
    title: document.name,
    frame: {
      x: box.left - margin,
      y: box.top - margin,
      width: box.right - box.left + layoutCell.nodeWidth + 2 * margin,
      height: box.bottom - box.top + layoutCell.nodeHeight + 2 * margin,
    },
    parts: [
      ...frames.map((frame): FigurePart => ({ nodes: [], marks: drawFrame(frame) })),
      { nodes: [], marks: wires },
      ...document.nodes.map(({ id, label }) =>
        nodePart(id, label, analysis, places.get(id) ?? { x: 0, y: 0 }, options),
      ),
    ],
  };
}

type Point = { readonly x: number; readonly y: number };

function endsOf(from: Point, to: Point): Ends {
  const { nodeWidth, nodeHeight } = layoutCell;
  const [sourceY, targetY] = [from.y + nodeHeight / 2, to.y + nodeHeight / 2];
  return { sourceX: from.x + nodeWidth, sourceY, targetX: to.x, targetY };
}

/** A curve from a node's right side to another's left; back to the next line it runs between the lines. */
function wirePath(from: Point, to: Point): string {
  const { nodeWidth, nodeHeight } = layoutCell;
  const [x1, y1] = [from.x + nodeWidth, from.y + nodeHeight / 2];
  const [x2, y2] = [to.x, to.y + nodeHeight / 2];
  if (x2 >= x1) {
    const bend = (x2 - x1) / 2;
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  const middle = y2 >= y1 ? y2 - nodeHeight / 2 - 18 : y1 - nodeHeight / 2 - 18;
  return `M${x1} ${y1}L${x1 + 14} ${y1}L${x1 + 14} ${middle}L${x2 - 14} ${middle}L${x2 - 14} ${y2}L${x2} ${y2}`;
}

function nodePart(
  id: string,
  ownName: string | undefined,
  analysis: NetworkAnalysis,
  { x, y }: Point,
  { shapes, language }: FigureOptions,
): FigurePart {
  const known = findNode(analysis, id);
  const colour = paint(known?.definition?.family ?? (analysis.blocks.has(id) ? 'io' : 'error'));
  const shape = known?.outputShape == null ? '' : formatShape(known.outputShape);
  const count = known?.paramCount == null || known.paramCount === 0 ? '' : formatCount(known.paramCount);
  const { nodeWidth, nodeHeight } = layoutCell;
  const write = (dx: number, dy: number, words: string, size: number, ink: Paint, anchor: 'start' | 'end'): Mark[] =>
    words === '' ? [] : [{ type: 'text', x: x + dx, y: y + dy, text: words, size, paint: ink, anchor }];
  // A long shape has its line to itself.
  const fits = textWidth(shape, 11.5) + textWidth(count, 11.5) + 32 < nodeWidth;
  const { title, caption } = wordsOf(known, language);
  return {
    nodes: [id],
    marks: [
      {
        type: 'path',
        d: rectangle({ x, y, width: nodeWidth, height: nodeHeight }, 10),
        fill: paint('ground'),
        stroke: paint('line', 0.5),
        width: 1,
        ...(analysis.bypassed.has(id) ? { dashes: '5 4' } : {}),
      },
      { type: 'path', d: rectangle({ x, y: y + 12, width: 3, height: nodeHeight - 24 }, 1.5), fill: colour },
      ...write(14, 24, ownName ?? (analysis.blocks.get(id)?.block || title), 13, colour, 'start').map((mark): Mark => ({
        ...mark,
        ...(mark.type === 'text' ? { isBold: true } : {}),
      })),
      ...write(14, 42, caption, 11.5, paint('mute'), 'start'),
      ...(shapes ? write(14, nodeHeight - 14, shape, 11.5, paint('ink'), 'start') : []),
      ...write(nodeWidth - 12, fits ? nodeHeight - 14 : 42, count, 11.5, paint('mute'), 'end'),
    ],
  };
}

function wordsOf(
  known: ReturnType<typeof findNode>,
  language: Language,
): { readonly title: string; readonly caption: string } {
  const { definition = null, params = null, kind = '' } = known ?? {};
  if (definition === null) return { title: kind, caption: '' };
  const title = (params === null ? null : definition.title?.(params)) ?? definition.label;
  const caption = params === null ? text('', '') : definition.caption(params);
  return { title: title[language], caption: caption[language] };
}
