import type { FigureOptions } from '../schema/figures';
import { formatCount } from '../text';
import { textWidth, type Box } from './figure';
import { createScale, readShape, type Extent } from './scale';
import type { Flow, Volume, VolumeGraph } from './volumes';
import { rowsOf, wrapRow } from './wrap';

/** A volume where it is drawn: its front, and how far its back lies right and up from it. */
export type PlacedVolume = Volume & {
  readonly front: Box;
  readonly back: { readonly x: number; readonly y: number };
  /** The line that it stands on: 0 for the main path of a row, the scale of an encoder-decoder. */
  readonly line: number;
  /** Which of the rows that a long one is cut into; 0 for the first, and for all where there is one. */
  readonly row: number;
  /** Size labels; empty where none is to be shown. */
  readonly channelsLabel: string;
  readonly sizeLabel: string;
  /** A further line below, such as its share of what the network costs; empty where there is none. */
  readonly note: string;
};

/** Volumes in place, with what is drawn between them. */
export type PlacedGraph = {
  readonly volumes: readonly PlacedVolume[];
  readonly flows: readonly Flow[];
  readonly style: 'bars' | 'boxes';
  /** An encoder-decoder as a U: lines are scales. */
  readonly isU: boolean;
  /** Of each row, where its volumes end and where those of the next begin, from top to bottom. */
  readonly rows: readonly Row[];
};

/** One of the rows that a long one is cut into. */
export type Row = { readonly right: number; readonly top: number; readonly bottom: number };

/** Sizes of the labels at volumes. */
export const labelSize = { channels: 9, map: 8.5 } as const;

const gap = { bars: 24, boxes: 20, list: 16, sum: 12, branch: 14, lines: 44 } as const;
/** How far above what they pass arcs run, the first and each further one. */
export const arcRoom = { first: 20, each: 8 } as const;
/** Room that a U keeps between its way down and its way up, for the copies. */
const mouth = 56;

/** Places a network's volumes: an encoder-decoder as a U, anything else as a row with its branches below. */
export function placeVolumes(
  graph: VolumeGraph,
  options: FigureOptions,
  notes: ReadonlyMap<string, string> = new Map(),
): PlacedGraph {
  const isU = asU(graph, options.arrangement);
  const style = options.style === 'auto' ? (isEncoderDecoder(graph) ? 'bars' : 'boxes') : options.style;
  const measure = createScale(graph.volumes, options, style === 'boxes');
  const sized = sizeLabels(graph, options, measure, notes);
  const row = isU ? placeU(sized, graph, style) : placeRow(sized, graph, style);
  const isWrapped = !isU && options.arrangement !== 'row';
  const volumes = isWrapped ? wrapRow(row, graph, options.width, options.arrangement === 'lines') : row;
  return { volumes, flows: graph.flows, style, isU, rows: rowsOf(volumes) };
}

/** Whether a network is set as a U: one that goes down and up again, or any with one path if that is asked for. */
function asU(graph: VolumeGraph, arrangement: FigureOptions['arrangement']): boolean {
  if (arrangement !== 'auto' && arrangement !== 'u') return false;
  return isEncoderDecoder(graph) || (arrangement === 'u' && graph.volumes.every(({ id }) => graph.spine.has(id)));
}

/** A way down, a way up, and something that joins both. */
function isEncoderDecoder({ volumes, flows }: VolumeGraph): boolean {
  const depths = new Map(volumes.map(({ id, depth }) => [id, depth]));
  const rises = flows.some(({ from, to, isSkip }) => !isSkip && (depths.get(to) ?? 0) < (depths.get(from) ?? 0));
  return rises && flows.some(({ isSkip }) => isSkip);
}

type Sized = {
  readonly volume: Volume;
  readonly extent: Extent;
  readonly channelsLabel: string;
  readonly sizeLabel: string;
  readonly note: string;
};

/** A size stands once for all volumes of it that follow each other. */
function sizeLabels(
  { volumes, flows }: VolumeGraph,
  { shapes }: FigureOptions,
  measure: (volume: Volume) => Extent,
  notes: ReadonlyMap<string, string>,
): Sized[] {
  const byId = new Map(volumes.map((volume) => [volume.id, volume]));
  const before = new Map(flows.flatMap(({ from, to, isSkip }) => (isSkip ? [] : [[to, byId.get(from)] as const])));
  return volumes.map((volume) => {
    const { height, width, channels, isMap } = readShape(volume.shape);
    const isShown = shapes && volume.joins !== 'sum';
    const known = before.get(volume.id);
    const isNew = known === undefined || sizeText(known) !== sizeText(volume) || known.depth !== volume.depth;
    const count = channels === null ? '?' : String(channels);
    const times = volume.times > 1 ? ` ×${volume.times}` : '';
    return {
      volume,
      extent: measure(volume),
      channelsLabel: isShown && volume.shape !== null ? `${count}${times}` : times.trim(),
      sizeLabel: isShown && isMap && isNew ? `${number(height)}×${number(width)}` : '',
      note: notes.get(volume.id) ?? '',
    };
  });
}

