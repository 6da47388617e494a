import { expect, it } from 'vitest';
import { createUsageMeter } from '../../../electron/trainer/usage';

it('tells the cores that were busy since the last time, and the memory as it is', () => {
  let nowMs = 1000;
  let cpu = { user: 500_000, system: 0 };
  const memory = { rss: 7, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 };
  const memoryUsage = Object.assign(() => memory, { rss: () => memory.rss });
  const meter = createUsageMeter(() => nowMs, { memoryUsage, cpuUsage: () => cpu });
  nowMs = 3000;
  cpu = { user: 3_500_000, system: 500_000 };
  memory.rss = 9;
  expect(meter.read()).toEqual({ memoryBytes: 9, cores: 1.75 });
  nowMs = 4000;
  expect(meter.read().cores).toBe(0);
  expect(meter.read().cores).toBe(0);
  nowMs = 4900;
  expect(meter.readLive()).toBeNull();
  nowMs = 5000;
  expect(meter.readLive()).toEqual({ memoryBytes: 9, cores: 0 });
});
