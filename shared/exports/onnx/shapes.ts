import { cropStart } from '../../layers/crop';
import type { Shape } from '../../layers/define';
import { cubicSharpness } from '../../layers/resizing';
import { coordinateRulesOfOnnx, hasExactPlaces, nearestPlaces } from './resizing';
import { float, toTheEnd, type LayerGraph } from './graph';
import { isKnown, known, only, OpenSizeFault, type Layer, type ParamsOf } from './layer';
import { axisOrders } from './layout';

/** Where an axis of the app lies in ONNX, behind the batch: height, width, channels of a map; the channels of a list. */
function axisOf(axis: 'height' | 'width' | 'channels'): number {
  return { channels: 1, height: 2, width: 3 }[axis];
}

/** Whether a map's values lie in the same order channels first and channels last. */
function isSameInMemory(shape: Shape): boolean {
  return shape.length !== 3 || shape[2] === 1 || (shape[0] === 1 && shape[1] === 1);
}

/** A value as the app has it in memory: channels last. */
function channelsLast(value: string, shape: Shape, graph: LayerGraph): string {
  return isSameInMemory(shape) ? value : graph.node('Transpose', [value], { perm: axisOrders.mapBack });
}

export function printFlatten(layer: Layer<unknown>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  if (shape.length === 1) return value;
  const isFirst = layer.orderOf(-1) !== null;
  return graph.node('Flatten', [isFirst ? value : channelsLast(value, shape, graph)]);
}

export function printReshape(layer: Layer<unknown>, graph: LayerGraph): string {
  const { id, output } = layer;
  const { value, shape } = only(layer);
  if (output.filter((size) => size === null).length > 1) throw new OpenSizeFault(id);
  const last = channelsLast(value, shape, graph);
  const sizes = output.map((size) => size ?? -1);
  if (isSameInMemory(output)) {
    const [height = 0, width = 0, channels = 0] = sizes;
    const target = sizes.length === 3 ? [channels, height, width] : sizes;
    return graph.node('Reshape', [last, graph.int64s('shape', [0, ...target])]);
  }
  const shaped = graph.node('Reshape', [last, graph.int64s('shape', [0, ...sizes])]);
  return graph.node('Transpose', [shaped], { perm: axisOrders.map });
}

export function printPermute(layer: Layer<ParamsOf<'permute'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const { order } = layer.params;
  if (order.every((axis, place) => axis === place + 1)) return value;
  // Axes of the app, 1 to n, as ONNX counts them.
  const place = (axis: number): number => (axis === shape.length ? 1 : axis + 1);
  const [height = 1, width = 1, channels = 1] = order;
  return graph.node('Transpose', [value], { perm: [0, place(channels), place(height), place(width)] });
}

function printSlice(
  value: string,
  cuts: readonly (readonly [axis: number, from: number, to: number])[],
  graph: LayerGraph,
): string {
  if (cuts.length === 0) return value;
  const list = (name: string, at: 0 | 1 | 2): string =>
    graph.int64s(
      name,
      cuts.map((cut) => cut[at]),
    );
  return graph.node('Slice', [value, list('starts', 1), list('ends', 2), list('axes', 0)]);
}

export function printSliceLayer(layer: Layer<ParamsOf<'slice'>>, graph: LayerGraph): string {
  const { value } = only(layer);
  const { axis, from, to } = layer.params;
  return from === 0 && to === null ? value : printSlice(value, [[axisOf(axis), from, to ?? toTheEnd]], graph);
}

export function printCrop(layer: Layer<ParamsOf<'crop'>>, graph: LayerGraph): string {
  const { params, inputs, shapes } = layer;
  const { value, shape } = only(layer);
  const [, reference] = shapes;
  if (reference === undefined) {
    const sides = [
      [params.top, params.bottom],
      [params.left, params.right],
    ] as const;
    const cuts = sides.flatMap(([before, after], index) =>
      before + after === 0 ? [] : [[index + 2, before, after === 0 ? toTheEnd : -after] as const],
    );
    return printSlice(value, cuts, graph);
  }
  const starts: Shape = ([0, 1] as const).map((axis) =>
    cropStart(shape[axis] ?? null, reference[axis] ?? null, params.offset, axis),
  );
  const sizes: Shape = [reference[0] ?? null, reference[1] ?? null];
  if (isKnown(starts) && isKnown(sizes)) {
    const cuts = starts.map((start, index) => [index + 2, start, start + known(sizes[index])] as const);
    return printSlice(value, cuts, graph);
  }
  return printOpenCrop(value, inputs[1] ?? '', params.offset, graph);
}

/** The cut is computed when the model runs. */
function printOpenCrop(
  value: string,
  reference: string,
  offset: ParamsOf<'crop'>['offset'],
  graph: LayerGraph,
): string {
  const axes = graph.int64s('axes', [2, 3]);
  const lengths = (of: string): string => graph.node('Gather', [graph.node('Shape', [of]), axes]);
  const wanted = lengths(reference);
  const start =
    offset === 'center'
      ? graph.node('Div', [graph.node('Sub', [lengths(value), wanted]), graph.int64s('two', [2])])
      : graph.int64s('starts', offset);
  return graph.node('Slice', [value, start, graph.node('Add', [start, wanted]), axes]);
}

