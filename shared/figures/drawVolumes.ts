import { heatOfGroups, type HeatMap } from '../analysis/heat';
import type { NetworkAnalysis } from '../analysis/types';
import type { NetworkDocument } from '../schema/document';
import type { FigureOptions } from '../schema/figures';
import { formatShare, type Language } from '../text';
import {
  arrow,
  circle,
  paint,
  polygon,
  rectangle,
  round,
  textWidth,
  type Box,
  type Figure,
  type FigurePart,
  type Mark,
  type Paint,
} from './figure';
import { drawHeatLegend, heatPaint } from './heatLegend';
import { nameOperations, type Operation } from './operation';
import { arcRoom, labelSize, placeVolumes, type PlacedGraph, type PlacedVolume } from './place';
import { scaleNotes } from './scale';
import { readVolumes, type Flow, type VolumeGraph } from './volumes';

const margin = 14;
const leastShare = 0.01;
const ink = paint('ink');
const mute = paint('mute');

/** Draws a network's maps as volumes to scale, as papers do. */
export function drawVolumes(document: NetworkDocument, analysis: NetworkAnalysis, options: FigureOptions): Figure {
  const graph = readVolumes(document, analysis);
  const heat = options.heat === 'none' ? null : heatOfGroups(analysis, groupsOf(graph), options.heat, options.times);
  const placed = placeVolumes(graph, options, heat === null ? new Map() : sharesOf(heat));
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

/** A volume's share is said where it is some of the whole: small ones would hide the few that matter. */
function sharesOf({ values }: HeatMap): ReadonlyMap<string, string> {
  return new Map([...values].flatMap(([id, { share }]) => (share < leastShare ? [] : [[id, formatShare(share)]])));
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

/** How much of its colour each face of a box has: what faces the reader, the top, the side. */
const faces = { front: 0.34, top: 0.2, side: 0.5, bar: 0.3 } as const;

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

function sumSign(x: number, y: number, radius: number): readonly Mark[] {
  const arm = radius * 0.5;
  const cross = `M${round(x - arm)} ${round(y)}L${round(x + arm)} ${round(y)}M${round(x)} ${round(y - arm)}L${round(x)} ${round(y + arm)}`;
  return [
    { type: 'path', d: circle(x, y, radius), fill: paint('ground'), stroke: ink, width: 0.9 },
    { type: 'path', d: cross, stroke: ink, width: 0.9 },
  ];
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

type Dashes = (operation: Operation, isSkip: boolean) => string | undefined;

/** Arrows in the colours of what is done. `top`: how high they reach. */
function drawFlows(
  placed: PlacedGraph,
  dashes: Dashes,
): { readonly below: readonly FigurePart[]; readonly above: readonly FigurePart[]; readonly top: number } {
  const byId = new Map(placed.volumes.map((volume) => [volume.id, volume]));
  const arcs = createArcs(placed);
  const parts: FigurePart[] = [];
  const above: FigurePart[] = [];
  for (const flow of placed.flows) {
    const [from, to] = [byId.get(flow.from), byId.get(flow.to)];
    if (from === undefined || to === undefined) continue;
    const colour = flow.isSkip || to.joins === 'sum' || placed.style === 'boxes' ? mute : paint(flow.operation.family);
    const points =
      from.row !== to.row
        ? rowRoute(flow.isSkip, from, to, placed)
        : flow.isSkip
          ? placed.isU && from.line !== to.line
            ? mainRoute(from, to, placed)
            : arcs.route(flow, from, to)
          : mainRoute(from, to, placed);
    const isHidden = points.length < 2;
    const marks = isHidden ? [] : arrow(points, colour, flow.isSkip ? 1 : 1.3, dashes(flow.operation, flow.isSkip));
    const into = flow.isSkip || placed.style === 'boxes' ? above : parts;
    if (marks.length > 0) into.push({ nodes: flow.nodes, marks });
  }
  return { below: parts, above, top: arcs.top() };
}

type Points = readonly (readonly [number, number])[];

/** Where what comes from above ends: over the number of channels, which it must not strike out. */
function overLabel({ front, back, channelsLabel }: PlacedVolume): number {
  return front.y - back.y - (channelsLabel === '' ? 1.5 : 13);
}

function middleOf({ front }: PlacedVolume): number {
  return front.y + front.height / 2;
}

/** From a map to the next: level, or straight down or up where the next stands on another line; nothing where they touch. */
function mainRoute(from: PlacedVolume, to: PlacedVolume, { style, isU }: PlacedGraph): Points {
  const right = from.front.x + from.front.width;
  const left = to.front.x;
  const leave = style === 'boxes' ? from.back.x / 2 : 0;
  const axis = middleOf(from) - from.back.y / 2;
  if (from.line === to.line) {
    if (left - right < 6 || (style === 'boxes' && left < right + from.back.x)) return [];
    return [
      [right + leave + 1, isU ? axis : middleOf(to) - to.back.y / 2],
      [left - 1.5, middleOf(to) - (style === 'boxes' ? to.back.y / 2 : 0)],
    ];
  }
  const isDown = to.line > from.line;
  if (!isU) {
    const turn = left - 10;
    return [
      [right + leave + 1, axis],
      [turn, axis],
      [turn, middleOf(to)],
      [left - 1.5, middleOf(to)],
    ];
  }
  const target = to.front.x + to.front.width / 2;
  const source = from.front.x + from.front.width / 2;
  const end = isDown ? overLabel(to) : to.front.y + to.front.height + (to.sizeLabel === '' ? 2 : 13);
  if (Math.abs(target - source) < 2) {
    const start = isDown
      ? from.front.y + from.front.height + (from.sizeLabel === '' ? 2 : 13)
      : from.front.y - from.back.y - (from.channelsLabel === '' ? 2 : 13);
    return [
      [target, start],
      [target, end],
    ];
  }
  return [
    [right + leave + 1, middleOf(from)],
    [target, middleOf(from)],
    [target, end],
  ];
}

/** How far above a row what comes from the row before runs: the main path next to it, what skips further up. */
const aboveRow = { main: 20, skip: 30 } as const;
const pastRow = 12;

/** From the end of a row to the next: right, down between the rows, back to the left, and into the volume. */
function rowRoute(isSkip: boolean, from: PlacedVolume, to: PlacedVolume, { rows }: PlacedGraph): Points {
  const [own, next] = [rows[from.row], rows[to.row]];
  if (own === undefined || next === undefined) return [];
  const edge = from.front.x + from.front.width + from.back.x;
  const isLast = edge >= own.right - 1;
  const right = own.right + pastRow + (isSkip ? 6 : 0);
  const axis = middleOf(from) - from.back.y / 2 - (isSkip ? 4 : 0);
  const between = next.top - (isSkip ? aboveRow.skip : aboveRow.main);
  const over = own.top - aboveRow.main;
  const start: Points = isLast
    ? [[edge + 1, axis]]
    : [
        [edge + 1, axis],
        [edge + 1, over],
      ];
  const turn = isLast ? axis : over;
  if (isSkip) {
    const target = to.front.x + to.front.width / 2;
    return [...start, [right, turn], [right, between], [target, between], [target, overLabel(to)]];
  }
  const left = to.front.x - 14;
  const level = middleOf(to) - to.back.y / 2;
  return [...start, [right, turn], [right, between], [left, between], [left, level], [to.front.x - 1.5, level]];
}

/** Ways past other volumes: level where nothing stands between, else over it, higher the more they overlap. */
function createArcs({ volumes, isU }: PlacedGraph): {
  readonly route: (flow: Flow, from: PlacedVolume, to: PlacedVolume) => Points;
  readonly top: () => number;
} {
  const levels: {
    readonly row: number;
    readonly line: number;
    readonly height: number;
    readonly start: number;
    readonly end: number;
  }[] = [];
  let top = 0;
  const route = (_flow: Flow, from: PlacedVolume, to: PlacedVolume): Points => {
    const right = from.front.x + from.front.width;
    const between = volumes.filter(
      ({ line, row, front }) =>
        row === from.row && line === from.line && front.x > from.front.x && front.x < to.front.x,
    );
    if (isU && from.line === to.line && between.length === 0) {
      return [
        [right + 2, middleOf(from)],
        [to.front.x - 2, middleOf(from)],
      ];
    }
    const start = right + from.back.x + (from.back.x > 0 ? 4 : 5);
    const end = to.front.x + to.front.width / 2;
    const line = isU ? Math.min(from.line, to.line) : 0;
    let height = 0;
    const { row } = from;
    const isTaken = (one: (typeof levels)[number]): boolean => one.row === row && one.line === line;
    while (levels.some((one) => isTaken(one) && one.height === height && one.start < end && start < one.end))
      height += 1;
    levels.push({ row, line, height, start, end });
    const beside = volumes.filter(
      (one) =>
        one.row === row &&
        one.line === line &&
        one.front.x <= end &&
        one.front.x >= from.front.x &&
        one.joins !== 'sum',
    );
    const ceiling = Math.min(from.front.y - from.back.y, ...beside.map(({ front, back }) => front.y - back.y));
    const y = ceiling - arcRoom.first - height * arcRoom.each;
    top = Math.min(top, y);
    const axis = middleOf(from) - from.back.y / 2;
    return [
      [right + from.back.x + 1, axis],
      [start, axis],
      [start, y],
      [end, y],
      [end, overLabel(to)],
    ];
  };
  return { route, top: () => top };
}

/** One entry of the legend: operations that the figure does not tell apart, by the sign that they have. */
type Entry = {
  readonly sign: 'box' | 'arrow' | 'skip' | 'sum';
  readonly family: Operation['family'];
  readonly operations: readonly Operation[];
};

const dashPatterns = [undefined, '4 2', '1.5 1.5', '6 2 1.5 2'] as const;
const entrySize = 9;
const noteSize = 8;
/** A figure of few maps is no narrower, so that its texts are no larger than in others. */
const leastWidth = 340;
/** Room that each sign takes before its words. */
const signWidths: { readonly [S in Entry['sign']]: number } = { box: 13, arrow: 23, skip: 23, sum: 14 };

function legendOf(
  { flows, volumes, style }: PlacedGraph,
  language: Language,
  isHot: boolean,
): {
  readonly dashes: Dashes;
  readonly least: number;
  readonly draw: (
    room: Omit<Box, 'height'>,
    note: string,
  ) => { readonly marks: readonly Mark[]; readonly bottom: number };
} {
  const entries = new Map<string, Entry>();
  const note = (sign: Entry['sign'], operation: Operation): void => {
    const { family } = operation;
    // Boxes are told apart by colour alone, so what has one colour is one entry.
    const key = sign === 'box' ? family : `${sign} ${family} ${nameOperations([operation], language)}`;
    entries.set(key, { sign, family, operations: [...(entries.get(key)?.operations ?? []), operation] });
  };
  const sums = new Set(volumes.flatMap(({ id, joins }) => (joins === 'sum' ? [id] : [])));
  if (style === 'boxes') for (const { operation, joins } of volumes) if (joins !== 'sum') note('box', operation);
  for (const { operation, isSkip, to } of flows) {
    if (isSkip) note('skip', operation);
    else if (style === 'bars' && !sums.has(to)) note('arrow', operation);
  }
  for (const { operation, joins } of volumes) if (joins === 'sum') note('sum', operation);
  const shown = [...entries.values()].map((entry) => ({ ...entry, words: nameOperations(entry.operations, language) }));
  const dashes: Dashes = (operation, isSkip) => {
    const words = nameOperations([operation], language);
    const alike = shown.filter(({ sign, family }) =>
      isSkip ? sign === 'skip' : sign === 'arrow' && family === operation.family,
    );
    return dashPatterns[
      Math.max(
        0,
        alike.findIndex((entry) => entry.words === words),
      ) % dashPatterns.length
    ];
  };
  return {
    dashes,
    least: Math.max(0, ...shown.map(widthOf)),
    draw: (room, scaleNote) =>
      drawLegend(shown, room, scaleNote, (entry, x, y) => drawSign(entry, x, y, dashes, isHot)),
  };
}

type WordedEntry = Entry & { readonly words: string };

function widthOf({ words, sign }: WordedEntry): number {
  return signWidths[sign] + textWidth(words, entrySize) + 14;
}

function drawLegend(
  entries: readonly WordedEntry[],
  { x: left, y: top, width }: Omit<Box, 'height'>,
  note: string,
  sign: (entry: WordedEntry, x: number, y: number) => readonly Mark[],
): { readonly marks: readonly Mark[]; readonly bottom: number } {
  const marks: Mark[] = [];
  const right = left + width;
  let [x, y] = [left, top + 8];
  for (const entry of entries) {
    const room = widthOf(entry);
    if (x > left && x + room > right) [x, y] = [left, y + 14];
    marks.push(...sign(entry, x, y - 3));
    const words = { type: 'text', text: entry.words, size: entrySize, paint: ink, anchor: 'start' } as const;
    marks.push({ ...words, x: x + signWidths[entry.sign], y });
    x += room;
  }
  if (x > left && x + textWidth(note, noteSize) > right) y += 14;
  marks.push({ type: 'text', x: right, y, text: note, size: noteSize, paint: mute, anchor: 'end' });
  return { marks, bottom: y + 4 };
}

/** The sign of an entry; where colour tells heat, families are told by edges alone. */
function drawSign(
  { sign, family, operations }: Entry,
  x: number,
  y: number,
  dashes: Dashes,
  isHot: boolean,
): readonly Mark[] {
  const [first] = operations;
  const isSkip = sign === 'skip';
  const line = [
    [x, y],
    [x + 18, y],
  ] as const;
  if (sign === 'sum') return sumSign(x + 4.5, y, 4.5);
  if (sign === 'box') {
    const swatch = rectangle({ x, y: y - 4, width: 9, height: 8 });
    return [
      {
        type: 'path',
        d: swatch,
        fill: isHot ? paint('ground') : paint(family, faces.front),
        stroke: paint(family),
        width: 0.7,
      },
    ];
  }
  return arrow(line, isSkip ? mute : paint(family), isSkip ? 1 : 1.3, first && dashes(first, isSkip));
}
