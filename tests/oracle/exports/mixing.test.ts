import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { drawMix, mixSamples } from '../../../electron/data/mixing';
import { findPython } from '../../../electron/host/exports/python';
import { trainingFiles } from '../../../shared/exports/python/training';
import { emptyDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';

const folder = mkdtempSync(join(tmpdir(), 'convloom-mixing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { path, why } = { why: null, ...(await findPython(['numpy'])) };
const [count, shape] = [6, [9, 14, 3]];
const size = 9 * 14 * 3;
const config = { ...defaultTrainingConfig, mixup: 0.4, cutmix: 1, seed: 11 } as const;
const pixels = Uint8Array.from({ length: count * size }, (_, at) => (at * 37 + Math.floor(at / size)) % 256);
const steps = [1, 2, 3, 4, 5, 6, 7, 8];

const script = `
import json
from pathlib import Path

import numpy as np

from data import Samples
from mixing import mixed

given = json.loads(Path("given.json").read_text())
pixels = np.array(given["pixels"], np.uint8).reshape(-1, 9, 14, 3)
labels = np.arange(len(pixels), dtype=np.uint8)
found = []
for step in given["steps"]:
    samples, places, mix = mixed(Samples(pixels, labels), np.arange(len(pixels)), given["config"], step)
    found.append([samples.inputs.ravel().tolist(), mix.others.tolist(), mix.share])
    values, places, none = mixed(Samples(pixels, labels.astype(np.float32)), places, {**given["config"], "cutmix": 0}, step)
    assert none is None and abs(values.targets.sum() - labels.sum()) < 1e-4
print(json.dumps(found))
`;

it.skipIf(path === null)(
  `mixing.py of a printed project mixes batches as the app does${why === null ? '' : ` (skipped: ${why.en})`}`,
  () => {
    for (const file of trainingFiles(emptyDocument('N'))) writeFileSync(join(folder, file.path), file.text);
    writeFileSync(join(folder, 'try.py'), script);
    writeFileSync(join(folder, 'given.json'), JSON.stringify({ config, steps, pixels: [...pixels] }));
    const printed = execFileSync(path ?? '', ['try.py'], { cwd: folder, encoding: 'utf8' });
    const found = JSON.parse(printed) as [number[], number[], number][];
    const ways = found.map(([inputs, others, share], at) => {
      const mix = drawMix(config, config.seed, steps[at]!, { from: 0, count }, shape)!;
      const wanted = mixSamples(
        Float32Array.from(pixels, (value) => value / 255),
        mix,
        shape,
      );
      expect([others, share]).toEqual([[...mix.others], expect.closeTo(mix.share, 12)]);
      expect(Math.max(...inputs.map((value, place) => Math.abs(value - wanted[place]!)))).toBeLessThan(1e-6);
      return mix.box === null;
    });
    expect(new Set(ways).size).toBe(2);
  },
);
