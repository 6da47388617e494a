import { formatHeat, heatOfGroups, type HeatMap } from '../analysis/heat';
import type { NetworkAnalysis } from '../analysis/types';
import type { NetworkDocument } from '../schema/document';
import type { FigureOptions } from '../schema/figures';
import { formatShare } from '../text';
import {
  paint,
  polygon,
  rectangle,
  textWidth,
  type Box,
  type Figure,
  type FigurePart,
  type Mark,
  type Paint,
} from './figure';
import { drawHeatLegend, heatPaint } from './heatLegend';
import { labelSize, placeVolumes, type PlacedGraph, type PlacedVolume } from './place';
import { scaleNotes } from './scale';
import { entrySize, faces, leastWidth, legendOf, sumSign } from './volumeLegend';
import { readVolumes, type VolumeGraph } from './volumes';
import { drawFlows, pastRow } from './ways';

const margin = 14;
const leastShare = 0.01;
const ink = paint('ink');
const mute = paint('mute');

/** Draws a network's maps as volumes to scale, as papers do. */
export function drawVolumes(document: NetworkDocument, analysis: NetworkAnalysis, options: FigureOptions): Figure {
  const graph = readVolumes(document, analysis);
  const heat = options.heat === 'none' ? null : heatOfGroups(analysis, groupsOf(graph), options.heat, options.measured);
  const placed = placeVolumes(graph, options, heat === null ? new Map() : notesOf(options.heat, heat));
  const legend = legendOf(placed, options.language, heat !== null);
  const flows = drawFlows(placed, legend.dashes);
  const parts = [
    ...flows.below,
    ...placed.volumes.map((volume) => drawVolume(volume, placed.style, heat)),
    ...flows.above,
  ];
  const bounds = boundsOf(placed, flows.top);
  const width = Math.max(bounds.width, leastWidth, options.legend ? legend.least : 0);
  const left = bounds.x - (width - bounds.width) / 2;
  const below = bounds.y + bounds.height + 12;
  const own = options.legend
    ? legend.draw({ x: left, y: below, width }, scaleNotes[options.scale][options.language])
    : { marks: [], bottom: bounds.y + bounds.height };
  const scale =
    heat === null || options.heat === 'none' || !options.legend
      ? null
      : drawHeatLegend(heat, options.heat, options.language, { x: left, y: own.bottom + 6, size: entrySize });
  const lines = scale === null ? own : { marks: [...own.marks, ...scale.marks], bottom: scale.bottom };
  return {
    title: document.name,
    frame: {
      x: left - margin,
      y: bounds.y - margin,
      width: width + 2 * margin,
      height: lines.bottom - bounds.y + 2 * margin,
    },
    parts: [...parts, { nodes: [], marks: lines.marks }],
  };
}

/** The flat nodes behind each thing that is drawn: volumes, and what is done on the way between two. */
function groupsOf({ volumes, flows }: VolumeGraph): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ...volumes.map(({ id, nodes }) => [id, nodes] as const),
    ...flows.map(({ from, to, nodes }) => [`${from} → ${to}`, nodes] as const),
  ]);
}

/** What a run measured of a volume; else its share, where it is some of the whole: small ones would hide the few that matter. */
function notesOf(measure: FigureOptions['heat'], { values }: HeatMap): ReadonlyMap<string, string> {
  return new Map(
    [...values].flatMap(([id, { share, value }]) => {
      if (share === null) return measure === 'none' ? [] : [[id, formatHeat(measure, value)]];
      return share < leastShare ? [] : [[id, formatShare(share)]];
    }),
  );
}

