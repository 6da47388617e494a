import { describe, expect, it } from 'vitest';
import { betaOf, drawMix, mixSamples } from '../../../electron/data/mixing';
import { mixBatch } from '../../../electron/trainer/batches';
import { createRandom } from '../../../shared/ops/random';

const shape = [6, 8, 2];
const steps = Array.from({ length: 400 }, (_, step) => step + 1);
const draw = (mixing: { mixup: number; cutmix: number }, step: number, from = 0, seed = 1) =>
  drawMix(mixing, seed, step, { from, count: 5 }, shape)!;

describe('a share', () => {
  it.each([0.1, 0.5, 1, 4, 100])('is distributed as Beta(%d, %d)', (alpha) => {
    const random = createRandom(4);
    const shares = Array.from({ length: 20_000 }, () => betaOf(alpha, random.uniform(), random.uniform()));
    const moment = (power: number) => shares.reduce((sum, share) => sum + (2 * share - 1) ** power, 0) / shares.length;
    expect(moment(1)).toBeCloseTo(0, 1);
    // Of 2 share - 1: the variance is 1 / (2 alpha + 1), and the fourth moment 3 / ((2 alpha + 1) (2 alpha + 3)).
    expect(moment(2) * (2 * alpha + 1)).toBeCloseTo(1, 1);
    expect((moment(4) * (2 * alpha + 1) * (2 * alpha + 3)) / 3).toBeCloseTo(1, 1);
  });

  it('stays a number from 0 to 1 at the edges of what can be drawn', () => {
    for (const alpha of [1e-6, 0.2, 100])
      for (const first of [0, 2 ** -32, 1 - 2 ** -32])
        for (const second of [0, 0.25, 0.5, 1 - 2 ** -32]) {
          const share = betaOf(alpha, first, second);
          expect(share >= 0 && share <= 1, `${alpha} ${first} ${second}`).toBe(true);
        }
  });
});

describe('how a batch is mixed', () => {
  it('follows from seed, step and place in the step alone', () => {
    const mixing = { mixup: 0.3, cutmix: 0.7 };
    expect(draw(mixing, 3)).toEqual(draw(mixing, 3));
    for (const other of [draw(mixing, 4), draw(mixing, 3, 5), draw(mixing, 3, 0, 2)])
      expect(other).not.toEqual(draw(mixing, 3));
    expect(drawMix({ mixup: 0, cutmix: 0 }, 1, 1, { from: 0, count: 5 }, shape)).toBeNull();
  });

  it('pairs each sample with one of the batch, each of them once', () => {
    const mixes = steps.map((step) => draw({ mixup: 1, cutmix: 0 }, step));
    for (const { others, box } of mixes) {
      expect([...others].sort()).toEqual([0, 1, 2, 3, 4]);
      expect(box).toBeNull();
    }
    expect(new Set(mixes.map(({ others }) => others.join())).size).toBeGreaterThan(80);
  });

  it('is by one of the two where both are asked for, as often by either', () => {
    const cut = steps.filter((step) => draw({ mixup: 1, cutmix: 1 }, step).box !== null).length;
    expect(cut).toBeGreaterThan(160);
    expect(cut).toBeLessThan(240);
  });
});

describe('mixed samples', () => {
  const [height = 1, width = 1, channels = 1] = shape;
  const size = height * width * channels;
  const values = Float32Array.from({ length: 5 * size }, (_, at) => Math.floor(at / size));

  it('have of each pixel the share of either', () => {
    const mix = { ...draw({ mixup: 1, cutmix: 0 }, 1), share: 0.25 };
    mixSamples(values, mix, shape).forEach((value, at) => {
      const own = Math.floor(at / size);
      expect(value).toBeCloseTo(0.25 * own + 0.75 * mix.others[own]!, 6);
    });
  });

  it('are cut and pasted by a rectangle whose area is what the share says', () => {
    const shares = steps.map((step) => {
      const mix = draw({ mixup: 0, cutmix: 1 }, step);
      const mixed = mixSamples(values, mix, shape);
      const own = mix.others.findIndex((other, at) => other !== at);
      if (own < 0) return mix.share;
      const kept = mixed.subarray(own * size, (own + 1) * size).filter((value) => value === own).length;
      expect(kept / size).toBeCloseTo(mix.share, 6);
      return mix.share;
    });
    expect(Math.min(...shares)).toBeLessThan(0.2);
    expect(Math.max(...shares)).toBeGreaterThan(0.95);
  });

  it('bring the labels of both along, and values that are learned are mixed themselves', () => {
    const mix = { others: Uint32Array.of(1, 0), share: 0.75, box: null };
    const x = { dtype: 'float32', shape: [2, 1], data: Float32Array.of(0, 4) } as const;
    const labels = mixBatch(
      { x, y: { dtype: 'int32', shape: [2], data: Int32Array.of(3, 5) } },
      { task: 'classification' },
      mix,
    );
    expect([[...labels.x.data], [...labels.y.data], [...labels.other!.data], [...labels.share!.data]]).toEqual([
      [1, 3],
      [3, 5],
      [5, 3],
      [0.75],
    ]);
    const learned = mixBatch(
      { x, y: { dtype: 'float32', shape: [2, 1], data: Float32Array.of(10, 20) } },
      { task: 'regression' },
      mix,
    );
    expect([[...learned.y.data], learned.other]).toEqual([[12.5, 17.5], undefined]);
  });
});
