import { findNode } from '../analysis/blocks';
import type { NetworkAnalysis } from '../analysis/types';
import { drawDocument, drawingExtent } from '../layout/drawing';
import { layoutNetwork } from '../layout/layoutNetwork';
import type { NetworkDocument, Position } from '../schema/document';
import type { FigureOptions } from '../schema/figures';
import { formatCount, formatShape, text, type Language } from '../text';
import { paint, rectangle, type Box, type Figure, type FigurePart, type Mark, type Paint, textWidth } from './figure';

const margin = 24;

/**
 * Draws a network as it is wired: each node with its name, main numbers, output shape and parameters, each wire as on the canvas. A block is
 * one node, as it was drawn. Positions are the document's own where every node has one, else the layout's.
 */
export function drawGraph(document: NetworkDocument, analysis: NetworkAnalysis, options: FigureOptions): Figure {
  const layout = layoutNetwork(document, analysis.layers);
  const isPlaced = document.nodes.every(({ position }) => position !== undefined);
  const places = Object.fromEntries(
    document.nodes.map(({ id, position }): [string, Position] => [
      id,
      (isPlaced ? position : layout[id]) ?? { x: 0, y: 0 },
    ]),
  );
  const drawing = drawDocument(document, places, analysis.layers);
  const { left, top, right, bottom } = drawingExtent(drawing, margin);
  const wires = [...drawing.wires.values()].map(({ route }): Mark => ({
    type: 'path',
    d: route.path,
    stroke: paint('line'),
    width: 1.6,
  }));
  return {
    title: document.name,
    frame: { x: left, y: top, width: right - left, height: bottom - top },
    parts: [
      { nodes: [], marks: wires },
      ...document.nodes.flatMap(({ id, label }) => {
        const box = drawing.nodes.get(id);
        return box === undefined ? [] : [nodePart(id, label, analysis, box, options)];
      }),
    ],
  };
}

function nodePart(
  id: string,
  ownName: string | undefined,
  analysis: NetworkAnalysis,
  { x, y, width: nodeWidth, height: nodeHeight }: Box,
  { shapes, language }: FigureOptions,
): FigurePart {
  const known = findNode(analysis, id);
  const colour = paint(known?.definition?.family ?? (analysis.blocks.has(id) ? 'io' : 'error'));
  const shape = known?.outputShape == null ? '' : formatShape(known.outputShape);
  const count = known?.paramCount == null || known.paramCount === 0 ? '' : formatCount(known.paramCount);
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