/** The edges of all that is drawn, labels included. */
function boundsOf({ volumes, rows }: PlacedGraph, top: number): Box {
  const bounds = { left: 0, right: 0, top, bottom: 0 };
  if (rows.length > 1) {
    bounds.left = -margin;
    bounds.right = Math.max(...rows.map(({ right }) => right)) + pastRow + 6;
  }
  for (const { front, back, channelsLabel, sizeLabel, name, note } of volumes) {
    const middle = front.x + front.width / 2;
    const half = Math.max(textWidth(channelsLabel, labelSize.channels), textWidth(sizeLabel, labelSize.map)) / 2;
    bounds.left = Math.min(bounds.left, front.x, middle - half);
    bounds.right = Math.max(bounds.right, front.x + front.width + back.x, middle + half);
    bounds.top = Math.min(bounds.top, front.y - back.y - (channelsLabel === '' ? 0 : 12));
    bounds.bottom = Math.max(
      bounds.bottom,
      front.y + front.height + (sizeLabel === '' ? 0 : 12) + lineRoom(name) + lineRoom(note),
    );
  }
  const { left, right, bottom } = bounds;
  return { x: left, y: bounds.top, width: right - left, height: bottom - bounds.top };
}

function drawVolume(volume: PlacedVolume, style: PlacedGraph['style'], heat: HeatMap | null): FigurePart {
  const { front, back, family, nodes, name, note } = volume;
  const level = heat?.values.get(volume.id)?.level ?? 0;
  /** A face in the family's colour, or as hot as the volume is, with the faces still told apart. */
  const face = (strength: number): Paint =>
    heat === null ? paint(family, strength) : heatPaint(Math.min(1, level * (0.75 + strength / 2)));
  const [x, y, right, bottom] = [front.x, front.y, front.x + front.width, front.y + front.height];
  const edge = { stroke: paint(volume.shape === null ? 'error' : family), width: 0.7 } as const;
  if (volume.joins === 'sum')
    return { nodes, marks: sumSign(x + front.width / 2, y + front.height / 2, front.width / 2) };
  const marks: Mark[] = [];
  if (style === 'boxes') {
    const top = polygon([
      [x, y],
      [x + back.x, y - back.y],
      [right + back.x, y - back.y],
      [right, y],
    ]);
    const side = polygon([
      [right, y],
      [right + back.x, y - back.y],
      [right + back.x, bottom - back.y],
      [right, bottom],
    ]);
    marks.push({ type: 'path', d: top, fill: face(faces.top), ...edge });
    marks.push({ type: 'path', d: side, fill: face(faces.side), ...edge });
  }
  const strength = style === 'boxes' ? faces.front : faces.bar;
  marks.push({ type: 'path', d: rectangle(front), fill: face(strength), ...edge });
  if (heat === null) marks.push(...drawParts(volume));
  marks.push(...drawLabels(volume));
  // A share stands below the line of sizes: that of the map before reaches under this one.
  let baseline = bottom + (volume.sizeLabel === '' && note === '' ? 0 : 11);
  for (const [words, colour] of [
    [name, mute],
    [note, ink],
  ] as const) {
    if (words === '') continue;
    baseline += 11;
    marks.push(label(words, x + front.width / 2, baseline, labelSize.map, colour));
  }
  return { nodes, marks };
}

/** The parts of a stack: what was copied is left white, as U-Net's figure has it. */
function drawParts({ parts, front, family }: PlacedVolume): readonly Mark[] {
  const total = parts.reduce((sum, { channels }) => sum + channels, 0);
  if (total === 0) return [];
  let x = front.x;
  return parts.map(({ channels, isCopied }) => {
    const width = (front.width * channels) / total;
    const box = { x, y: front.y, width, height: front.height };
    x += width;
    const fill = isCopied ? paint('ground') : paint('upconv', faces.bar);
    return { type: 'path', d: rectangle(box), fill, stroke: paint(family), width: 0.7 };
  });
}

function drawLabels({ front, back, channelsLabel, sizeLabel }: PlacedVolume): readonly Mark[] {
  const middle = front.x + front.width / 2;
  const marks: Mark[] = [];
  if (channelsLabel !== '')
    marks.push(label(channelsLabel, middle + back.x, front.y - back.y - 3, labelSize.channels, ink));
  if (sizeLabel !== '') marks.push(label(sizeLabel, middle, front.y + front.height + 10, labelSize.map, mute));
  return marks;
}

function lineRoom(words: string): number {
  return words === '' ? 0 : 11;
}

function label(text: string, x: number, y: number, size: number, colour: typeof ink): Mark {
  return { type: 'text', x, y, text, size, paint: colour, anchor: 'middle' };
}
