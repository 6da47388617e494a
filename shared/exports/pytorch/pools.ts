import { axisPaddings, windowSpan } from '../../layers/arithmetic';
import type { Padding, Size2 } from '../../layers/define';
import { field, type Context, type Field, type PrintedCall } from '../code/calls';
import { pythonBoolean, sizeLiteral, tupleOf } from '../python/literals';
import { feature, operation, sizeOf } from '../python/calls';
import { helper } from './calls';

function windowFields(poolSize: Size2, strides: Size2, hasStrides: boolean): readonly Field[] {
  const isSame = poolSize.every((size, axis) => size === strides[axis]);
  return [
    feature('kernel_size', sizeLiteral(poolSize), 'poolSize'),
    { ...feature('stride', sizeLiteral(strides), hasStrides ? 'strides' : null), isDefault: isSame },
  ];
}

/** PyTorch's own pools where they do the same: padding alike at both ends and at most half a window, and no gaps in a mean. */
export function printPool({ params }: Context): readonly PrintedCall[] {
  const mode = String(params['mode']);
  if (params['outputSize'] !== null) {
    const count = feature('output_size', tupleOf(sizeOf(params['outputSize']).map(String)), 'outputSize');
    return [operation(mode === 'max' ? 'F.adaptive_max_pool2d' : 'F.adaptive_avg_pool2d', [count])];
  }
  const poolSize = sizeOf(params['poolSize']);
  const strides = params['strides'] === null ? poolSize : sizeOf(params['strides']);
  const dilation = sizeOf(params['dilationRate']);
  const padding = params['padding'] as Padding;
  const sides = axisPaddings(padding).map((side) => (side === 'same' ? ([0, 0] as const) : side));
  const isDilated = dilation.some((step) => step > 1);
  const isEven = sides.every(([before, after]) => before === after);
  const isNarrow = sides.every(([before], axis) => {
    const [size, gap] = axis === 0 ? [poolSize[0], dilation[0]] : [poolSize[1], dilation[1]];
    return 2 * before <= (mode === 'max' ? windowSpan(size, gap) : size);
  });
  const isCeil = params['rounding'] === 'ceil' && padding !== 'same';
  const counts = params['countIncludePad'] === true && mode === 'avg';
  const window = windowFields(poolSize, strides, params['strides'] !== null);
  const gaps = { ...feature('dilation', sizeLiteral(dilation), 'dilationRate'), isDefault: !isDilated };
  const ceil = { ...feature('ceil_mode', pythonBoolean(isCeil), null), isDefault: !isCeil };
  const isNative = mode !== 'l2' && padding !== 'same' && isEven && isNarrow && !(mode !== 'max' && isDilated);
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = sides;
  if (!isNative || (mode === 'sum' && isCeil)) {
    const around = padding === 'same' ? '"same"' : tupleOf([top, bottom, left, right].map(String));
    return [
      helper('window_pool2d', [
        feature('mode', `"${mode}"`, 'mode'),
        feature('kernel_size', sizeLiteral(poolSize), 'poolSize'),
        feature('stride', sizeLiteral(strides), params['strides'] === null ? null : 'strides'),
        { ...feature('padding', around, 'padding'), isDefault: around === '(0, 0, 0, 0)' },
        gaps,
        ceil,
        { ...feature('count_include_pad', pythonBoolean(counts), null), isDefault: !counts },
      ]),
    ];
  }
  const around = sizeLiteral([top, left]);
  const pad = { ...feature('padding', around, 'padding'), isDefault: around === '0' };
  switch (mode) {
    case 'max':
      return [operation('F.max_pool2d', [...window, pad, gaps, ceil])];
    case 'sum':
      return [operation('F.avg_pool2d', [...window, pad, field('divisor_override', '1')])];
    default: {
      const counted = {
        ...feature('count_include_pad', pythonBoolean(counts), null),
        isDefault: counts || around === '0',
      };
      return [operation('F.avg_pool2d', [...window, pad, ceil, counted])];
    }
  }
}

/** Its second input is what the pool was given. */
export function printUnpool({ params, maxima }: Context): readonly PrintedCall[] {
  const poolSize = sizeOf(params['poolSize']);
  const strides = params['strides'] === null ? poolSize : sizeOf(params['strides']);
  const pads = maxima?.windows.pads ?? [0, 0, 0, 0];
  const around = tupleOf(pads.map(String));
  return [
    helper('max_unpool2d', [
      ...windowFields(poolSize, strides, params['strides'] !== null),
      { ...feature('padding', around, null), isDefault: around === '(0, 0, 0, 0)' },
    ]),
  ];
}
