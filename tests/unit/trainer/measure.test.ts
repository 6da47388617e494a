import { describe, expect, it } from 'vitest';
import { measureStep } from '../../../electron/trainer/measure';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { chainNetwork } from '../../support/networks';

const network = (size: number) =>
  chainNetwork([size, size, 1], ['conv', { filters: 4, kernelSize: 3 }], ['gap'], ['fc', { units: 3 }]);
const config = { ...defaultTrainingConfig, engine: 'tfjs', batchSize: 2 } as const;

describe('the time of a training step', () => {
  it('is measured on the engine that is asked for, without any data', async () => {
    const measured = await measureStep({ document: network(8), config }, new AbortController().signal);
    if (!measured.ok) throw new Error(measured.diagnostics.map(({ code }) => code).join());
    expect(measured.value).toMatchObject({ engine: 'tfjs', batchSize: 2 });
    expect(measured.value.secondsPerStep).toBeGreaterThan(0);
    expect(measured.value.steps).toBeGreaterThan(0);
  });

  it('is given up when nobody waits for it', async () => {
    const given = await measureStep({ document: network(8), config }, AbortSignal.abort());
    expect(given.ok ? null : given.diagnostics[0]?.code).toBe('host/cancelled');
  });

  it('is refused for a network with errors', async () => {
    const refused = await measureStep({ document: network(2), config }, new AbortController().signal);
    expect(refused.ok).toBe(false);
  });
});
