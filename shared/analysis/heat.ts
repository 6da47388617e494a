import type { NetworkAnalysis, NodeAnalysis } from './types';
import { drawnAs, findNode } from './blocks';
import type { FigureOptions } from '../schema/figures';
import { formatBytes, formatMilliseconds, formatShare, formatShort, text, type Text } from '../text';

/** What heat over a drawn network may tell of its layers. */
export type HeatMeasure = Exclude<FigureOptions['heat'], 'none'>;

/** Where the numbers of each measure come from: the network itself, a measurement of an engine, or the last epoch of a run. */
const heatOrigins = {
  params: 'network',
  macs: 'network',
  memory: 'network',
  time: 'engine',
  gradient: 'run',
  dead: 'run',
} as const satisfies { readonly [M in HeatMeasure]: 'network' | 'engine' | 'run' };

/** Measures that a network alone does not have. */
export type MeasuredHeat = {
  [M in HeatMeasure]: (typeof heatOrigins)[M] extends 'network' ? never : M;
}[HeatMeasure];

/** Measures of a run's layers. */
export type RunHeat = { [M in HeatMeasure]: (typeof heatOrigins)[M] extends 'run' ? M : never }[HeatMeasure];

/** Whether a measure is of a run's layers, as the last epoch has them. */
export function isOfRun(measure: HeatMeasure): measure is RunHeat {
  return heatOrigins[measure] === 'run';
}

/** Whether a measure has to be measured, and so is not known of every network. */
export function isMeasured(measure: HeatMeasure): measure is MeasuredHeat {
  return heatOrigins[measure] !== 'network';
}

/** What the number of each measure counts, behind the number. */
export const heatUnits: { readonly [M in HeatMeasure]: Text } = {
  params: text('parameters, trainable or not', '个参数，含不可训练的'),
  macs: text('multiply-adds for one sample', '次乘加，每个样本'),
  memory: text('of float32 outputs for one sample', '的 float32 输出，每个样本'),
  time: text('for the layers of a training step, each alone', '，为训练一步中各层单独用时之和'),
  gradient: text('root mean square of the gradient of the kernel', '卷积核梯度的均方根'),
  dead: text('of the units give 0 for every sample', '的单元对所有样本都输出 0'),
};

/** What was measured, by the id of the flat node: milliseconds of a training step, a gradient, or a share of units. */
export type NodeMeasures = Exclude<FigureOptions['measured'], undefined>;

function formatGradient(value: number): string {
  return value === 0 ? '0' : value.toExponential(1).replace('e-', 'e−');
}

function formatPercent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

const formats: { readonly [M in HeatMeasure]: (value: number) => string } = {
  params: formatShort,
  macs: formatShort,
  memory: formatBytes,
  time: formatMilliseconds,
  gradient: formatGradient,
  dead: formatPercent,
};

/** A number of a measure in a few characters: `400 k`, `1.6 MB`, `2.3 ms`, `1.2e−4`. */
export function formatHeat(measure: HeatMeasure, value: number): string {
  return formats[measure](value);
}

function measuredOf({ id }: NodeAnalysis, measured: NodeMeasures | null): number | null {
  return measured !== null && Object.hasOwn(measured, id) ? (measured[id] ?? null) : null;
}

const numbers: { readonly [M in HeatMeasure]: (node: NodeAnalysis, measured: NodeMeasures | null) => number | null } = {
  params: ({ paramCount }) => paramCount,
  macs: ({ macs }) => macs,
  memory: ({ activationBytes }) => activationBytes,
  time: measuredOf,
  gradient: measuredOf,
  dead: measuredOf,
};

/** Gradients are looked at by their powers of ten: 0 for 1e-8 and below, 1 for 1 and above. */
export function gradientLevel(gradient: number): number {
  return gradient <= 0 ? 0 : Math.min(1, Math.max(0, 1 + Math.log10(gradient) / 8));
}

/** Where a value is on the scale, 0 to 1. Costs have the root of their part of the largest, so that small ones differ. */
function levelOn(measure: HeatMeasure, value: number, most: number): number {
  if (measure === 'gradient') return gradientLevel(value);
  if (measure === 'dead') return value;
  return most === 0 ? 0 : Math.sqrt(value / most);
}

