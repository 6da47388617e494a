import { findNode } from '../analysis/blocks';
import { heatOf, heatText, type HeatMap, type HeatMeasure, type NodeHeat } from '../analysis/heat';
import type { NetworkAnalysis } from '../analysis/types';
import { drawDocument, drawingExtent, type DrawnWire } from '../layout/drawing';
import { areaOfFrame } from '../layout/frames';
import { wireGap, type Side } from '../layout/geometry';
import { layoutCell, layoutNetwork } from '../layout/layoutNetwork';
import { shortenText } from '../layout/textWidth';
import type { NetworkDocument, Position } from '../schema/document';
import type { FigureOptions } from '../schema/figures';
import { formatCount, formatShape, text, type Language } from '../text';
import {
  paint,
  polygon,
  rectangle,
  type Box,
  type Figure,
  type FigurePart,
  type Mark,
  type Paint,
  textWidth,
} from './figure';
import { drawFrame } from './drawFrame';
import { drawHeatLegend, heatPaint } from './heatLegend';
import { drawWireLegend, wireWidth } from './wireWidth';

const margin = 24;

/**
 * Draws a network as it is wired: each node with its name, main numbers, output shape and parameters, each wire as on the canvas, as strong
 * as its channels are many. A block is one node, as it was drawn. Positions are the document's own where every node has one, else the layout's.
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
  // Without places of its own the network is laid out anew, and what was drawn around the old places says nothing.
  const frames = isPlaced ? (document.frames ?? []) : [];
  const edges = isPlaced ? document.edges : document.edges.map(({ via: _, ...edge }) => edge);
  const drawing = drawDocument({ ...document, edges }, places, analysis.layers);
  const { left, top, right, bottom } = drawingExtent(drawing, margin, frames.map(areaOfFrame));
  const wires = [...drawing.wires].flatMap(([{ from }, wire]): readonly Mark[] => {
    const width = wireWidth(findNode(analysis, from)?.outputShape ?? null);
    return [{ type: 'path', d: wire.route.path, stroke: paint('line'), width }, headOf(wire, width)];
  });
  const measure = options.heat === 'none' ? null : options.heat;
  const heat = measure === null ? null : heatOf(analysis, measure, options.measured);
  const hasLegend = options.legend && (document.edges.length > 0 || measure !== null);
  const legend = hasLegend ? legendOf(measure, heat, options.language, { x: left + margin, y: bottom }) : null;
  const width = Math.max(right - left, (legend?.width ?? 0) + 2 * margin);
  return {
    title: document.name,
    frame: { x: left, y: top, width, height: legend === null ? bottom - top : legend.bottom + margin - top },
    parts: [
      ...frames.map((frame): FigurePart => ({ nodes: [], marks: drawFrame(frame) })),
      { nodes: [], marks: wires },
      ...document.nodes.flatMap(({ id, label }) => {
        const box = drawing.nodes.get(id);
        const own = heat?.values.get(id);
        const hot = measure === null || own === undefined ? null : { ...own, measure };
        return box === undefined ? [] : [nodePart({ id, ownName: label, hot }, analysis, box, options)];
      }),
      ...(legend === null ? [] : [{ nodes: [], marks: legend.marks }]),
    ],
  };
}

/** Into a node, by the side that a wire comes to. */
const inwards: Readonly<Record<Side, readonly [number, number]>> = {
  left: [1, 0],
  right: [-1, 0],
  top: [0, 1],
  bottom: [0, -1],
};

/** The head of a wire, where the canvas has a port: from where the wire ends to the node's edge. */
function headOf({ route, to: { side } }: DrawnWire, width: number): Mark {
  const [dx, dy] = inwards[side];
  const { x, y } = route.points.at(-1) ?? { x: 0, y: 0 };
  const [tipX, tipY] = [x + dx * (wireGap - headGap), y + dy * (wireGap - headGap)];
  const half = 2.4 + width / 2;
  const [baseX, baseY] = [tipX - dx * headLength, tipY - dy * headLength];
  const corners = [
    [tipX, tipY],
    [baseX - dy * half, baseY - dx * half],
    [baseX + dy * half, baseY + dx * half],
  ] as const;
  return { type: 'path', d: polygon(corners), fill: paint('line') };
}

