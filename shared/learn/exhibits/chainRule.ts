import type { NodeAnalysis } from '../../analysis/types';
import { resolvePadding, upconvCut, windowAxes } from '../../layers/arithmetic';
import type { WindowAxis } from '../../layers/arithmetic';
import { functionParam } from '../../layers/traits';
import type { HostTensor } from '../../ops/tensor';
import type { Padding, Size2 } from '../../schema/shape';
import { windowAxesOf, windowParams } from './windowSum';

/**
 * One of the ways by which a value moves the target: how much an output changes with it, and the gradient there. The chain rule adds
 * slope × delta over all of them.
 */
export type Term = {
  /** The place of the output, without the batch. */
  readonly at: readonly number[];
  readonly slope: number;
  readonly delta: number;
};

/** A node on the way back: what came in, what it gave, and the gradient at that. */
export type BackwardNode = {
  readonly node: NodeAnalysis;
  readonly input: HostTensor;
  readonly output: HostTensor;
  readonly delta: HostTensor;
  readonly kernel: HostTensor | undefined;
};

/** What a function's own slope is, by what it gave; null for one that mixes its values, or whose slope that does not say. */
const slopes: { readonly [name: string]: ((y: number) => number) | undefined } = {
  linear: () => 1,
  none: () => 1,
  relu: (y) => (y > 0 ? 1 : 0),
  sigmoid: (y) => y * (1 - y),
  tanh: (y) => 1 - y * y,
};

function slopeOf(node: NodeAnalysis): ((y: number) => number) | null {
  const param = functionParam(node.definition);
  if (param === null) return () => 1;
  const name = node.params?.[param];
  return slopes[typeof name === 'string' ? name : 'none'] ?? null;
}

/** Reads a tensor `[batch, ...]` at a place of one sample. */
function reader({ shape, data }: HostTensor, sample: number): (place: readonly number[]) => number {
  return (place) => {
    let at = sample;
    place.forEach((index, axis) => {
      at = at * (shape[axis + 1] ?? 1) + index;
    });
    return data[at] ?? 0;
  };
}

/** The places of an axis of outputs whose window has the input at `index`, each with the tap that lies on it. */
function windowsOver(axis: WindowAxis, before: number, index: number, count: number) {
  return Array.from({ length: axis.size }, (_, tap) => ({
    tap,
    at: (index + before - tap * axis.dilation) / axis.stride,
  })).filter(({ at }) => Number.isInteger(at) && at >= 0 && at < count);
}

/**
 * The chain rule at one value of a node's input: every output that it goes into. Null for kinds that are not told here. Terms whose slope is
 * 0 are left out.
 */
export function termsAt(way: BackwardNode, place: readonly number[], sample = 0): readonly Term[] | null {
  const { node } = way;
  switch (node.definition?.traits.role) {
    case 'dense':
      return denseTerms(way, place, sample);
    case 'convolution':
      return convolutionTerms(way, place, sample);
    case 'transposedConvolution':
      return upConvTerms(way, place, sample);
    case 'pooling':
      return poolingTerms(way, place, sample);
    case 'activation':
      return pointTerms(way, place, sample);
    case 'globalPooling':
      return globalTerms(way, place, sample);
    case 'flattening':
      return flatTerms(way, place, sample);
    case undefined:
      return null;
  }
}

function term(way: BackwardNode, sample: number, at: readonly number[], slope: number): readonly Term[] {
  const own = slopeOf(way.node)?.(reader(way.output, sample)(at)) ?? 1;
  const whole = slope * own;
  return whole === 0 ? [] : [{ at, slope: whole, delta: reader(way.delta, sample)(at) }];
}

/** Where a value of `[h, w, c]` stands in a row. */
function flatIndex(shape: readonly number[], place: readonly number[]): number {
  return place.reduce((at, index, axis) => at * (shape[axis + 1] ?? 1) + index, 0);
}

function denseTerms(way: BackwardNode, place: readonly number[], sample: number): readonly Term[] | null {
  const { kernel } = way;
  if (kernel === undefined || slopeOf(way.node) === null) return null;
  const [, units = 0] = kernel.shape;
  const from = flatIndex(way.input.shape, place) * units;
  return Array.from({ length: units }, (_, unit) => unit).flatMap((unit) =>
    term(way, sample, [unit], kernel.data[from + unit] ?? 0),
  );
}

function convolutionTerms(way: BackwardNode, place: readonly number[], sample: number): readonly Term[] | null {
  const { node, kernel } = way;
  const axes = windowAxesOf(node);
  if (kernel === undefined || axes === null || slopeOf(node) === null) return null;
  const [row = 0, column = 0, channel = 0] = place;
  const [, columns = 0, perGroup = 0, filters = 0] = kernel.shape;
  const [, height = 0, width = 0] = way.output.shape;
  const own = filters / (windowParams(node)?.groups ?? 1);
  const group = Math.floor(channel / perGroup);
  return windowsOver(axes[0], resolvePadding(axes[0])?.[0] ?? 0, row, height).flatMap((y) =>
    windowsOver(axes[1], resolvePadding(axes[1])?.[0] ?? 0, column, width).flatMap((x) =>
      Array.from({ length: own }, (_, at) => group * own + at).flatMap((filter) => {
        const weight = ((y.tap * columns + x.tap) * perGroup + (channel % perGroup)) * filters + filter;
        return term(way, sample, [y.at, x.at, filter], kernel.data[weight] ?? 0);
      }),
    ),
  );
}