function number(size: number | null): string {
  return size === null ? '?' : formatCount(size);
}

function sizeText({ shape }: Volume): string {
  const { height, width, isMap } = readShape(shape);
  return isMap ? `${String(height)}×${String(width)}` : '';
}

/** Half of the room that a volume's labels need from its middle. */
function halfLabel({ channelsLabel, sizeLabel, note }: Sized): number {
  const below = Math.max(textWidth(sizeLabel, labelSize.map), textWidth(note, labelSize.map));
  return Math.max(textWidth(channelsLabel, labelSize.channels), below) / 2 + 2.5;
}

/** How far labels reach beyond the fronts that they belong to. */
function overhang(sized: Sized): number {
  return Math.max(0, halfLabel(sized) - sized.extent.width / 2);
}

/** From the right edge of one front to the left edge of the next. */
function gapBetween(a: Sized, b: Sized, style: 'bars' | 'boxes', branches: ReadonlySet<string>): number {
  const labels = overhang(a) + overhang(b);
  const { backX } = a.extent;
  const branch = branches.has(a.volume.id) ? gap.branch : 0;
  if (a.volume.joins === 'sum' || b.volume.joins === 'sum') return Math.max(labels, backX + gap.sum + branch);
  if (style === 'bars') return Math.max(labels, gap.bars);
  const isSame = sizeText(a.volume) !== '' && sizeText(a.volume) === sizeText(b.volume);
  // Maps of one size lean on each other, as the papers draw a stage.
  if (isSame && branch === 0 && a.volume.family !== 'io') {
    // The size of a stage stands below its first map and may reach below the next.
    return overhang({ ...a, sizeLabel: '' }) + overhang({ ...b, sizeLabel: '' });
  }
  const isList = !readShape(b.volume.shape).isMap;
  return Math.max(labels, backX + (isList ? gap.list : gap.boxes) + branch);
}

/** Where what reads a volume past the next one leaves. */
function branchesOf(flows: readonly Flow[]): ReadonlySet<string> {
  return new Set(flows.flatMap(({ from, isSkip }) => (isSkip ? [from] : [])));
}

function place(sized: Sized, x: number, middle: number, line: number): PlacedVolume {
  const { volume, extent, channelsLabel, sizeLabel, note } = sized;
  const { width, height, backX, backY } = extent;
  // The middle of all that is seen of it lies on the line's axis.
  const front = { x, y: middle - height / 2 + backY / 2, width, height };
  return { ...volume, front, back: { x: backX, y: backY }, line, row: 0, channelsLabel, sizeLabel, note };
}

/** The axis of each line, with room above it for its arcs. */
function middleOfLines(
  heights: ReadonlyMap<number, number>,
  arcs: ReadonlyMap<number, number> = new Map(),
): ReadonlyMap<number, number> {
  const middles = new Map<number, number>();
  let bottom = 0;
  for (const line of [...heights.keys()].sort((a, b) => a - b)) {
    const height = heights.get(line) ?? 0;
    const count = arcs.get(line) ?? 0;
    if (count > 0 && middles.size > 0) bottom += (count - 1) * arcRoom.each + arcRoom.first / 2;
    middles.set(line, bottom + height / 2);
    bottom += height + gap.lines;
  }
  return middles;
}

/** Sets volumes behind what they read; what is not on the main path goes to lines below. */
function placeRow(sized: readonly Sized[], { flows, spine }: VolumeGraph, style: 'bars' | 'boxes'): PlacedVolume[] {
  const sources = sourcesOf(flows);
  const branches = branchesOf(flows);
  const byId = new Map(sized.map((one) => [one.volume.id, one]));
  const rights = new Map<string, number>();
  const lefts = new Map<string, { readonly x: number; readonly line: number }>();
  const ends: number[] = [];
  const heights = new Map<number, number>();
  for (const one of sized) {
    const { id } = one.volume;
    let x = 0;
    for (const source of sources.get(id) ?? []) {
      const before = byId.get(source);
      if (before !== undefined) x = Math.max(x, (rights.get(source) ?? 0) + gapBetween(before, one, style, branches));
    }
    const end = x + one.extent.width;
    const room = Math.max(end + one.extent.backX, x + one.extent.width / 2 + halfLabel(one));
    const [first = ''] = sources.get(id) ?? [];
    const inherited = spine.has(first) ? undefined : lefts.get(first)?.line;
    const isFree = (line: number): boolean => (ends[line] ?? -Infinity) <= x - overhang(one);
    let line = spine.has(id) ? 0 : (inherited ?? 1);
    while (line > 0 && !isFree(line)) line += 1;
    ends[line] = room;
    heights.set(line, Math.max(heights.get(line) ?? 0, one.extent.height + one.extent.backY));
    rights.set(id, end);
    lefts.set(id, { x, line });
  }
  const middles = middleOfLines(heights);
  return sized.map((one) => {
    const { x, line } = lefts.get(one.volume.id) ?? { x: 0, line: 0 };
    return place(one, x, middles.get(line) ?? 0, line);
  });
}

