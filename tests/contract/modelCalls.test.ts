import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createHost, nodeTrainer } from '../../electron/host';
import type { Host } from '../../electron/host';
import { startServer } from '../../electron/server';
import type { RunningServer } from '../../electron/server';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { HostApi, ModelRef } from '../../shared/host/api';
import { connectOverWebSocket } from '../../shared/host/websocket';
import { chain } from '../support/chain';
import { bundle } from '../support/electron-double/launch';
import { browserSocket } from '../support/browserSocket';
import { modelFolder, seededWeights } from '../support/modelFolder';

const repoRoot = join(import.meta.dirname, '..', '..');

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.diagnostics.map(({ code, summary }) => `${code}: ${summary.en}`).join('\n'));
  return result.value;
}

function codeOf(result: Result<unknown>): string | null {
  return result.ok ? null : result.diagnostics[0]!.code;
}

const network = chain([
  ['x', 'input', { shape: [4, 4, 1] }],
  ['c', 'conv', { filters: 3, kernelSize: 3, activation: 'relu' }],
  ['g', 'gap'],
  ['f', 'fc', { units: 2 }],
]);
const pixels = Uint8Array.from({ length: 16 }, (_, index) => index * 16);

describe('calls about models, from a page through the server to a trainer process', { timeout: 60_000 }, () => {
  let dir: string;
  /** Where a page may write: outside hidden folders such as the one of the bundle. */
  let projects: string;
  let host: Host;
  let server: RunningServer;
  let page: HostApi;
  let model: ModelRef;

  beforeAll(async () => {
    dir = await mkdtemp(join(repoRoot, '.cache', 'models-'));
    projects = await mkdtemp(join(tmpdir(), 'convloom-models-'));
    const trainer = join(dir, 'out', 'trainer.js');
    await bundle(join(repoRoot, 'electron', 'trainer', 'index.ts'), trainer);
    await writeFile(join(dir, 'index.html'), '<!doctype html>');
    host = createHost({ form: 'browser', dataDir: join(dir, 'home'), forkTrainer: nodeTrainer(trainer) });
    server = valueOf(await startServer({ host, port: 0, rendererDir: dir }));
    const { origin, search } = new URL(server.url);
    page = await connectOverWebSocket({
      open: () => browserSocket(new WebSocket(`${origin.replace('http', 'ws')}/host${search}`, { origin })),
      delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
    const data = { task: 'classification', classes: ['no', 'yes'], inputShape: [4, 4, 1], scaling: null } as const;
    model = { type: 'path', path: await modelFolder(join(dir, 'model'), network, data) };
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await host.dispose();
    for (const folder of [dir, projects]) await rm(folder, { recursive: true, force: true });
  });

  it('gives what any nodes compute, as tensors of their own shape', async () => {
    const { tensors } = valueOf(
      await page.request('model.activations', { model, nodes: ['c', 'x', 'f'], input: { pixels } }),
    );
    expect(Object.keys(tensors)).toEqual(['c', 'x', 'f']);
    expect(tensors['c']).toMatchObject({ dtype: 'float32', shape: [2, 2, 3] });
    expect(tensors['x']!.data).toEqual(Float32Array.from(pixels, (pixel) => Math.fround(pixel * (1 / 255))));
    const kernel = seededWeights(network)['c/kernel']!.data;
    // The first pixel of the first map, by hand: a 3x3 window at the corner.
    let sum = 0;
    for (let y = 0; y < 3; y++)
      for (let x = 0; x < 3; x++) sum += (pixels[y * 4 + x]! / 255) * kernel[(y * 3 + x) * 3]!;
    expect(tensors['c']!.data[0]).toBeCloseTo(Math.max(0, sum), 5);
  });

  it('predicts pixels and a picture alike', async () => {
    const png = new PNG({ width: 4, height: 4 });
    pixels.forEach((pixel, index) => png.data.set([pixel, pixel, pixel, 255], index * 4));
    await writeFile(join(dir, 'picture.png'), PNG.sync.write(png));
    const byPixels = valueOf(await page.request('model.predict', { model, input: { pixels } }));
    const byImage = valueOf(await page.request('model.predict', { model, input: { image: join(dir, 'picture.png') } }));
    expect(byPixels.classes.map(({ name }) => name).toSorted()).toEqual(['no', 'yes']);
    expect(byPixels.classes[0]!.probability + byPixels.classes[1]!.probability).toBeCloseTo(1, 5);
    expect(byImage).toEqual(byPixels);
  });

  it.each([
    ['a node that is not there', { nodes: ['c', 'nobody'], input: { pixels } }, 'evaluate/no-such-node'],
    ['pixels of another size', { nodes: ['c'], input: { pixels: new Uint8Array(3) } }, 'run/input-size'],
    ['a picture that is not there', { nodes: ['c'], input: { image: '/nowhere.png' } }, 'data/not-found'],
  ])('refuses %s', async (_what, question, code) => {
    expect(codeOf(await page.request('model.activations', { model, ...question }))).toBe(code);
  });

  it('closes open sizes by the picture that it is shown', async () => {
    const open = chain([
      ['x', 'input', { shape: [null, null, 1] }],
      ['c', 'conv', { filters: 3, kernelSize: 3 }],
      ['g', 'gap'],
      ['f', 'fc', { units: 2 }],
    ]);
    const own: ModelRef = { type: 'path', path: await modelFolder(join(dir, 'open'), open, null) };
    for (const [height, width] of [
      [5, 8],
      [12, 7],
    ] as const) {
      const image = join(dir, `open-${height}.png`);
      await writeFile(image, PNG.sync.write(new PNG({ width, height })));
      const { tensors } = valueOf(
        await page.request('model.activations', { model: own, nodes: ['c'], input: { image } }),
      );
      expect(tensors['c']!.shape).toEqual([height - 2, width - 2, 3]);
      const byImage = valueOf(await page.request('model.predict', { model: own, input: { image } }));
      const shown = { pixels: new Uint8Array(height * width), shape: [height, width, 1] };
      expect(valueOf(await page.request('model.predict', { model: own, input: shown }))).toEqual(byImage);
    }
    const nameless = { model: own, input: { pixels: new Uint8Array(40) } };
    expect(codeOf(await page.request('model.predict', nameless))).toBe('run/input-size');
    const small = { model: own, input: { pixels: new Uint8Array(4), shape: [2, 2, 1] } };
    expect(codeOf(await page.request('model.predict', small))).toBe('layers/window-too-large');
  });

  it('predicts each row of a table, as a path or as bytes, in the units of what was learned', async () => {
    const line = chain([
      ['x', 'input', { shape: [2] }],
      ['f', 'fc', { units: 1 }],
    ]);
    const scaling = { mean: [10, 0], deviation: [2, 4], names: ['a', 'b'], target: { mean: 500, deviation: 100 } };
    const data = { task: 'regression', classes: [], inputShape: [2], scaling } as const;
    const weights = {
      'f/kernel': { dtype: 'float32', shape: [2, 1], data: Float32Array.of(1, -1) },
      'f/bias': { dtype: 'float32', shape: [1], data: Float32Array.of(0.5) },
    } as const;
    const own: ModelRef = { type: 'path', path: await modelFolder(join(dir, 'line'), line, data, weights) };
    const csv = 'b,a,price\n4,12,0\n,1,0\n-8,10,0\n';
    await writeFile(join(dir, 'rows.csv'), csv);
    const found = valueOf(
      await page.request('model.predictTable', { model: own, table: { path: join(dir, 'rows.csv') } }),
    );
    expect(found.rows).toEqual(Int32Array.of(2, 4));
    // (12 - 10) / 2 - 4 / 4 + 0.5 = 0.5, and 500 + 100 * 0.5 = 550; 0 + 2 + 0.5 = 2.5 gives 750.
    expect(found.answers).toEqual(Float32Array.of(550, 750));
    expect(found.warnings.map(({ code }) => code)).toEqual(['data/skipped']);
    const bytes = { bytes: new TextEncoder().encode(csv), name: 'rows.csv' };
    expect(valueOf(await page.request('model.predictTable', { model: own, table: bytes })).answers).toEqual(
      found.answers,
    );
    expect(codeOf(await page.request('model.predictTable', { model, table: bytes }))).toBe(
      'evaluate/other-kind-of-data',
    );
    expect(codeOf(await page.request('model.predict', { model: own, input: { pixels } }))).toBe('run/predicts-tables');
  });

  it('describes a model, and saves it as one file that says the same', async () => {
    const info = valueOf(await page.request('model.info', { model }));
    expect(info.weights).toEqual([
      { name: 'c/kernel', shape: [3, 3, 1, 3] },
      { name: 'c/bias', shape: [3] },
      { name: 'f/kernel', shape: [3, 2] },
      { name: 'f/bias', shape: [2] },
    ]);
    expect(info.data!.classes).toEqual(['no', 'yes']);
    const path = join(projects, 'saved.convloom-model');
    valueOf(await page.request('model.save', { model, path, overwrite: false }));
    expect(codeOf(await page.request('model.save', { model, path, overwrite: false }))).toBe('file/exists');
    const saved: ModelRef = { type: 'path', path };
    expect(valueOf(await page.request('model.info', { model: saved }))).toEqual(info);
    const [a, b] = [model, saved].map((one) => page.request('model.predict', { model: one, input: { pixels } }));
    expect(valueOf(await b!)).toEqual(valueOf(await a!));
  });

  it('answers a model that changed by its new weights', async () => {
    const path = join(projects, 'changing.convloom-model');
    valueOf(await page.request('model.save', { model, path, overwrite: true }));
    const ref: ModelRef = { type: 'path', path };
    const before = valueOf(await page.request('model.predict', { model: ref, input: { pixels } }));
    const other = await modelFolder(join(dir, 'other'), network, null, seededWeights(network, 2));
    valueOf(await page.request('model.save', { model: { type: 'path', path: other }, path, overwrite: true }));
    const after = valueOf(await page.request('model.predict', { model: ref, input: { pixels } }));
    expect(after.classes.map(({ name }) => name).toSorted()).toEqual(['0', '1']);
    expect(after.classes[0]!.probability).not.toBeCloseTo(before.classes[0]!.probability, 4);
  });

  it('stops an evaluation that is no longer wanted, and answers the next question', async () => {
    const big = chain([
      ['x', 'input', { shape: [28, 28, 1] }],
      ['c', 'conv', { filters: 64, kernelSize: 7 }],
      ['d', 'conv', { filters: 64, kernelSize: 7 }],
      ['f', 'fc', { units: 10 }],
    ]);
    const path = await modelFolder(join(dir, 'big'), big, null);
    const controller = new AbortController();
    const evaluation = page.request(
      'model.evaluate',
      { model: { type: 'path', path }, data: 'mnist', engine: 'tfjs' },
      controller.signal,
    );
    setTimeout(() => controller.abort(), 1500);
    expect(codeOf(await evaluation)).toBe('host/cancelled');
    valueOf(await page.request('model.predict', { model, input: { pixels } }));
  });
});