function upConvTerms(way: BackwardNode, place: readonly number[], sample: number): readonly Term[] | null {
  const { node, kernel } = way;
  const axes = windowAxesOf(node);
  if (kernel === undefined || axes === null || slopeOf(node) === null) return null;
  const [row = 0, column = 0, channel = 0] = place;
  const [rows = 0, columns = 0, perGroup = 0, channels = 0] = kernel.shape;
  const [, height = 0, width = 0] = way.output.shape;
  const extra = node.params?.['outputPadding'] as Size2 | undefined;
  const [top] = upconvCut(axes[0], extra?.[0] ?? 0);
  const [left] = upconvCut(axes[1], extra?.[1] ?? 0);
  const group = Math.floor(channel / (channels / (windowParams(node)?.groups ?? 1)));
  const terms: Term[] = [];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = [
        row * axes[0].stride + y * axes[0].dilation - top,
        column * axes[1].stride + x * axes[1].dilation - left,
      ];
      const [outRow = -1, outColumn = -1] = at;
      if (outRow < 0 || outRow >= height || outColumn < 0 || outColumn >= width) continue;
      for (let map = 0; map < perGroup; map++) {
        const weight = kernel.data[((y * columns + x) * perGroup + map) * channels + channel] ?? 0;
        terms.push(...term(way, sample, [outRow, outColumn, group * perGroup + map], weight));
      }
    }
  }
  return terms;
}

function poolingTerms(way: BackwardNode, place: readonly number[], sample: number): readonly Term[] | null {
  const { node } = way;
  const params = node.params as {
    readonly mode: string;
    readonly poolSize: Size2;
    readonly strides: Size2 | null;
    readonly padding: Padding;
    readonly dilationRate: Size2;
    readonly countIncludePad: boolean;
  } | null;
  const [map] = node.inputShapes;
  if (params === null || map == null) return null;
  const axes = windowAxes(map, params.poolSize, params.strides ?? params.poolSize, params.dilationRate, params.padding);
  const [row = 0, column = 0, channel = 0] = place;
  const [, height = 0, width = 0] = way.output.shape;
  const [top, left] = [resolvePadding(axes[0])?.[0] ?? 0, resolvePadding(axes[1])?.[0] ?? 0];
  const read = reader(way.input, sample);
  const given = reader(way.output, sample);
  return windowsOver(axes[0], top, row, height).flatMap(({ at: y }) =>
    windowsOver(axes[1], left, column, width).flatMap(({ at: x }) => {
      const under = placesUnder(axes, [y, x], [top, left], way.input.shape).map(([r, c]) => [r, c, channel] as const);
      const value = read(place);
      switch (params.mode) {
        case 'max': {
          const winner = under.reduce((best, one) => (read(one) > read(best) ? one : best), under[0] ?? [0, 0, 0]);
          return term(way, sample, [y, x, channel], winner[0] === row && winner[1] === column ? 1 : 0);
        }
        case 'avg': {
          const count = params.countIncludePad ? axes[0].size * axes[1].size : under.length;
          return term(way, sample, [y, x, channel], 1 / count);
        }
        case 'sum':
          return term(way, sample, [y, x, channel], 1);
        default: {
          const root = given([y, x, channel]);
          return term(way, sample, [y, x, channel], root === 0 ? 0 : value / root);
        }
      }
    }),
  );
}

/** The places of a map that a window lies on, row by row; those beyond its edge are padding and left out. */
function placesUnder(
  axes: readonly [WindowAxis, WindowAxis],
  [y, x]: readonly [number, number],
  [top, left]: readonly [number, number],
  [, height = 0, width = 0]: readonly number[],
): readonly (readonly [number, number])[] {
  const along = (axis: WindowAxis, at: number, before: number, length: number): readonly number[] =>
    Array.from({ length: axis.size }, (_, tap) => at * axis.stride + tap * axis.dilation - before).filter(
      (index) => index >= 0 && index < length,
    );
  const columns = along(axes[1], x, left, width);
  return along(axes[0], y, top, height).flatMap((row) => columns.map((column) => [row, column] as const));
}

function pointTerms(way: BackwardNode, place: readonly number[], sample: number): readonly Term[] | null {
  return slopeOf(way.node) === null ? null : term(way, sample, place, 1);
}

function globalTerms(way: BackwardNode, place: readonly number[], sample: number): readonly Term[] | null {
  const [, height = 1, width = 1] = way.input.shape;
  const [row = 0, column = 0, channel = 0] = place;
  // Keeping its axes, it gives `[1, 1, channels]`.
  const at = way.output.shape.length === 4 ? [0, 0, channel] : [channel];
  if (way.node.params?.['mode'] !== 'max') return term(way, sample, at, 1 / (height * width));
  const read = reader(way.input, sample);
  let best: readonly number[] = [0, 0, channel];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (read([y, x, channel]) > read(best)) best = [y, x, channel];
  }
  return term(way, sample, at, best[0] === row && best[1] === column ? 1 : 0);
}

function flatTerms(way: BackwardNode, place: readonly number[], sample: number): readonly Term[] {
  return term(way, sample, [flatIndex(way.input.shape, place)], 1);
}

/** What the chain rule adds up to. */
export function sumOf(terms: readonly Term[]): number {
  return terms.reduce((sum, { slope, delta }) => sum + slope * delta, 0);
}
