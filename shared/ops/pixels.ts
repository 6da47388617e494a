import type { FloatTensor } from './tensor';

/** A picture as screens and PNG files have it: red, green, blue and opacity, 0..255, row by row. */
export type Pixels = { readonly width: number; readonly height: number; readonly rgba: Uint8ClampedArray<ArrayBuffer> };

/** Shares of red, green and blue in grey: ITU-R BT.601's luma. */
export const luma = [0.299, 0.587, 0.114] as const;

/**
 * A sample of `[count, height, width, channels]`, values in 0..1, as a picture: one channel in grey, three as they are, of any other number
 * the first in grey. Null where samples are no pictures.
 */
export function pixelsOf({ shape, data }: FloatTensor, sample: number): Pixels | null {
  const [, height, width, channels] = shape;
  if (height === undefined || width === undefined || channels === undefined) return null;
  const rgba = new Uint8ClampedArray(4 * height * width);
  const from = sample * height * width * channels;
  for (let pixel = 0; pixel < height * width; pixel++) {
    const at = from + pixel * channels;
    const red = 255 * (data[at] ?? 0);
    rgba[4 * pixel] = red;
    rgba[4 * pixel + 1] = channels === 3 ? 255 * (data[at + 1] ?? 0) : red;
    rgba[4 * pixel + 2] = channels === 3 ? 255 * (data[at + 2] ?? 0) : red;
    rgba[4 * pixel + 3] = 255;
  }
  return { width, height, rgba };
}

/** The colour of a class in masks: hues a golden angle apart, so that neighbours differ. Class 0 is the ground and dark. */
export function classPixel(index: number): readonly [red: number, green: number, blue: number] {
  if (index === 0) return [16, 18, 24];
  const [saturation, lightness] = [0.8, 0.58];
  const hue = (index * 137.5) % 360;
  const reach = saturation * Math.min(lightness, 1 - lightness);
  // CSS Color 4, section 7: how hsl() becomes rgb.
  const channel = (offset: number): number => {
    const turn = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** A mask as a picture. Pixels that belong to none of `classCount` classes are mid grey. */
export function maskPixels(
  classes: ArrayLike<number>,
  {
    from,
    width,
    height,
    classCount,
  }: { readonly from: number; readonly width: number; readonly height: number; readonly classCount: number },
): Pixels {
  const rgba = new Uint8ClampedArray(4 * height * width);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const index = classes[from + pixel] ?? 0;
    rgba.set(index < classCount ? classPixel(index) : [128, 128, 128], 4 * pixel);
    rgba[4 * pixel + 3] = 255;
  }
  return { width, height, rgba };
}

/** Samples to be looked at. */
export type ShownSamples = {
  /** As a network is given them: `[count, ...shape]`, pixels in 0..1. */
  readonly inputs: FloatTensor;
  /** For per-pixel tasks: class numbers `[count, height, width]`, as the network gives them; a true one beyond the last class is of none. */
  readonly masks?: { readonly shape: readonly number[]; readonly truth: Int32Array; readonly given: Int32Array };
  /** Where pictures are learned: what each is to become, and what the network makes of it, `[count, ...shape]`, values in 0..1. */
  readonly pictures?: { readonly truth: FloatTensor; readonly given: FloatTensor };
  /** The style that answers are to have, where there is one: `[1, ...shape]`. */
  readonly style?: FloatTensor;
};

/** What a picture of a sample shows: what went in, what is true, what the network gives, or whose style that is to have. */
export type PictureOf = 'input' | 'truth' | 'given' | 'style';

/** The pictures of a sample: none where samples are rows of numbers. */
export function samplePictures(
  { inputs, masks, pictures, style }: ShownSamples,
  row: number,
  classCount: number,
): readonly { readonly of: PictureOf; readonly pixels: Pixels }[] {
  const input = pixelsOf(inputs, row);
  const first = input === null ? [] : [{ of: 'input', pixels: input } as const];
  if (pictures !== undefined) {
    // Where pictures are to be themselves in another style, what they are to be is what went in.
    const wanted = style === undefined ? (['truth', 'given'] as const) : (['given'] as const);
    const others = wanted.flatMap((of) => {
      const pixels = pixelsOf(pictures[of], row);
      return pixels === null ? [] : [{ of, pixels }];
    });
    const styled = style === undefined ? null : pixelsOf(style, 0);
    return [...first, ...others, ...(styled === null ? [] : [{ of: 'style', pixels: styled } as const])];
  }
  if (masks === undefined) return first;
  const [, height = 1, width = 1] = masks.shape;
  const place = { from: row * height * width, width, height, classCount };
  return [
    ...first,
    { of: 'truth', pixels: maskPixels(masks.truth, place) },
    { of: 'given', pixels: maskPixels(masks.given, place) },
  ];
}
