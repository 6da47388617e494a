/** Prints `pictures.ts`: reads picture files, so that a model sees the values that Convloom shows it. */
export const picturesSource = `import { readFile } from 'node:fs/promises';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { toInput, type Pixels } from './pixels.js';
import type { Values } from './values.js';

/** A picture's file, or its bytes. */
export type Source = string | Uint8Array;

/** The bytes of a file, where they are not there yet. */
export async function bytesOf(source: Source): Promise<Buffer> {
  return typeof source === 'string' ? await readFile(source) : Buffer.from(source);
}

export const pictureName = /\\.(png|jpe?g|webp|tiff?)$/i;

/** The part of the package sharp that is used here. */
type Sharp = (
  bytes: Buffer,
  options: { ignoreIcc: boolean; failOn: 'warning' },
) => {
  raw: () => {
    toBuffer: (options: { resolveWithObject: true }) => Promise<{
      data: Buffer;
      info: { width: number; height: number; channels: number };
    }>;
  };
};

async function loadSharp(): Promise<Sharp> {
  // Not written into the import, so that the project also compiles without it.
  const library: string = 'sharp';
  try {
    return ((await import(library)) as { default: Sharp }).default;
  } catch {
    throw new Error('WebP and TIFF need the package sharp: npm install sharp');
  }
}

/** A picture of a format that sharp alone reads here; colours as they are stored. */
async function decodeBySharp(bytes: Buffer): Promise<Pixels> {
  const sharp = await loadSharp();
  const { data: stored, info } = await sharp(bytes, { ignoreIcc: true, failOn: 'warning' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const data = new Uint8Array(4 * width * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const values = stored.subarray(pixel * channels, (pixel + 1) * channels);
    const [red = 0, green = red, blue = red] = channels < 3 ? values.subarray(0, 1) : values;
    const alpha = channels % 2 === 0 ? (values[channels - 1] ?? 255) : 255;
    data.set([red, green, blue, alpha], 4 * pixel);
  }
  return { width, height, channels: 4, data };
}

/** The pixels of a picture, as they are. */
export async function readPixels(source: Source): Promise<Pixels> {
  const bytes = await bytesOf(source);
  if (bytes[0] === 0x89) {
    const { width, height, data } = PNG.sync.read(bytes);
    return { width, height, channels: 4, data };
  }
  if (bytes[0] !== 0xff) return await decodeBySharp(bytes);
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: true, tolerantDecoding: false });
  return { width, height, channels: 4, data };
}

/** A picture as values from 0 to 1. A size that is null is the picture's own. */
export async function readPicture(source: Source, size: readonly (number | null)[]): Promise<Values> {
  return toInput(await readPixels(source), size);
}
`;
