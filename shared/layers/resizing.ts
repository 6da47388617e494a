import type { OpBuilder, Value } from '../ops/builder';
import { text, type Text } from '../text';
import type { Size2 } from './define';

/** How values between those of the input are made. */
export type ResizeMode = 'nearest' | 'bilinear' | 'bicubic';

/** Which place of the input a place of the output stands for. */
export type Coordinates = 'halfPixel' | 'alignCorners' | 'asymmetric';

export const resizeModes: { readonly [M in ResizeMode]: Text } = {
  nearest: text('Nearest', '最近邻'),
  bilinear: text('Bilinear', '双线性'),
  bicubic: text('Bicubic', '双三次'),
};

export const coordinateRules: { readonly [C in Coordinates]: Text } = {
  halfPixel: text('Pixel centres', '像素中心'),
  alignCorners: text('Corners aligned', '角点对齐'),
  asymmetric: text('Top left', '左上对齐'),
};

/** Of the cubic of Keys, as PyTorch, OpenCV and ONNX take it; TensorFlow takes -0.5. */
export const cubicSharpness = -0.75;

/** How many neighbours along an axis an output value is made of. */
export const reachOf: { readonly [M in ResizeMode]: number } = { nearest: 1, bilinear: 2, bicubic: 4 };

/**
 * Weights `[from, to]`, row-major, that resize one axis. Output i lies at (i + 0.5) · from / to - 0.5 with half pixels (Keras, and
 * PyTorch's align_corners=False), at i · (from - 1) / (to - 1) with aligned corners, at i · from / to asymmetrically (Caffe, old
 * TensorFlow); what lies outside of the input is its edge.
 */
export function resizeWeights(mode: ResizeMode, coordinates: Coordinates, from: number, to: number): Float32Array {
  const weights = new Float32Array(from * to);
  for (let i = 0; i < to; i++) {
    for (const [place, share] of sharesOf(mode, coordinates, from, to, i)) {
      const at = Math.min(Math.max(place, 0), from - 1) * to + i;
      weights[at] = (weights[at] ?? 0) + share;
    }
  }
  return weights;
}

/** Brings an axis last, multiplies it by `[from, to]` weights, and brings it back. `perm` is its own inverse. */
export function resizeAxis(
  ops: OpBuilder,
  x: Value,
  perm: readonly number[],
  weights: Float32Array,
  shape: Size2,
): Value {
  const resized = ops.matMul(ops.transpose(x, perm), ops.constant(weights, shape));
  return ops.transpose(resized, perm);
}

type Share = readonly [place: number, share: number];

function sharesOf(mode: ResizeMode, coordinates: Coordinates, from: number, to: number, i: number): readonly Share[] {
  if (mode === 'nearest') return [[nearestPlace(coordinates, from, to, i), 1]];
  const at = placeOf(coordinates, from, to, i);
  const low = Math.floor(at);
  const rest = at - low;
  if (mode === 'bilinear') return [[low, 1 - rest] as const, [low + 1, rest] as const];
  return [-1, 0, 1, 2].map((step) => [low + step, cubic(Math.abs(rest - step))] as const);
}

function placeOf(coordinates: Coordinates, from: number, to: number, i: number): number {
  switch (coordinates) {
    case 'halfPixel':
      return ((i + 0.5) * from) / to - 0.5;
    case 'alignCorners':
      return to === 1 ? 0 : (i * (from - 1)) / (to - 1);
    case 'asymmetric':
      return (i * from) / to;
  }
}

/** In whole numbers where halves decide, so that no rounding error moves a pixel. */
export function nearestPlace(coordinates: Coordinates, from: number, to: number, i: number): number {
  switch (coordinates) {
    case 'halfPixel':
      return Math.floor(((2 * i + 1) * from) / (2 * to));
    case 'alignCorners':
      return to === 1 ? 0 : Math.floor((2 * i * (from - 1) + (to - 1)) / (2 * (to - 1)));
    case 'asymmetric':
      return Math.floor((i * from) / to);
  }
}

/** Keys, Cubic convolution interpolation for digital image processing, 1981. */
function cubic(x: number): number {
  const a = cubicSharpness;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}
