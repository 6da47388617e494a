import type { Padding, Size2 } from './define';

/** Where a window is put along one axis: everything that decides how many there are. */
export type WindowAxis = {
  /** Length of the input, null when unknown. */
  readonly length: number | null;
  /** Values that the window takes. */
  readonly size: number;
  readonly stride: number;
  /** Distance between the values that the window takes; 1 is a plain window. */
  readonly dilation: number;
  readonly padding: AxisPadding;
};

/** `[before, after]` along one axis, or TensorFlow's rule for it. */
export type AxisPadding = 'same' | readonly [before: number, after: number];

/** Padding of both axes as the document says it: `[top, bottom]` for the height, `[left, right]` for the width. */
export function axisPaddings(padding: Padding): readonly [height: AxisPadding, width: AxisPadding] {
  if (padding === 'same') return ['same', 'same'];
  if (padding === 'valid')
    return [
      [0, 0],
      [0, 0],
    ];
  if (typeof padding === 'number')
    return [
      [padding, padding],
      [padding, padding],
    ];
  if (padding.length === 2) {
    const [height, width] = padding;
    return [
      [height, height],
      [width, width],
    ];
  }
  const [top, bottom, left, right] = padding;
  return [
    [top, bottom],
    [left, right],
  ];
}

/** The window per axis, for an input `[height, width, channels]`. */
export function windowAxes(
  input: readonly (number | null)[],
  size: Size2,
  strides: Size2,
  dilation: Size2,
  padding: Padding,
): readonly [height: WindowAxis, width: WindowAxis] {
  const paddings = axisPaddings(padding);
  return [
    { length: input[0] ?? null, size: size[0], stride: strides[0], dilation: dilation[0], padding: paddings[0] },
    { length: input[1] ?? null, size: size[1], stride: strides[1], dilation: dilation[1], padding: paddings[1] },
  ];
}

/** What a window spans with its gaps: d(a - 1) + 1. A 3-wide window with dilation 2 spans 5. */
export function windowSpan(size: number, dilation: number): number {
  return dilation * (size - 1) + 1;
}

/**
 * Zeros `[before, after]` of one axis, in values. For 'same' the total is max((ceil(x/s) - 1)s + span - x, 0) and the odd one goes
 * after, as TensorFlow does: x 224, a 7, s 2 gives (2, 3). Null when that needs a length that is unknown.
 */
export function resolvePadding(axis: WindowAxis): readonly [before: number, after: number] | null {
  const { length, stride, padding } = axis;
  if (padding !== 'same') return padding;
  const span = windowSpan(axis.size, axis.dilation);
  // With stride 1 the length cancels out: every length needs span - 1 zeros.
  const total =
    stride === 1
      ? span - 1
      : length === null
        ? null
        : Math.max((Math.ceil(length / stride) - 1) * stride + span - length, 0);
  if (total === null) return null;
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/**
 * Number of window positions: floor((x + p0 + p1 - d(a - 1) - 1) / s) + 1; the plain case is b = x - a + 1, so 28 and 5 give 24.
 * 'same' gives ceil(x / s). With 'ceil' rounding a last, overhanging window counts too, if it starts inside the input or its
 * leading padding (PyTorch's ceil_mode): 112, 3, 2 gives 56 where 'floor' gives 55. A result <= 0 means that the window does
 * not fit. Null when the length is unknown. Dumoulin and Visin, arXiv 1603.07285; PyTorch's pooling_output_shape.
 */
export function windowCount(axis: WindowAxis, rounding: 'floor' | 'ceil' = 'floor'): number | null {
  const { length, stride, padding } = axis;
  if (length === null) return null;
  if (padding === 'same') return Math.ceil(length / stride);
  const [before, after] = padding;
  const room = length + before + after - windowSpan(axis.size, axis.dilation);
  const count = (rounding === 'floor' ? Math.floor(room / stride) : Math.ceil(room / stride)) + 1;
  return rounding === 'ceil' && (count - 1) * stride >= length + before ? count - 1 : count;
}

/**
 * Zeros after an axis so that exactly `count` windows fit, for ops that only round down: what the document pads, or what an
 * overhanging last window needs.
 */
export function paddingAfter(axis: WindowAxis, count: number): number {
  const [before, after] = resolvePadding(axis) ?? [0, 0];
  const needed = (count - 1) * axis.stride + windowSpan(axis.size, axis.dilation) - (axis.length ?? 0) - before;
  return Math.max(after, needed);
}

/**
 * Length that an up-conv gives: (x - 1)s - p0 - p1 + d(a - 1) + outputPadding + 1, or x·s for 'same'. x 28, a 2, s 2 gives 56.
 * Null when the length is unknown. Dumoulin and Visin, arXiv 1603.07285, relationship 14.
 */
export function upconvLength(axis: WindowAxis, outputPadding: number): number | null {
  const { length, stride, padding } = axis;
  if (length === null) return null;
  if (padding === 'same') return length * stride;
  const [before, after] = padding;
  return (length - 1) * stride - before - after + windowSpan(axis.size, axis.dilation) + outputPadding;
}

/**
 * What an up-conv cuts off its full result (x - 1)s + d(a - 1) + 1 at both ends. `after` is negative where zeros are added
 * instead: a window shorter than its stride with 'same', or outputPadding beyond what padding had cut.
 */
export function upconvCut(axis: WindowAxis, outputPadding: number): readonly [before: number, after: number] {
  const { stride, padding } = axis;
  if (padding !== 'same') return [padding[0], padding[1] - outputPadding];
  const total = windowSpan(axis.size, axis.dilation) - stride;
  const before = Math.floor(Math.max(total, 0) / 2);
  return [before, total - before];
}

/** Product of sizes; null when one is unknown. */
export function product(sizes: readonly (number | null)[]): number | null {
  let result = 1;
  for (const size of sizes) {
    if (size === null) return null;
    result *= size;
  }
  return result;
}
