import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeModel } from '../../electron/files/models';
import { writeRecord } from '../../electron/files/runRecord';
import type { TrainedData } from '../../electron/files/trainedData';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { initialWeights } from '../../shared/compile/initialWeights';
import { networkWeights } from '../../shared/compile/networkWeights';
import type { FloatTensors } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { defaultTrainingConfig } from '../../shared/schema/training';

/** Seeded weights for a network. */
export function seededWeights(document: NetworkDocument, seed = 1): FloatTensors {
  return initialWeights(networkWeights(document, analyzeNetwork(document)), seed);
}

/** Writes a model into a new folder. */
export async function modelFolder(
  dir: string,
  document: NetworkDocument,
  data: TrainedData | null,
  weights: FloatTensors = seededWeights(document),
): Promise<string> {
  const written = await writeModel(dir, { document, weights, facts: { data, source: 'a test' } });
  if (!written.ok) throw new Error(written.diagnostics[0]!.summary.en);
  return dir;
}

/** As {@link modelFolder}, as the folder of a run that was trained on `spec`. */
export async function runFolder(
  dir: string,
  document: NetworkDocument,
  data: TrainedData,
  spec: string,
  weights: FloatTensors = seededWeights(document),
): Promise<string> {
  await modelFolder(dir, document, data, weights);
  await writeRecord(dir, {
    format: 'convloom.run',
    version: 1,
    id: 'test',
    name: document.name,
    startedAt: '2026-01-01T00:00:00.000Z',
    config: { ...defaultTrainingConfig, data: spec },
    state: 'completed',
    lastEpoch: null,
    pid: null,
    data,
  });
  await writeFile(join(dir, 'metrics.jsonl'), '');
  return dir;
}