/** Costs add up; of what a run measures, the largest stands for all. */
function together(measure: HeatMeasure, values: readonly number[]): number {
  return isOfRun(measure) ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
}

/** How hot a drawn thing is. */
export type NodeHeat = {
  /** In parameters, multiply-adds, bytes or milliseconds; a gradient, or a share of units. */
  readonly value: number;
  /** Of the whole network's, 0 to 1; null where values do not add up. */
  readonly share: number | null;
  /** Where it is on the scale, 0 to 1. */
  readonly level: number;
};

/** A measure over the things that are drawn. */
export type HeatMap = {
  /** Null where values do not add up. */
  readonly total: number | null;
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
  measured: NodeMeasures | null = null,
): number | null {
  if (analysis.bypassed.has(id)) return null;
  const node = findNode(analysis, id);
  return node === undefined ? null : numbers[measure](node, measured);
}

/**
 * The heat of things that each stand for some flat nodes: a volume, a card, a block. A thing is known as far as its nodes are.
 * @example LeNet's first FC layer has 400,500 of 431,080 parameters: share 0.929, level 1.
 */
export function heatOfGroups(
  analysis: NetworkAnalysis,
  groups: ReadonlyMap<string, readonly string[]>,
  measure: HeatMeasure,
  measured: NodeMeasures | null = null,
): HeatMap {
  const values = new Map<string, number>();
  for (const [id, nodes] of groups) {
    const known = nodes.flatMap((node) => measureNode(analysis, node, measure, measured) ?? []);
    if (known.length > 0) values.set(id, together(measure, known));
  }
  return heatOfValues(measure, values);
}

function heatOfValues(measure: HeatMeasure, given: ReadonlyMap<string, number>): HeatMap {
  const total = isOfRun(measure) ? null : together(measure, [...given.values()]);
  let most = 0;
  for (const value of given.values()) most = Math.max(most, value);
  const values = new Map<string, NodeHeat>();
  for (const [id, value] of given) {
    const share = total === null ? null : total === 0 ? 0 : value / total;
    values.set(id, { value, share, level: levelOn(measure, value, most) });
  }
  return { total, most, values };
}

const drawn = new WeakMap<NetworkAnalysis, Map<HeatMeasure | NodeMeasures, HeatMap>>();

/**
 * The heat of a network as its document draws it: a block is one card, hot by what is known of its contents. Kept for each analysis,
 * since a thousand cards ask for theirs. What is `measured` is no part of an analysis: without it nothing is known.
 */
export function heatOf(analysis: NetworkAnalysis, measure: HeatMeasure, measured: NodeMeasures | null = null): HeatMap {
  const known = drawn.get(analysis) ?? new Map<HeatMeasure | NodeMeasures, HeatMap>();
  drawn.set(analysis, known);
  const key = isMeasured(measure) && measured !== null ? measured : measure;
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const values = new Map<string, number>();
  for (const node of analysis.nodes.values()) {
    const value = numbers[measure](node, measured);
    if (value === null) continue;
    const card = drawnAs(analysis, node.id);
    const before = values.get(card);
    values.set(card, before === undefined ? value : together(measure, [before, value]));
  }
  const heat = heatOfValues(measure, values);
  known.set(key, heat);
  return heat;
}

/** What is written of a thing's heat: `401 k · 93 %`, `1.2e−4`; empty for one that costs nothing. */
export function heatText(measure: HeatMeasure, { value, share }: NodeHeat): string {
  if (share === null) return formatHeat(measure, value);
  return value === 0 ? '' : `${formatHeat(measure, value)} · ${formatShare(share)}`;
}

const gradientTicks = [
  { at: 0, value: 1e-8 },
  { at: 0.5, value: 1e-4 },
  { at: 1, value: 1 },
] as const;

/** The values that a scale is marked at. Of costs: nothing, the quarter that has half of the colour, and the largest. */
export function heatTicks(
  measure: HeatMeasure,
  { most }: HeatMap,
): readonly { readonly at: number; readonly value: number }[] {
  if (measure === 'gradient') return gradientTicks;
  if (measure === 'dead') return [0, 0.5, 1].map((value) => ({ at: value, value }));
  return [
    { at: 0, value: 0 },
    { at: 0.5, value: most / 4 },
    { at: 1, value: most },
  ];
}
