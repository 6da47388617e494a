import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { drawChanges, warpLabels, warpPicture } from '../../../electron/data/augment';
import { findPython } from '../../../electron/host/exports/python';
import { trainingFiles } from '../../../shared/exports/python/training';
import { strengthsOf } from '../../../shared/schema/augmentation';
import { emptyDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';

const folder = mkdtempSync(join(tmpdir(), 'convloom-augmentation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { path, why } = { why: null, ...(await findPython(['numpy'])) };
const shape = [9, 14, 3];
const config = { ...defaultTrainingConfig, augment: 'photos', shear: 15, cutout: 0.4, seed: 11 } as const;
const pixels = Uint8Array.from({ length: 9 * 14 * 3 }, (_, at) => (at * 37) % 256);
const labels = Uint8Array.from({ length: 9 * 14 }, (_, at) => at % 5);

const script = `
import json
from pathlib import Path

import numpy as np

from augment import changed
from data import Samples

given = json.loads(Path("given.json").read_text())
pixels = np.array(given["pixels"], np.uint8).reshape(1, 9, 14, 3).repeat(4, 0)
labels = np.array(given["labels"], np.uint8).reshape(1, 9, 14).repeat(4, 0)
samples, places = changed(Samples(pixels, labels), np.array([2, 0, 3]), given["config"], 6)
print(json.dumps([samples.inputs.ravel().tolist(), samples.targets.ravel().tolist(), places.tolist()]))
`;

it.skipIf(path === null)(
  `augment.py of a printed project changes pictures and masks as the app does${why === null ? '' : ` (skipped: ${why.en})`}`,
  () => {
    for (const file of trainingFiles(emptyDocument('N'))) writeFileSync(join(folder, file.path), file.text);
    writeFileSync(join(folder, 'try.py'), script);
    writeFileSync(join(folder, 'given.json'), JSON.stringify({ config, pixels: [...pixels], labels: [...labels] }));
    const printed = execFileSync(path ?? '', ['try.py'], { cwd: folder, encoding: 'utf8' });
    const [inputs, targets, places] = JSON.parse(printed) as [number[], number[], number[]];
    const changes = drawChanges(strengthsOf(config)!, config.seed, 6, [2, 0, 3], shape);
    const wanted = new Float32Array(3 * pixels.length);
    changes.forEach((change, at) => {
      warpPicture(pixels, shape, 1 / 255, change, wanted.subarray(at * pixels.length, (at + 1) * pixels.length));
    });
    expect(places).toEqual([0, 1, 2]);
    expect(targets).toEqual(changes.flatMap((change) => [...warpLabels(labels, 9, 14, change)]));
    expect(inputs).toHaveLength(wanted.length);
    expect(Math.max(...inputs.map((value, at) => Math.abs(value - wanted[at]!)))).toBeLessThan(1e-5);
  },
);
