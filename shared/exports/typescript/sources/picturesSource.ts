/** Prints `pictures.ts`: reads picture files, so that a model sees the values that Convloom shows it. */
export const picturesSource = `import { readFile } from 'node:fs/promises';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { toInput, type Pixels } from './pixels.js';
import type { Values } from './values.js';

export const pictureName = /\\.(png|jpe?g)$/i;

function decode(bytes: Buffer): Pixels {
  const { width, height, data } =
    bytes[0] === 0x89
      ? PNG.sync.read(bytes)
      : jpeg.decode(bytes, { useTArray: true, formatAsRGBA: true, tolerantDecoding: false });
  return { width, height, channels: 4, data };
}

/** A PNG or JPEG file as values from 0 to 1. A size that is null is the picture's own. */
export async function readPicture(path: string, size: readonly (number | null)[]): Promise<Values> {
  return toInput(decode(await readFile(path)), size);
}
`;
