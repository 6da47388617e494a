import { createHash } from 'node:crypto';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { dataLeaks, lastBatchOfOne, oneClassValidated } from '../../shared/diagnostics/catalog/traps';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { samplesPerStep } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import type { Dataset, Samples } from '../data/dataset';

/** Sets whose comparison would take longer than people wait for are not compared. */
const comparedBytes = 400_000_000;
/** A sample that is there twice by chance is no leak. */
const leastShare = 0.005;

/** What in the data and the size of the batches leads a run astray, before its first step. */
export function dataTraps(dataset: Dataset, analysis: NetworkAnalysis, config: TrainingConfig): readonly Diagnostic[] {
  return [leakage(dataset), oneClass(dataset), lastBatch(dataset, analysis, config)].filter((found) => found !== null);
}

function digests({ inputs, count }: Samples): readonly string[] {
  const size = count === 0 ? 0 : inputs.length / count;
  return Array.from({ length: count }, (_, index) => {
    const part = inputs.subarray(index * size, (index + 1) * size);
    return createHash('sha1')
      .update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
      .digest('base64');
  });
}

function leakage({ train, validation }: Dataset): Diagnostic | null {
  const held = [train, validation].map(({ inputs }) => inputs);
  const bytes = held.reduce((sum, inputs) => sum + ('byteLength' in inputs ? inputs.byteLength : Infinity), 0);
  if (bytes > comparedBytes || validation.count === 0) return null;
  const trained = new Set(digests(train));
  const shared = digests(validation).filter((digest) => trained.has(digest)).length;
  return shared > leastShare * validation.count ? dataLeaks(shared, validation.count) : null;
}

function oneClass({ info, train, validation }: Dataset): Diagnostic | null {
  if (info.task !== 'classification' || validation.count < 2) return null;
  const labelsOf = ({ targets, count }: Samples): ReadonlySet<number> => new Set(targets.subarray(0, count));
  const [trained, asked] = [labelsOf(train), labelsOf(validation)];
  const [only] = asked;
  if (asked.size !== 1 || trained.size < 2 || only === undefined) return null;
  return oneClassValidated(info.classes[only] ?? String(only), validation.count, trained.size);
}

/** A batch norm over positions of an image has more than one value of each channel also in one sample. */
function lastBatch({ train }: Dataset, { order, nodes }: NetworkAnalysis, config: TrainingConfig): Diagnostic | null {
  const size = samplesPerStep(config);
  const rest = (train.count % size) % config.batchSize;
  if (rest !== 1 || config.batchSize === 1) return null;
  const norm = order.find((id) => {
    const node = nodes.get(id);
    if (node?.definition?.traits.normalizesBatch !== true || node.params?.['trainable'] === false) return false;
    return (node.outputShape ?? []).slice(0, -1).every((length) => length === 1);
  });
  const facts = { count: train.count, samplesPerStep: size, batchSize: config.batchSize };
  return norm === undefined ? null : lastBatchOfOne(norm, facts);
}
