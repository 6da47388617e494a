/** Per sample, channels last: `[height, width, channels]` or `[units]`. `null` is a size that is not known. */
export type Shape = readonly (number | null)[];

/** A size per axis, as a number or `[height, width]` in the document and always `[height, width]` in code. */
export type Size2 = readonly [height: number, width: number];

/** As in the document: TensorFlow's words, a number, `[height, width]`, or `[top, bottom, left, right]`. */
export type Padding = 'valid' | 'same' | number | readonly [number, number] | readonly [number, number, number, number];