const headLength = 7;
const headGap = 1;

const legendSize = 12;

/** What the strength of wires says, and the scale of the heat if there is one. */
function legendOf(
  measure: HeatMeasure | null,
  heat: HeatMap | null,
  language: Language,
  { x, y }: Point,
): { readonly marks: readonly Mark[]; readonly width: number; readonly bottom: number } {
  const wires = drawWireLegend(language, { x, y: y + legendSize, size: legendSize });
  const bottom = y + legendSize * 1.4;
  if (measure === null || heat === null) return { ...wires, bottom };
  const scale = drawHeatLegend(heat, measure, language, { x, y: bottom + legendSize, size: legendSize });
  return { ...scale, marks: [...wires.marks, ...scale.marks], width: Math.max(wires.width, scale.width) };
}

type Point = { readonly x: number; readonly y: number };

/** A node as it is to be drawn: under the user's own name if it has one, as hot as it is if that is asked for. */
type DrawnNode = {
  readonly id: string;
  readonly ownName: string | undefined;
  readonly hot: (NodeHeat & { readonly measure: HeatMeasure }) | null;
};

/** Between the margins of a card. */
const textRoom = layoutCell.nodeWidth - 14 - 10;
const titleSize = 13;

function nodePart(
  { id, ownName, hot }: DrawnNode,
  analysis: NetworkAnalysis,
  { x, y, width: nodeWidth, height: nodeHeight }: Box,
  { shapes, language, heat }: FigureOptions,
): FigurePart {
  const known = findNode(analysis, id);
  const colour = paint(known?.definition?.family ?? (analysis.blocks.has(id) ? 'io' : 'error'));
  const shape = known?.outputShape == null ? '' : formatShape(known.outputShape);
  const parameters = known?.paramCount == null || known.paramCount === 0 ? '' : formatCount(known.paramCount);
  const count = heat === 'none' ? parameters : hot === null ? '' : heatText(hot.measure, hot);
  const write = (dx: number, dy: number, words: string, size: number, ink: Paint, anchor: 'start' | 'end'): Mark[] =>
    words === '' ? [] : [{ type: 'text', x: x + dx, y: y + dy, text: words, size, paint: ink, anchor }];
  // A long shape has its line to itself.
  const fits = textWidth(shape, 11.5) + textWidth(count, 11.5) + 32 < nodeWidth;
  const { title, caption } = wordsOf(known, language);
  const block = analysis.blocks.get(id);
  const times = block !== undefined && block.repeat > 1 ? ` × ${block.repeat}` : '';
  const name = shortenText(ownName ?? (block?.block || title), titleSize, textRoom - textWidth(times, titleSize));
  // On a hot ground only ink is legible.
  const [strong, quiet] = hot === null ? [colour, paint('mute')] : [paint('ink'), paint('ink')];
  return {
    nodes: [id],
    marks: [
      {
        type: 'path',
        d: rectangle({ x, y, width: nodeWidth, height: nodeHeight }, 10),
        fill: hot === null ? paint('ground') : heatPaint(hot.level),
        stroke: paint('line', 0.5),
        width: 1,
        ...(analysis.bypassed.has(id) ? { dashes: '5 4' } : {}),
      },
      { type: 'path', d: rectangle({ x, y: y + 12, width: 3, height: nodeHeight - 24 }, 1.5), fill: colour },
      ...write(14, 24, `${name}${times}`, titleSize, strong, 'start').map((mark): Mark => ({
        ...mark,
        ...(mark.type === 'text' ? { isBold: true } : {}),
      })),
      ...write(14, 42, shortenText(caption, 11.5, textRoom), 11.5, quiet, 'start'),
      ...(shapes ? write(14, nodeHeight - 14, shape, 11.5, paint('ink'), 'start') : []),
      ...write(nodeWidth - 12, fits ? nodeHeight - 14 : 42, count, 11.5, quiet, 'end'),
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
