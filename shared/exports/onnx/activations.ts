import { activationOf, defaultAlpha, type ActivationOptions } from '../../layers/activations';
import { float, type LayerGraph } from './graph';
import { only, perChannel, type Layer, type ParamsOf } from './layer';

/** Where an axis stands behind the batch; the channels of a map and of a list alike. */
const axes = { channels: 1, height: 2, width: 3 } as const;

type Options = Omit<ActivationOptions, 'alpha'> & { readonly alpha?: number | null };

/**
 * An activation of a value. Where ONNX has an operator only since a late operator set (GELU, Mish, hard swish) it is written in the few
 * that every reader knows, and most readers put together again.
 */
export function printActivation(name: string, x: string, graph: LayerGraph, options: Options = {}): string {
  const known = activationOf(name);
  const slope = options.alpha ?? defaultAlpha(known);
  switch (known) {
    case 'linear':
      return x;
    case 'relu':
      return graph.node('Relu', [x]);
    case 'leakyRelu':
      return graph.node('LeakyRelu', [x], { alpha: float(slope) });
    case 'prelu':
      throw new Error('ONNX: a learned slope is a weight.');
    case 'relu6':
      return graph.node('Clip', [x, graph.scalar('min', 0), graph.scalar('max', 6)]);
    case 'clip':
      return clip(x, graph, options);
    case 'elu':
      return graph.node('Elu', [x], { alpha: float(slope) });
    case 'selu':
      return graph.node('Selu', [x]);
    case 'softplus':
      return graph.node('Softplus', [x]);
    case 'sigmoid':
      return graph.node('Sigmoid', [x]);
    case 'hardsigmoid':
      return hardSigmoid(x, graph);
    case 'hardswish':
      return graph.node('Mul', [x, hardSigmoid(x, graph)]);
    case 'tanh':
      return graph.node('Tanh', [x]);
    case 'softmax':
      return graph.node('Softmax', [x], { axis: axes[options.axis ?? 'channels'] });
    case 'logSoftmax':
      return graph.node('LogSoftmax', [x], { axis: axes[options.axis ?? 'channels'] });
    case 'swish':
      return graph.node('Mul', [x, graph.node('Sigmoid', [x])]);
    case 'mish':
      return graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x])])]);
    case 'gelu': {
      const erf = graph.node('Erf', [graph.node('Div', [x, graph.scalar('root', Math.SQRT2)])]);
      const product = graph.node('Mul', [x, graph.node('Add', [erf, graph.scalar('one', 1)])]);
      return graph.node('Mul', [product, graph.scalar('half', 0.5)]);
    }
  }
}

function clip(x: string, graph: LayerGraph, { min = null, max = null }: Options): string {
  if (min === null && max === null) return x;
  const bounds = [min === null ? '' : graph.scalar('min', min), ...(max === null ? [] : [graph.scalar('max', max)])];
  return graph.node('Clip', [x, ...bounds]);
}

function hardSigmoid(x: string, graph: LayerGraph): string {
  return graph.node('HardSigmoid', [x], { alpha: float(1 / 6), beta: float(0.5) });
}

export function printActivationLayer(layer: Layer<ParamsOf<'activation'>>, graph: LayerGraph): string {
  const { value, shape } = only(layer);
  const { function: name } = layer.params;
  if (name !== 'prelu') return printActivation(name, value, graph, layer.params);
  return graph.node('PRelu', [value, perChannel({ shape }, graph, 'alpha', layer.weight('alpha').data)]);
}
