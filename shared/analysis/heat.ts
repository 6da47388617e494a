import type { NetworkAnalysis, NodeAnalysis } from './types';
import { drawnAs, findNode } from './blocks';
import type { FigureOptions } from '../schema/figures';
import { formatBytes, formatMilliseconds, formatShort, text, type Text } from '../text';

/** What heat over a drawn network may tell of its layers. */
export type HeatMeasure = Exclude<FigureOptions['heat'], 'none'>;

/** What the number of each measure counts, behind the number. */
export const heatUnits: { readonly [M in HeatMeasure]: Text } = {
  params: text('parameters, trainable or not', '个参数，含不可训练的'),
  macs: text('multiply-adds for one image', '次乘加，每幅图像'),
  memory: text('of float32 outputs for one image', '的 float32 输出，每幅图像'),
  time: text('for the layers of a training step, each alone', '，为训练一步中各层单独用时之和'),
};

/** Milliseconds of a training step by the id of the flat node, as they were measured. */
export type NodeTimes = Exclude<FigureOptions['times'], undefined>;

const formats: { readonly [M in HeatMeasure]: (value: number) => string } = {
  params: formatShort,
  macs: formatShort,
  memory: formatBytes,
  time: formatMilliseconds,
};

/** A number of a measure in a few characters: `400 k`, `1.6 MB`, `2.3 ms`. */
export function formatHeat(measure: HeatMeasure, value: number): string {
  return formats[measure](value);
}

const numbers: { readonly [M in HeatMeasure]: (node: NodeAnalysis, times: NodeTimes | null) => number | null } = {
  params: ({ paramCount }) => paramCount,
  macs: ({ macs }) => macs,
  memory: ({ activationBytes }) => activationBytes,
  time: ({ id }, times) => (times !== null && Object.hasOwn(times, id) ? (times[id] ?? null) : null),
};

/** How hot a drawn thing is. */
export type NodeHeat = {
  /** In parameters, multiply-adds, bytes or milliseconds. */
  readonly value: number;
  /** Of the whole network's, 0 to 1. */
  readonly share: number;
  /** Where it is on the scale, 0 for none to 1 for the largest: the root of its part of the largest, so that small ones differ. */
  readonly level: number;
};

/** A measure over the things that are drawn. */
export type HeatMap = {
  readonly total: number;
  /** The largest value of one thing: the end of the scale. */
  readonly most: number;
  /** By the id of what is drawn; nothing of what is not known. */
  readonly values: ReadonlyMap<string, NodeHeat>;
};

/** The number of one measure at a node; null where it is not known, or the node costs nothing because it is bypassed. */
export function measureNode(
  analysis: NetworkAnalysis,
  id: string,
  measure: HeatMeasure,
  times: NodeTimes | null = null,
): number | null {
  if (analysis.bypassed.has(id)) return null;
  const node = findNode(analysis, id);
  return node === undefined ? null : numbers[measure](node, times);
}

/**
 * The heat of things that each stand for some flat nodes: a volume, a card, a block. A thing is known as far as its nodes are.
 * @example LeNet's first FC layer has 400,500 of 431,080 parameters: share 0.929, level 1.
 */
export function heatOfGroups(
  analysis: NetworkAnalysis,
  groups: ReadonlyMap<string, readonly string[]>,
  measure: HeatMeasure,
  times: NodeTimes | null = null,
): HeatMap {
  const sums = new Map<string, number>();
  for (const [id, nodes] of groups) {
    const known = nodes.flatMap((node) => measureNode(analysis, node, measure, times) ?? []);
    if (known.length > 0) {
      sums.set(
        id,
        known.reduce((sum, value) => sum + value, 0),
      );
    }
  }
  return heatOfSums(sums);
}

function heatOfSums(sums: ReadonlyMap<string, number>): HeatMap {
  let [total, most] = [0, 0];
  for (const value of sums.values()) {
    total += value;
    most = Math.max(most, value);
  }
  const values = new Map<string, NodeHeat>();
  for (const [id, value] of sums) {
    values.set(id, { value, share: total === 0 ? 0 : value / total, level: most === 0 ? 0 : Math.sqrt(value / most) });
  }
  return { total, most, values };
}

const drawn = new WeakMap<NetworkAnalysis, Map<HeatMeasure | NodeTimes, HeatMap>>();

/**
 * The heat of a network as its document draws it: a block is one card, hot by the sum of what is known of its contents. Kept for each
 * analysis, since a thousand cards ask for theirs. Times are no part of an analysis: without them nothing is known of the time.
 */
export function heatOf(analysis: NetworkAnalysis, measure: HeatMeasure, times: NodeTimes | null = null): HeatMap {
  const known = drawn.get(analysis) ?? new Map<HeatMeasure | NodeTimes, HeatMap>();
  drawn.set(analysis, known);
  const key = measure === 'time' && times !== null ? times : measure;
  const before = known.get(key);
  if (before !== undefined) return before;
  const sums = new Map<string, number>();
  for (const node of analysis.nodes.values()) {
    const value = numbers[measure](node, times);
    if (value === null) continue;
    const card = drawnAs(analysis, node.id);
    sums.set(card, (sums.get(card) ?? 0) + value);
  }
  const heat = heatOfSums(sums);
  known.set(key, heat);
  return heat;
}

/** The values that a scale is marked at: nothing, the quarter that has half of the colour, and the largest. */
export function heatTicks({ most }: HeatMap): readonly { readonly at: number; readonly value: number }[] {
  return [
    { at: 0, value: 0 },
    { at: 0.5, value: most / 4 },
    { at: 1, value: most },
  ];
}
