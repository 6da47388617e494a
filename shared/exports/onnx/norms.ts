import { product } from '../../layers/arithmetic';
import { float, type LayerGraph } from './graph';
import { isKnown, known, only, perChannel, type Layer, type ParamsOf } from './layer';
import { axisOrders, permuted } from './layout';

/** What an operator must be given that the layer has not learned is called so: an import then has no parameters for it. */
const [ones, zeros] = ['ones', 'zeros'];

/** A learned list of numbers, or the one that changes nothing where the layer has none. */
function learned(layer: Layer<unknown>, name: string, has: boolean, length: number, plain: number): Float32Array {
  return has ? layer.weight(name).data : new Float32Array(length).fill(plain);
}

export function printBatchNorm(layer: Layer<ParamsOf<'batchnorm'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const { momentum, epsilon, scale, center } = layer.params;
  const channels = known(shape.at(-1));
  const list = (name: string, data: Float32Array): string => graph.floats(name, [channels], data);
  const inputs = [
    list(scale ? 'gamma' : ones, learned(layer, 'gamma', scale, channels, 1)),
    list(center ? 'beta' : zeros, learned(layer, 'beta', center, channels, 0)),
    list('movingMean', layer.weight('movingMean').data),
    list('movingVariance', layer.weight('movingVariance').data),
  ];
  return graph.node('BatchNormalization', [value, ...inputs], { epsilon: float(epsilon), momentum: float(momentum) });
}

/** The operator set that brought layer normalization, which is nine nodes without it. */
const layerNormSince = 17;

export function printLayerNorm(layer: Layer<ParamsOf<'layernorm'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const { axis, epsilon, scale, center } = layer.params;
  const normalize = (x: string, sizes: readonly number[], first: number, order: readonly number[] | null): string => {
    const own = (name: string, has: boolean, plain: number): string => {
      const data = learned(layer, name, has, product(sizes) ?? 0, plain);
      return graph.floats(name, sizes, order === null || !has ? data : permuted(data, layer.weight(name).shape, order));
    };
    const inputs = [x, scale ? own('gamma', true, 1) : own(ones, false, 1), ...(center ? [own('beta', true, 0)] : [])];
    return graph.node('LayerNormalization', inputs, { axis: first, epsilon: float(epsilon) }, layerNormSince);
  };
  const channels = known(shape.at(-1));
  if (shape.length === 1) return normalize(value, [channels], 1, null);
  if (axis === 'all')
    return normalize(
      value,
      axisOrders.bareMap.map((at) => known(shape[at])),
      1,
      axisOrders.bareMap,
    );
  // Each position alone: its channels lie last for that.
  const last = graph.node('Transpose', [value], { perm: axisOrders.mapBack });
  return graph.node('Transpose', [normalize(last, [channels], 3, null)], { perm: axisOrders.map });
}

/** The operator set since which reductions take their axes as an input. */
const axesAsInputSince = 18;

function reduced(graph: LayerGraph, op: 'ReduceMean' | 'ReduceL2', value: string, axes: readonly number[]): string {
  return graph.node(op, [value, graph.int64s('axes', axes)], { keepdims: 1 }, axesAsInputSince);
}

/** In primitives: ONNX has an operator for it only since its set 23, which few read. */
export function printRmsNorm(layer: Layer<ParamsOf<'rmsnorm'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const meanSquare = reduced(graph, 'ReduceMean', graph.node('Mul', [value, value]), [1]);
  const sum = graph.node('Add', [meanSquare, graph.fixed(layer.params.epsilon)]);
  const normal = graph.node('Div', [value, graph.node('Sqrt', [sum])]);
  if (!layer.params.scale) return normal;
  return graph.node('Mul', [normal, perChannel({ shape }, graph, 'gamma', layer.weight('gamma').data)]);
}

export function printResponseNorm(layer: Layer<ParamsOf<'grn'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const strength = reduced(graph, 'ReduceL2', value, [2, 3]);
  const mean = graph.node('Add', [reduced(graph, 'ReduceMean', strength, [1]), graph.fixed(layer.params.epsilon)]);
  const product = graph.node('Mul', [value, graph.node('Div', [strength, mean])]);
  const [gamma, beta] = (['gamma', 'beta'] as const).map((name) =>
    perChannel({ shape }, graph, name, layer.weight(name).data),
  ) as [string, string];
  return graph.node('Add', [value, graph.node('Add', [graph.node('Mul', [product, gamma]), beta])]);
}

export function printGroupNorm(layer: Layer<ParamsOf<'groupnorm'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const { groups, epsilon, scale, center } = layer.params;
  const channels = known(shape.at(-1));
  const attributes = { epsilon: float(epsilon) };
  const list = (name: string, data: Float32Array): string => graph.floats(name, [data.length], data);
  if (groups === channels && shape.length === 3) {
    const gamma = list(scale ? 'gamma' : ones, learned(layer, 'gamma', scale, channels, 1));
    const beta = list(center ? 'beta' : zeros, learned(layer, 'beta', center, channels, 0));
    return graph.node('InstanceNormalization', [value, gamma, beta], attributes);
  }
  // A group is normalised as a channel that holds all its values.
  const apart = graph.node('Reshape', [value, graph.int64s('groups', [0, groups, -1])]);
  const plain = [list(ones, new Float32Array(groups).fill(1)), list(zeros, new Float32Array(groups))];
  const normal = graph.node('InstanceNormalization', [apart, ...plain], attributes);
  const [channelsFirst, ...positions] = [channels, ...shape.slice(0, -1)];
  const whole = isKnown(positions)
    ? graph.int64s('shape', [0, channelsFirst, ...positions])
    : graph.node('Shape', [value]);
  const together = graph.node('Reshape', [normal, whole]);
  const scaled = scale
    ? graph.node('Mul', [together, perChannel({ shape }, graph, 'gamma', layer.weight('gamma').data)])
    : together;
  return center ? graph.node('Add', [scaled, perChannel({ shape }, graph, 'beta', layer.weight('beta').data)]) : scaled;
}

export function printLrn(layer: Layer<ParamsOf<'lrn'>>, graph: LayerGraph): string {
  const { value } = only(layer);
  const { radius, alpha, beta, bias } = layer.params;
  const size = 2 * radius + 1;
  // ONNX divides its alpha by the number of channels that are summed.
  const numbers = { alpha: float(alpha * size), beta: float(beta), bias: float(bias) };
  return graph.node('LRN', [value], { size, ...numbers });
}

export function printScale(layer: Layer<ParamsOf<'scale'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const operand = (name: 'scale' | 'shift', neutral: number): string | null => {
    const given = layer.params[name];
    if (layer.params.learned !== false && (name === 'scale' || layer.params.center)) {
      const { data } = layer.weight(name);
      return data.length === 1 ? graph.floats(name, [1], data) : perChannel({ shape }, graph, name, data);
    }
    if (typeof given !== 'number') return perChannel({ shape }, graph, name, Float32Array.from(given));
    return given === neutral ? null : graph.fixed(given);
  };
  const [scale, shift] = [operand('scale', 1), operand('shift', 0)];
  const scaled = scale === null ? value : graph.node('Mul', [value, scale]);
  return shift === null ? scaled : graph.node('Add', [scaled, shift]);
}
