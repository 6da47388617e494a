import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { chooseOpenSizes, closeOpenSizes } from '../../../shared/compile/openSizes';
import { chainNetwork, wiredNetwork } from '../../support/networks';

describe('sizes chosen for open inputs', () => {
  it('are a few dozen where all work, and those of the network where it has some', () => {
    const document = chainNetwork([null, 50, 3], ['conv', { filters: 2, kernelSize: 3, padding: 'same' }], ['gap']);
    expect(chooseOpenSizes(document, analyzeNetwork(document))).toEqual({ image: [32, 50, 3] });
  });

  it('are the next that work where branches must meet', () => {
    const document = wiredNetwork({
      image: ['input', { shape: [null, null, 1] }],
      p: ['pool', { poolSize: 10 }, 'image'],
      u: ['upsample', { factor: 10 }, 'p'],
      sum: ['add', {}, 'image', 'u'],
    });
    const analysis = analyzeNetwork(document);
    const sizes = chooseOpenSizes(document, analysis);
    expect(sizes).toEqual({ image: [40, 40, 1] });
    const closed = closeOpenSizes(document, analysis, sizes!);
    expect(closed.ok && closed.value.analysis.ok).toBe(true);
  });

  it('are none where the channels are open, or where no size works', () => {
    const open = chainNetwork([8, 8, null], ['activation']);
    expect(chooseOpenSizes(open, analyzeNetwork(open))).toBeNull();
    const never = wiredNetwork({
      image: ['input', { shape: [null, null, 1] }],
      one: ['conv', { filters: 1, kernelSize: 2 }, 'image'],
      two: ['conv', { filters: 1, kernelSize: 4 }, 'image'],
      sum: ['concat', {}, 'one', 'two'],
    });
    expect(chooseOpenSizes(never, analyzeNetwork(never))).toBeNull();
  });
});