export function printPad(layer: Layer<ParamsOf<'pad'>>, graph: LayerGraph): string {
  const { value } = only(layer);
  const { top, bottom, left, right, mode, value: filler } = layer.params;
  if (top + bottom + left + right === 0) return value;
  const sides = graph.int64s('pads', [0, 0, top, left, 0, 0, bottom, right]);
  if (mode === 'reflect' || mode === 'edge') return graph.node('Pad', [value, sides], { mode });
  const isZero = mode === 'zero' || filler === 0;
  return graph.node('Pad', isZero ? [value, sides] : [value, sides, graph.scalar('value', filler)]);
}

/** As ShuffleNet's authors wrote it: groups apart, turned, together again. */
export function printShuffle(layer: Layer<ParamsOf<'shuffle'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const { groups } = layer.params;
  const channels = known(shape.at(-1));
  const inGroup = channels / groups;
  if (groups === 1 || inGroup === 1) return value;
  if (!isKnown(shape)) {
    const from = Array.from(
      { length: channels },
      (_, place) => (place % groups) * inGroup + Math.floor(place / groups),
    );
    return graph.node('Gather', [value, graph.int64s('order', from)], { axis: 1 });
  }
  const positions = shape.slice(0, -1);
  const apart = graph.node('Reshape', [value, graph.int64s('groups', [0, groups, inGroup, ...positions])]);
  const turned = graph.node('Transpose', [apart], { perm: [0, 2, 1, ...positions.map((_, axis) => axis + 3)] });
  return graph.node('Reshape', [turned, graph.int64s('shape', [0, channels, ...positions])]);
}

export function printDepthToSpace(layer: Layer<ParamsOf<'depthToSpace'>>, graph: LayerGraph): string {
  const { blockSize, order } = layer.params;
  return graph.node('DepthToSpace', [only(layer).value], { blocksize: blockSize, mode: order });
}

/** ONNX has the one order; the other deals the channels out anew. */
export function printSpaceToDepth(layer: Layer<ParamsOf<'spaceToDepth'>>, graph: LayerGraph): string {
  const { blockSize, order } = layer.params;
  const { value, shape } = only(layer);
  const deep = graph.node('SpaceToDepth', [value], { blocksize: blockSize });
  const [channels, places] = [known(shape[2]), blockSize * blockSize];
  if (order === 'DCR' || channels === 1 || places === 1) return deep;
  const from = Array.from({ length: channels * places }, (_, at) => (at % places) * channels + Math.floor(at / places));
  return graph.node('Gather', [deep, graph.int64s('order', from)], { axis: 1 });
}

export function printUpsample(layer: Layer<ParamsOf<'upsample'>>, graph: LayerGraph): string {
  const { output, params } = layer;
  const { value, shape } = only(layer);
  const { mode, coordinates } = params;
  const [from, to]: readonly [Shape, Shape] = [shape.slice(0, 2), output.slice(0, 2)];
  const factor = params.size === null ? (params.factor ?? [2, 2]) : null;
  const isSame =
    factor === null ? from.every((size, axis) => size !== null && size === to[axis]) : factor.every((by) => by === 1);
  if (isSame) return value;
  const attributes = {
    mode: { nearest: 'nearest', bilinear: 'linear', bicubic: 'cubic' }[mode],
    coordinate_transformation_mode: coordinateRulesOfOnnx[coordinates],
    ...(mode === 'nearest' ? { nearest_mode: coordinates === 'asymmetric' ? 'floor' : 'round_prefer_ceil' } : {}),
    ...(mode === 'bicubic' ? { cubic_coeff_a: float(cubicSharpness) } : {}),
  };
  if (factor !== null) return resize(value, scalesOf(factor, graph), attributes, graph);
  if (isKnown(from) && isKnown(to)) {
    if (mode === 'nearest' && !from.every((size, axis) => hasExactPlaces(coordinates, size, known(to[axis])))) {
      return from.reduce<string>((x, size, axis) => {
        const places = nearestPlaces(coordinates, size, known(to[axis]));
        return graph.node('Gather', [x, graph.int64s(axis === 0 ? 'rows' : 'columns', places)], { axis: axis + 2 });
      }, value);
    }
    const scales = from.map((size, axis) => scaleTo(size, known(to[axis])));
    return resize(value, scalesOf(scales, graph), attributes, graph);
  }
  const whole = graph.node('Slice', [
    graph.node('Shape', [value]),
    graph.int64s('starts', [0]),
    graph.int64s('ends', [2]),
  ]);
  const sizes = graph.node('Concat', [whole, graph.int64s('size', to.map(known))], { axis: 0 });
  return graph.node('Resize', [value, '', '', sizes], attributes);
}

function resize(
  value: string,
  scales: string,
  attributes: Parameters<LayerGraph['node']>[2],
  graph: LayerGraph,
): string {
  return graph.node('Resize', [value, '', scales], attributes);
}

function scalesOf(scales: readonly number[], graph: LayerGraph): string {
  return graph.floats('scales', [4], Float32Array.from([1, 1, ...scales]));
}

/** A float32 by which a length becomes another: readers round the product down, some of them in double precision. */
function scaleTo(from: number, to: number): number {
  const scale = Math.fround(to / from);
  return from * scale >= to ? scale : Math.fround(scale * (1 + 2 ** -23));
}
