import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PNG } from 'pngjs';
import { afterEach, beforeEach } from 'vitest';
import type { Dataset, HeldSamples, Samples, WantedInput } from '../../electron/data/dataset';
import { openData } from '../../electron/data/open';

export type HeldDataset = Dataset & { readonly train: HeldSamples; readonly validation: HeldSamples };

/** Samples that must be in memory. */
export function held({ count, inputs, targets }: Samples): HeldSamples {
  if (!ArrayBuffer.isView(inputs) || !ArrayBuffer.isView(targets)) throw new Error('The samples are on disk.');
  return { count, inputs, targets };
}

/** A folder of its own for each test of a file, and the ways to fill it and to open it as data. */
export function useDataFolder() {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'convloom-data-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });
  const at = (path: string): string => join(dir, path);
  return {
    at,
    put: async (path: string, bytes: string | Uint8Array): Promise<void> => {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), bytes);
    },
    open: async (kind: string, path = '', wanted: WantedInput = null, infoOnly = false): Promise<HeldDataset> => {
      const opened = await openData(`${kind}:${at(path)}`, { wanted, infoOnly });
      if (!opened.ok) throw new Error(opened.diagnostics.map(({ code }) => code).join());
      const { train, validation } = opened.value;
      return { ...opened.value, train: held(train), validation: held(validation) };
    },
    refusal: async (kind: string, path = '', infoOnly = false): Promise<string> => {
      const opened = await openData(`${kind}:${at(path)}`, { wanted: null, infoOnly });
      if (opened.ok) return 'opened';
      return opened.diagnostics
        .map(({ code, summary, why }) => `${code}: ${summary.en} ${why?.en ?? ''} ${summary.zh} ${why?.zh ?? ''}`)
        .join();
    },
  };
}

/** A PNG file of 8-bit colour. */
export function colorPng(
  width: number,
  height: number,
  paint: (x: number, y: number) => readonly [number, number, number],
): Buffer {
  const image = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) image.data.set([...paint(x, y), 255], (y * width + x) * 4);
  }
  return PNG.sync.write(image);
}
