/** Prints `pictures.ts`: it reads pictures as Convloom does, so that a model sees the same values. */
export const pictureSource = `import { readFile } from 'node:fs/promises';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { Values } from './data.js';

type Picture = { width: number; height: number; channels: number; data: Uint8Array };

function decode(bytes: Buffer): Picture {
  if (bytes[0] === 0x89) {
    const { width, height, data } = PNG.sync.read(bytes);
    return { width, height, channels: 4, data };
  }
  return { ...jpeg.decode(bytes, { useTArray: true, formatAsRGBA: true, tolerantDecoding: false }), channels: 4 };
}

/** Grey is ITU-R BT.601's luma: 0.299 R + 0.587 G + 0.114 B. */
function convert({ width, height, data }: Picture, channels: number): Picture {
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

function resize(picture: Picture, height: number, width: number): Picture {
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

export const pictureName = /\\.(png|jpe?g)$/i;

/** A PNG or JPEG file as values from 0 to 1. A size that is null is the picture's own. */
export async function readPicture(path: string, size: readonly (number | null)[]): Promise<Values> {
  const [height, width, channels] = size;
  const picture = decode(await readFile(path));
  const converted = convert(picture, channels ?? 3);
  const { data, ...resized } = resize(converted, height ?? picture.height, width ?? picture.width);
  const shape = [resized.height, resized.width, resized.channels];
  return { shape, data: Float32Array.from(data, (value) => value / 255) };
}
`;
