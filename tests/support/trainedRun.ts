import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareRun } from '../../electron/trainer/prepare';
import { createRunLog } from '../../electron/trainer/runLog';
import { trainRun } from '../../electron/trainer/train';
import type { NetworkDocument } from '../../shared/schema/document';
import type { EngineId } from '../../shared/schema/engines';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { RunEvent } from '../../shared/training/events';

/** Trains a network with its own settings as the app would, and gives what the run told; nothing is kept. */
export async function trainedEvents(
  document: NetworkDocument,
  seed: number,
  engine: EngineId = 'onnxruntime',
): Promise<readonly RunEvent[]> {
  const config = { ...defaultTrainingConfig, ...document.train, seed, engine } as const;
  const prepared = await prepareRun(document, config);
  if (!prepared.ok) throw new Error(prepared.diagnostics.map(({ summary }) => summary.en).join('\n'));
  const events: RunEvent[] = [];
  const dir = await mkdtemp(join(tmpdir(), 'convloom-trained-'));
  try {
    await trainRun(prepared.value, {
      runId: 'run-trained',
      dir,
      config,
      log: createRunLog(dir, (event) => events.push(event), Date.now),
      shouldStop: () => false,
      clock: Date.now,
      checkpointIntervalMs: Infinity,
    });
    await prepared.value.session.dispose();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  return events;
}
