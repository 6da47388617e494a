import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { DataFingerprint } from '../files/checkpoint';
import type { Dataset, Samples } from '../data/dataset';

/** So many samples are looked at, from all over a split: enough to notice other data, and no time on large sets. */
const sampledCount = 256;

function addSamples(hash: Hash, { count, inputs, targets }: Samples): void {
  const looked = Math.min(count, sampledCount);
  for (const values of [inputs, targets]) {
    const size = count === 0 ? 0 : values.length / count;
    for (let index = 0; index < looked; index++) {
      const sample = Math.floor((index * count) / looked);
      const part = values.subarray(sample * size, (sample + 1) * size);
      hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
  }
}

/** What is remembered of a run's data. */
export function fingerprintOf({ info, targetShape, train, validation, test }: Dataset): DataFingerprint {
  const hash = createHash('sha256');
  addSamples(hash, train);
  addSamples(hash, validation);
  return {
    trainCount: train.count,
    validationCount: validation.count,
    ...(test === undefined ? {} : { testCount: test.count }),
    inputShape: info.inputShape,
    targetShape,
    classes: info.classes,
    digest: hash.digest('hex').slice(0, 32),
    ...(info.snapshot === undefined ? {} : { snapshot: info.snapshot }),
  };
}
