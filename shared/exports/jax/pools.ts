import { axisPaddings } from '../../layers/arithmetic';
import type { Padding } from '../../layers/define';
import type { Context, PrintedCall } from '../code/calls';
import { feature, operation, optional, sizeOf } from '../python/calls';
import { pythonBoolean, sizeLiteral, tupleOf } from '../python/literals';
import { helper, pairsLiteral, type Sides } from './calls';

const none = '((0, 0), (0, 0))';

/** Flax' own pools where they do the same: a maximum or a mean of windows without gaps that lie within the map and its padding. */
export function printPool({ params }: Context): readonly PrintedCall[] {
  const mode = String(params['mode']);
  if (params['outputSize'] !== null) {
    const count = tupleOf(sizeOf(params['outputSize']).map(String));
    return [
      helper('adaptive_pool', [feature('mode', `"${mode}"`, 'mode'), feature('output_size', count, 'outputSize')]),
    ];
  }
  const poolSize = sizeOf(params['poolSize']);
  const hasStrides = params['strides'] !== null;
  const strides = hasStrides ? sizeOf(params['strides']) : poolSize;
  const dilation = sizeOf(params['dilationRate']);
  const isSame = params['padding'] === 'same';
  const sides = axisPaddings(params['padding'] as Padding).map((side): Sides => (side === 'same' ? [0, 0] : side));
  const around = isSame ? '"SAME"' : pairsLiteral(sides);
  const isCeil = params['rounding'] === 'ceil' && !isSame;
  const counts = params['countIncludePad'] === true && mode === 'avg';
  const isPlain = dilation.every((gap) => gap === 1) && !isCeil;
  if (isPlain && (mode === 'max' || mode === 'avg')) {
    const window = [
      feature('window_shape', tupleOf(poolSize.map(String)), 'poolSize'),
      feature('strides', tupleOf(strides.map(String)), hasStrides ? 'strides' : 'poolSize'),
      optional('padding', around === none ? '"VALID"' : around, 'padding', '"VALID"'),
    ];
    if (mode === 'max') return [operation('nnx.max_pool', window)];
    const standard = counts || around === none ? pythonBoolean(counts) : 'True';
    return [
      operation('nnx.avg_pool', [...window, optional('count_include_pad', pythonBoolean(counts), null, standard)]),
    ];
  }
  return [
    helper('window_pool', [
      feature('mode', `"${mode}"`, 'mode'),
      feature('pool_size', sizeLiteral(poolSize), 'poolSize'),
      feature('strides', sizeLiteral(strides), hasStrides ? 'strides' : 'poolSize'),
      optional('padding', around, 'padding', none),
      optional('dilation', sizeLiteral(dilation), 'dilationRate', '1'),
      optional('ceil', pythonBoolean(isCeil), null, 'False'),
      optional('count_include_pad', pythonBoolean(counts), null, 'False'),
    ]),
  ];
}

/** Its second input is what the pool was given. */
export function printUnpool({ params, maxima }: Context): readonly PrintedCall[] {
  const poolSize = sizeOf(params['poolSize']);
  const hasStrides = params['strides'] !== null;
  const strides = hasStrides ? sizeOf(params['strides']) : poolSize;
  const [top = 0, bottom = 0, left = 0, right = 0] = maxima?.windows.pads ?? [];
  const around = pairsLiteral([
    [top, bottom],
    [left, right],
  ]);
  return [
    helper('max_unpool', [
      feature('pool_size', tupleOf(poolSize.map(String)), 'poolSize'),
      feature('strides', tupleOf(strides.map(String)), hasStrides ? 'strides' : 'poolSize'),
      optional('padding', around, null, none),
    ]),
  ];
}
