import { describe, expect, it } from 'vitest';
import { trainingFlops } from '../../../electron/bench/work';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { chainNetwork } from '../../support/networks';

describe('the operations of a training step', () => {
  const conv = ['conv', { filters: 4, kernelSize: 3, padding: 'same' }] as const;
  const network = chainNetwork([8, 8, 2], conv, ['pool', { poolSize: 2 }], ['fc', { units: 10 }]);
  // 8 * 8 values of 4 filters, each of 3 * 3 * 2; 4 * 4 * 4 values to 10 units.
  const [first, second] = [8 * 8 * 4 * 3 * 3 * 2, 4 * 4 * 4 * 10];

  it('are two a multiply-add: forward, for weights, and for inputs behind something that learns', () => {
    expect(analyzeNetwork(network).totals.macs).toBe(first + second);
    expect(trainingFlops(network, 1)).toBe(2 * (2 * first + 3 * second));
    expect(trainingFlops(network, 8)).toBe(8 * trainingFlops(network, 1));
  });
});
