/** Prints `pixels.ts`: brings pictures to the size and channels of a network as Convloom does; runs in a browser too. */
export const pixelsSource = `import type { Values } from './values.js';

/** A picture, row by row, channels last. */
export type Pixels = { width: number; height: number; channels: number; data: Uint8Array | Uint8ClampedArray };

/** From red, green, blue and alpha to fewer channels. Grey is ITU-R BT.601's luma: 0.299 R + 0.587 G + 0.114 B. */
function convert({ width, height, data }: Pixels, channels: number): Pixels {
  const converted = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(4 * pixel, 4 * pixel + 4);
    if (channels === 1) converted[pixel] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    else converted.set([red, green, blue, alpha].slice(0, channels), pixel * channels);
  }
  return { width, height, channels, data: converted };
}

type Tap = { first: number; weights: number[] };

/** For each new position the old ones that it is made of: a triangle as wide as the larger of an old and a new pixel. */
function taps(from: number, to: number): Tap[] {
  const scale = from / to;
  const radius = Math.max(1, scale);
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - radius + 0.5));
    const last = Math.min(from, Math.floor(centre + radius + 0.5));
    const shares = Array.from({ length: Math.max(1, last - first) }, (_unused, offset) =>
      Math.max(0, 1 - Math.abs(first + offset + 0.5 - centre) / radius),
    );
    const sum = shares.reduce((total, share) => total + share, 0);
    return { first, weights: shares.map((share) => (sum === 0 ? 1 / shares.length : share / sum)) };
  });
}

function resize(picture: Pixels, height: number, width: number): Pixels {
  if (picture.height === height && picture.width === width) return picture;
  const { channels, data } = picture;
  const row = width * channels;
  const narrow = new Float32Array(picture.height * row);
  for (const [x, { first, weights }] of taps(picture.width, width).entries()) {
    for (let y = 0; y < picture.height; y += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (const [tap, weight] of weights.entries()) {
          sum += weight * (data[(y * picture.width + first + tap) * channels + channel] ?? 0);
        }
        narrow[y * row + x * channels + channel] = sum;
      }
    }
  }
  const resized = new Uint8Array(height * row);
  for (const [y, { first, weights }] of taps(picture.height, height).entries()) {
    for (let at = 0; at < row; at += 1) {
      let sum = 0;
      for (const [tap, weight] of weights.entries()) sum += weight * (narrow[(first + tap) * row + at] ?? 0);
      resized[y * row + at] = Math.min(255, Math.max(0, Math.round(sum)));
    }
  }
  return { width, height, channels, data: resized };
}

/** A picture of four channels as a network takes it: values from 0 to 1. A size that is null is the picture's own. */
export function toInput(picture: Pixels, [height, width, channels]: readonly (number | null)[]): Values {
  const converted = convert(picture, channels ?? 3);
  const { data, ...resized } = resize(converted, height ?? picture.height, width ?? picture.width);
  const shape = [resized.height, resized.width, resized.channels];
  return { shape, data: Float32Array.from(data, (value) => value / 255) };
}

/** Labels cannot be mixed: the pixel under each new centre. */
export function resizeLabels(labels: Float32Array, from: Pixels, height: number, width: number): Float32Array {
  const resized = new Float32Array(height * width);
  for (let at = 0; at < resized.length; at += 1) {
    const y = Math.floor(((Math.floor(at / width) + 0.5) * from.height) / height);
    const x = Math.floor((((at % width) + 0.5) * from.width) / width);
    resized[at] = labels[y * from.width + x] ?? 0;
  }
  return resized;
}
`;