/**
 * Sets volumes as a U: a line for each scale, the next scale below the last map of the one before. What is beside the main path stands on
 * its scale in the mouth, behind all that it reads, as U-Net++ is drawn.
 */
function placeU(sized: readonly Sized[], { flows, spine }: VolumeGraph, style: 'bars' | 'boxes'): PlacedVolume[] {
  const sources = sourcesOf(flows.filter(({ isSkip }) => !isSkip));
  const allSources = sourcesOf(flows);
  const branches = branchesOf(flows);
  const byId = new Map(sized.map((one) => [one.volume.id, one]));
  const heights = new Map<number, number>();
  const ends = new Map<number, number>();
  const lefts = new Map<string, number>();
  for (const one of sized) {
    const { id, depth } = one.volume;
    const [source] = sources.get(id) ?? [];
    const before = byId.get(source ?? '');
    const extent = one.extent;
    heights.set(depth, Math.max(heights.get(depth) ?? 0, extent.height + extent.backY));
    let x = 0;
    if (!spine.has(id)) {
      for (const read of allSources.get(id) ?? []) {
        const other = byId.get(read);
        if (other === undefined) continue;
        const right = (lefts.get(read) ?? 0) + other.extent.width;
        const isLevel = other.volume.depth === depth;
        // From another scale a way comes up into its middle.
        x = Math.max(x, right + (isLevel ? mouth : other.extent.backX + gap.branch - extent.width / 2));
      }
      x = Math.max(x, (ends.get(depth) ?? -mouth) + mouth);
    } else if (before !== undefined) {
      const left = lefts.get(before.volume.id) ?? 0;
      const isLevel = before.volume.depth === depth;
      x = isLevel
        ? left + before.extent.width + gapBetween(before, one, style, branches)
        : before.volume.joins === 'sum'
          ? // From above comes what is added, so the way up begins at its side.
            left + before.extent.width + gap.sum - extent.width / 2
          : left + (before.extent.width - extent.width) / 2;
      if (!isLevel) {
        for (const [line, end] of ends) {
          const isPassed = line >= Math.min(depth, before.volume.depth) && line <= Math.max(depth, before.volume.depth);
          if (isPassed && line !== before.volume.depth) x = Math.max(x, end + mouth);
        }
      }
    }
    lefts.set(id, x);
    ends.set(depth, Math.max(ends.get(depth) ?? 0, x + extent.width + extent.backX));
  }
  const middles = middleOfLines(heights, arcsOfLines(sized, flows, lefts));
  return sized.map((one) =>
    place(one, lefts.get(one.volume.id) ?? 0, middles.get(one.volume.depth) ?? 0, one.volume.depth),
  );
}

/** How many skips of each line of a U pass over something that stands on it. */
function arcsOfLines(
  sized: readonly Sized[],
  flows: readonly Flow[],
  lefts: ReadonlyMap<string, number>,
): ReadonlyMap<number, number> {
  const depths = new Map(sized.map(({ volume }) => [volume.id, volume.depth]));
  const counts = new Map<number, number>();
  for (const { from, to, isSkip } of flows) {
    const depth = depths.get(from);
    if (!isSkip || depth === undefined || depth !== depths.get(to)) continue;
    const [start, end] = [lefts.get(from) ?? 0, lefts.get(to) ?? 0];
    const isOver = [...lefts].some(([id, left]) => depths.get(id) === depth && left > start && left < end);
    if (isOver) counts.set(depth, (counts.get(depth) ?? 0) + 1);
  }
  return counts;
}

function sourcesOf(flows: readonly Flow[]): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  for (const { from, to, isSkip } of flows) {
    const known = sources.get(to);
    if (known === undefined) sources.set(to, [from]);
    else if (isSkip) known.push(from);
    else known.unshift(from);
  }
  return sources;
}
