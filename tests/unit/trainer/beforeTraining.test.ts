import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findRate } from '../../../electron/trainer/findRate';
import { forecastRun } from '../../../electron/trainer/forecast';
import { prepareRun } from '../../../electron/trainer/prepare';
import { sweepRange } from '../../../shared/training/rateSweep';
import { resumedConfig, resumedNetwork, writePictures } from '../../support/resumedRuns';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-before-'));
  await writePictures(dir);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const question = () => ({ document: resumedNetwork, config: resumedConfig('tfjs', dir, 3) });
const { signal } = new AbortController();

describe('before a run', () => {
  it('a sweep suggests a learning rate between its ends, and leaves nothing behind', async () => {
    const before = await readdir(dir, { recursive: true });
    let last = 0;
    const swept = await findRate(question(), signal, (done) => (last = done));
    if (!swept.ok) throw new Error('The sweep is refused.');
    const { points, suggested } = swept.value;
    expect(last).toBeGreaterThan(20);
    expect(last).toBeLessThanOrEqual(sweepRange.steps);
    expect(points[0]!.rate).toBe(sweepRange.from);
    expect(suggested).toBeGreaterThan(1e-6);
    expect(suggested).toBeLessThan(1);
    expect(await readdir(dir, { recursive: true })).toEqual(before);
  });

  it('a forecast adds up', async () => {
    const found = await forecastRun(question(), signal);
    if (!found.ok) throw new Error('The forecast is refused.');
    const { secondsPerStep, stepsPerEpoch, secondsPerEpoch, totalSeconds, prepareSeconds, memoryBytes } = found.value;
    expect(stepsPerEpoch).toBe(10);
    expect(secondsPerEpoch).toBeGreaterThan(stepsPerEpoch * secondsPerStep);
    expect(totalSeconds).toBeCloseTo(prepareSeconds + 3 * secondsPerEpoch, 9);
    expect(memoryBytes).toBeGreaterThan(1e7);
  });

  it.each([
    ['a sweep', (ended: AbortSignal) => findRate(question(), ended, () => undefined)],
    ['a forecast', (ended: AbortSignal) => forecastRun(question(), ended)],
  ])('%s can be given up', async (_, ask) => {
    expect(await ask(AbortSignal.abort())).toMatchObject({ ok: false, diagnostics: [{ code: 'host/cancelled' }] });
  });

  it('a run says at its start that a step may not fit into the memory that is free', async () => {
    const free = vi.spyOn(process, 'availableMemory').mockReturnValue(1000);
    const { document, config } = question();
    const run = await prepareRun(document, config);
    free.mockRestore();
    if (!run.ok) throw new Error('The run is refused.');
    await run.value.session.dispose();
    expect(run.value.warnings.map(({ code }) => code)).toContain('engine/step-too-large');
  });
});
