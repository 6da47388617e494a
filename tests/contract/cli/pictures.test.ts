import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convloom } from '../../support/commandLine';
import { modelFolder } from '../../support/modelFolder';
import { wiredNetwork } from '../../support/networks';

const dir = mkdtempSync(join(tmpdir(), 'convloom-pictures-out-'));
const pairs = join(dir, 'pairs');
const data = `pairs:${pairs}`;
const run = join(dir, 'run');

/** What a 1x1 conv can learn: the negative of a picture. */
const negative = wiredNetwork({
  image: ['input', { shape: [8, 8, 1] }],
  c: ['conv', { filters: 1, kernelSize: 1 }, 'image'],
});

function file(name: string, network: object): string {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify(network));
  return path;
}

/** A picture of 8x8: a ramp from `shade`, or its negative. */
function picture(path: string, shade: number, isNegative: boolean): void {
  const png = new PNG({ width: 8, height: 8 });
  for (let at = 0; at < 64; at++) {
    const value = (shade + 3 * at) % 256;
    const own = isNegative ? 255 - value : value;
    png.data.set([own, own, own, 255], 4 * at);
  }
  writeFileSync(path, PNG.sync.write(png));
}

beforeAll(() => {
  process.env['CONVLOOM_HOME'] = join(dir, 'home');
  for (const folder of ['inputs', 'targets']) mkdirSync(join(pairs, folder), { recursive: true });
  for (let index = 0; index < 20; index++) {
    picture(join(pairs, 'inputs', `${index}.png`), 12 * index, false);
    picture(join(pairs, 'targets', `${index}.png`), 12 * index, true);
  }
  writeFileSync(join(pairs, 'inputs', 'notes.png'), 'words');
});

afterAll(() => {
  delete process.env['CONVLOOM_HOME'];
  rmSync(dir, { recursive: true, force: true });
});

const options = ['--epochs', '30', '--batch-size', '4', '--learning-rate', '0.1', '--engine', 'tfjs'];

describe('a network that gives pictures', () => {
  it('is trained on pairs, scored in decibels, and draws what it makes of a picture', async () => {
    const trained = await convloom('train', file('n.json', negative), '--data', data, ...options, '--run', run);
    expect(trained.err).toContain('The input, resized to the target, has a PSNR of');
    expect(trained.err).toContain('with val PSNR');
    expect(trained.err).not.toContain('[train/');
    // Said once, though both the answer to the start and the events of the run have it.
    expect(trained.err.match(/\[data\/skipped\]/g)).toHaveLength(1);
    expect(trained.code).toBe(0);

    const evaluated = await convloom('evaluate', run, '--classes', '--engine', 'tfjs', '--json');
    const scores = JSON.parse(evaluated.out) as {
      readonly loss: number;
      readonly psnr: number;
      readonly baseline: { readonly psnr: number };
      readonly pictures: { readonly psnr: number; readonly rootMeanSquare: number };
    };
    expect(scores.psnr).toBeGreaterThan(30);
    expect(scores.baseline.psnr).toBeLessThan(15);
    // The loss is the mean squared error, of which the PSNR is made; both ways to it agree.
    expect(scores.psnr).toBeCloseTo(-10 * Math.log10(scores.loss), 2);
    expect(scores.pictures.psnr).toBeCloseTo(scores.psnr, 2);

    const out = join(dir, 'out.png');
    const drawn = await convloom('predict', run, join(pairs, 'inputs/3.png'), '-o', out);
    expect(drawn.code).toBe(0);
    const [given, target] = [out, join(pairs, 'targets/3.png')].map((path) => PNG.sync.read(readFileSync(path)));
    expect([given!.width, given!.height]).toEqual([8, 8]);
    const off = [...given!.data].map((value, at) => Math.abs(value - target!.data[at]!));
    expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeLessThan(10);

    const told = await convloom('predict', run, join(pairs, 'inputs/3.png'), '--json');
    const answer = JSON.parse(told.out) as { readonly classes: []; readonly picture: { readonly values: number[] } };
    expect(answer).toMatchObject({ ok: true, classes: [], picture: { height: 8, width: 8, channels: 1 } });
    expect(Math.round(255 * answer.picture.values[5]!)).toBe(given!.data[20]);

    const again = await convloom('predict', run, join(pairs, 'inputs/3.png'), '-o', out);
    expect(again.code).toBe(2);
  }, 120_000);

  it.each([
    ['another size', { filters: 1, kernelSize: 3 }, 'train/target-size'],
    ['a softmax', { filters: 1, kernelSize: 1, activation: 'softmax' }, 'train/softmax-of-picture'],
  ] as const)('is told of %s before it is trained', async (_, params, code) => {
    const network = wiredNetwork({ image: ['input', { shape: [8, 8, 1] }], c: ['conv', params, 'image'] });
    const analyzed = await convloom('analyze', file('other.json', network), '--data', data);
    expect(analyzed.out + analyzed.err).toContain(code);
  });

  it('has a source that is described, and looked at', async () => {
    const looked = await convloom('data', data, '--json');
    expect(JSON.parse(looked.out)).toMatchObject({ task: 'image-to-image', targetShape: [8, 8, 3], classes: [] });
    expect((await convloom('data', data)).out).toContain('each becomes a picture of 8×8×3');
  });
});

describe('a network that answers with classes', () => {
  it('has no picture to be written', async () => {
    const network = wiredNetwork({ image: ['input', { shape: [8, 8, 1] }], f: ['fc', { units: 2 }, 'image'] });
    await modelFolder(join(dir, 'classes'), network, null);
    const out = join(dir, 'none.png');
    const drawn = await convloom('predict', join(dir, 'classes'), join(pairs, 'inputs/3.png'), '-o', out);
    expect([drawn.code, existsSync(out)]).toEqual([1, false]);
    expect(drawn.err).toContain('run/no-picture');
  });
});
