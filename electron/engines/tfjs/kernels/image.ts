import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { Pads } from '../../../../shared/ops/graph';

/** Pads an image on its four sides with `value`; a negative pad cuts off instead. */
export function padImage(x: Tensor4D, [top, bottom, left, right]: Pads, value = 0): Tensor4D {
  const grown = [top, bottom, left, right].map((pad) => Math.max(pad, 0));
  const [growTop = 0, growBottom = 0, growLeft = 0, growRight = 0] = grown;
  const padded = grown.every((pad) => pad === 0)
    ? x
    : tf.pad(
        x,
        [
          [0, 0],
          [growTop, growBottom],
          [growLeft, growRight],
          [0, 0],
        ],
        value,
      );
  if (Math.min(top, bottom, left, right) >= 0) return padded;
  const [batch, height, width, channels] = padded.shape;
  const cutTop = Math.max(-top, 0);
  const cutLeft = Math.max(-left, 0);
  const size = [height - cutTop - Math.max(-bottom, 0), width - cutLeft - Math.max(-right, 0)] as const;
  return tf.slice(padded, [0, cutTop, cutLeft, 0], [batch, ...size, channels]);
}

/**
 * Puts `strides` - 1 rows and columns of zeros behind every row and column: a strided convolution's gradient seen on the grid of
 * its input. [n, h, w, c] becomes [n, h * strides[0], w * strides[1], c].
 */
export function spreadByStrides(x: Tensor4D, [vertical, horizontal]: readonly [number, number]): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const behind = (values: tf.Tensor, stride: number, rows: number, length: number) =>
    stride === 1
      ? values
      : tf.pad(values.reshape([rows, 1, length]), [
          [0, 0],
          [0, stride - 1],
          [0, 0],
        ]);
  const rows = behind(x, vertical, batch * height, width * channels);
  const columns = behind(rows, horizontal, batch * height * vertical * width, channels);
  return columns.reshape([batch, height * vertical, width * horizontal, channels]);
}

/**
 * The pixels sorted by where they lie within a stride: part (row, column), at `row + column * strides[0]`, holds every `strides`-th row
 * from `row` and column from `column`. Height and width are multiples of the strides. By reshaping and transposing, so that each
 * part lies together: wasm's StridedSlice goes through JavaScript value by value.
 */
export function splitPhases(x: Tensor4D, [vertical, horizontal]: readonly [number, number]): Tensor4D[] {
  const [batch, height, width, channels] = x.shape;
  const tall = height / vertical;
  const wide = width / horizontal;
  const rows = tf.transpose(x.reshape([batch * tall, vertical, width * channels]), [1, 0, 2]);
  const columns = tf.transpose(rows.reshape([vertical * batch * tall * wide, horizontal, channels]), [1, 0, 2]);
  const parts = columns.reshape([vertical * horizontal, batch * tall * wide * channels]);
  return tf.unstack(parts).map((part) => part.reshape([batch, tall, wide, channels]));
}

/** The way back from {@link splitPhases}. */
export function joinPhases(parts: readonly Tensor4D[], [vertical, horizontal]: readonly [number, number]): Tensor4D {
  const [first] = parts;
  if (first === undefined) throw new Error('tfjs engine: an image without parts.');
  const [batch, tall, wide, channels] = first.shape;
  const columns = tf.stack([...parts]).reshape([horizontal, vertical * batch * tall * wide, channels]);
  const rows = tf.transpose(columns, [1, 0, 2]).reshape([vertical, batch * tall, wide * horizontal * channels]);
  return tf.transpose(rows, [1, 0, 2]).reshape([batch, tall * vertical, wide * horizontal, channels]);
}

/** Every `strides`-th row and column, from the first. */
export function takeByStrides(x: Tensor4D, strides: readonly [number, number]): Tensor4D {
  const [, height, width] = x.shape;
  const bottom = Math.ceil(height / strides[0]) * strides[0] - height;
  const right = Math.ceil(width / strides[1]) * strides[1] - width;
  const [taken] = splitPhases(padImage(x, [0, bottom, 0, right]), strides);
  if (taken === undefined) throw new Error('tfjs engine: strides must be at least 1.');
  return taken;
}
