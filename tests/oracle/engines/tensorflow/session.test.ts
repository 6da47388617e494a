import { expect, it } from 'vitest';
import type { EngineSession, HostTensor } from '../../../../electron/engines/engine';
import { createTensorflowEngine } from '../../../../electron/engines/tensorflow';
import { loadBinding } from '../../../../electron/engines/tensorflow/binding';
import { elementCount } from '../../../../shared/ops/tensor';
import { collectGarbage } from '../../../support/collectGarbage';
import { fitToZero } from '../../../support/fitToZero';
import { describeTensorflow, installedTensorflow } from '../../../support/tensorflow';

function filled(shape: readonly number[], value: number): HostTensor & { dtype: 'float32' } {
  const count = elementCount(shape);
  return { dtype: 'float32', shape, data: new Float32Array(count).fill(value) };
}

async function start(size: number): Promise<EngineSession> {
  const compiled = await createTensorflowEngine().compile(fitToZero(size));
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]!.summary.en);
  return compiled.value;
}

describeTensorflow('a TensorFlow session', () => {
  it('keeps no tensor and no memory over 10,000 steps', async () => {
    const binding = loadBinding(installedTensorflow!.addonPath);
    const session = await start(64);
    await session.write({ w: filled([64, 64], 0.01) });
    const feeds = { x: filled([128, 64], 0.1), learningRate: filled([], 1e-4) };
    const run = async (steps: number): Promise<void> => {
      for (let step = 0; step < steps; step++) await session.run('step', feeds);
    };
    // What TensorFlow keeps for its own threads is there by then, on most machines.
    await run(2_000);
    const tensors = binding.getNumOfTensors();
    collectGarbage();
    const before = process.memoryUsage().rss;
    await run(10_000);
    collectGarbage();
    expect(binding.getNumOfTensors()).toBe(tensors);
    // The batch alone is 32 kB a step: a leak of it would be 328 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(128e6);
    await session.dispose();
  });

  it('keeps no tensor when a run fails', async () => {
    const binding = loadBinding(installedTensorflow!.addonPath);
    const session = await start(4);
    const before = binding.getNumOfTensors();
    await expect(session.run('step', { x: filled([2, 4], 1), learningRate: filled([], 1) })).rejects.toThrow();
    expect(binding.getNumOfTensors()).toBe(before);
    await session.dispose();
  });

  it.each([4, 64, 512])('never writes into memory that was written to it (%i x itself)', async (size) => {
    const session = await start(size);
    const w = filled([size, size], 0.5);
    await session.write({ w });
    for (let step = 0; step < 3; step++) {
      await session.run('step', { x: filled([2, size], 1), learningRate: filled([], 0.1) });
    }
    const after = (await session.read(['w'])).w!;
    expect(after.data[0]).not.toBe(0.5);
    expect(w.data.every((value) => value === 0.5)).toBe(true);
    await session.dispose();
  });

  it('holds several programs at once, each with variables of its own', async () => {
    const [first, second] = [await start(4), await start(4)];
    await first.write({ w: filled([4, 4], 1) });
    await second.write({ w: filled([4, 4], 2) });
    expect((await first.read(['w'])).w!.data[0]).toBe(1);
    await second.dispose();
    expect((await first.read(['w'])).w!.data[0]).toBe(1);
    await first.dispose();
  });
});
