import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  randomSteps,
  resumedConfig,
  trainBroken,
  trainUnbroken,
  weightsOf,
  writePictures,
} from '../../support/resumedRuns';
import { describeTensorflow } from '../../support/tensorflow';

describeTensorflow('a run on TensorFlow that was broken off at five random steps and resumed each time', () => {
  it('ends within 1e-6 of the weights of the run that nothing broke', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'convloom-resume-'));
    await writePictures(join(dir, 'pictures'));
    const config = resumedConfig('tensorflow', join(dir, 'pictures'), 4);
    await trainUnbroken(config, join(dir, 'whole'));
    await trainBroken(config, join(dir, 'broken'), randomSteps(40, Date.now(), 5));
    const [broken, whole] = [await weightsOf(join(dir, 'broken')), await weightsOf(join(dir, 'whole'))];
    expect(Object.keys(broken)).toEqual(Object.keys(whole));
    for (const [name, { data }] of Object.entries(broken)) {
      data.forEach((value, place) =>
        expect(Math.abs(value - whole[name]!.data[place]!), name).toBeLessThanOrEqual(1e-6),
      );
    }
    await rm(dir, { recursive: true, force: true });
  });
});
