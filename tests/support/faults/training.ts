import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '../../../electron/host';
import { readModel } from '../../../electron/files/models';
import { readCheckpoint } from '../../../electron/files/checkpoint';
import { runFiles } from '../../../electron/files/runRecord';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import type { RunEvent } from '../../../shared/training/events';
import { unpackEvents } from '../../../shared/training/packedEvents';
import { chain } from '../chain';
import { installFaultyDisk } from './disk';
import type { Fault, FaultyDisk } from './disk';
import { trainerHere } from './trainerHere';

/** What a fault did to a run. */
export type TrainingOutcome = {
  readonly changes: number;
  /** What the next start of the app cannot read of it; a run that was refused before it began is none. */
  readonly unreadable: readonly string[];
  /** Epochs that the app was told of, and that the log or the weights on the disk do not have. */
  readonly lostEpochs: number;
  /** Steps that the checkpoint has taken and the log does not know of. */
  readonly stepsBehind: number;
  /** How the run ended when it was gone on with; null where there was nothing to go on from. */
  readonly resumed: string | null;
};

const epochs = 3;
/** As small as a network is. */
export const trainedNetwork = chain([
  ['in', 'input', { shape: [2] }],
  ['f', 'fc', { units: 2 }],
]);

/** One table for all runs of a process, outside of what a fault befalls. */
export async function writeTable(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, 't.csv');
  const rows = Array.from({ length: 40 }, (_, n) => `${n % 2},${n % 3},${n % 2 === 0 ? 'a' : 'b'}`);
  await writeFile(path, `x,y,label\n${rows.join('\n')}\n`);
  return path;
}

type Life = Pick<FaultyDisk, 'isDead' | 'death'>;

type Ended = Extract<RunEvent, { type: 'finished' | 'failed' }>;

/** Trains a run to its end, or goes on with one; null when the process died before. Tells how many epochs it was told of. */
async function train(
  dataDir: string,
  table: string,
  runId: string | null,
  { isDead, death }: Life,
): Promise<{
  readonly id: string | null;
  readonly epochs: number;
  readonly end: Ended | null;
  readonly refused: string | null;
}> {
  const host = createHost({ form: 'memory', dataDir, forkTrainer: trainerHere(isDead) });
  let [told, end]: [number, Ended | null] = [0, null];
  const finished = new Promise<void>((resolve) => {
    host.on('run.event', ({ event }) => {
      if (event.type === 'epoch') told = event.epoch;
      if (event.type !== 'finished' && event.type !== 'failed') return;
      end = event;
      resolve();
    });
  });
  const ended = Promise.race([finished, death]);
  const config = {
    ...defaultTrainingConfig,
    data: `csv:${table}`,
    engine: 'tfjs' as const,
    epochs,
    batchSize: 8,
    seed: 3,
  };
  const begun = await Promise.race([
    runId === null
      ? host.request('run.start', { document: trainedNetwork, config })
      : host.request('run.resume', { runId }),
    ended.then(() => null),
  ]);
  if (begun?.ok === false) return { id: null, epochs: 0, end: null, refused: begun.diagnostics[0]?.code ?? '' };
  await ended;
  // It may die over its last words, and then never has done with them.
  if (!isDead()) await Promise.race([host.dispose(), death]);
  return { id: begun?.value.runId ?? null, epochs: told, end, refused: null };
}

/** Reads all of a run as the app and its commands do. */
async function unreadableOf(
  dataDir: string,
  id: string,
): Promise<{ readonly bad: readonly string[]; readonly epochs: number; readonly stepsBehind: number }> {
  const dir = join(dataDir, 'runs', id);
  const host = createHost({ form: 'memory', dataDir });
  const bad: string[] = [];
  const names = new Set(await readdir(dir));
  const found = await host.request('run.get', { runId: id });
  // Until the record is written, nobody was told that the run is there.
  if (!found.ok && names.has(runFiles.record)) bad.push(...found.diagnostics.map(({ summary }) => summary.en));
  const events = found.ok ? unpackEvents(found.value.events) : [];
  const epochsDone = events.filter(({ type }) => type === 'epoch').length;
  if (names.has(runFiles.safetensors)) {
    const model = await readModel(dir);
    if (!model.ok) bad.push(...model.diagnostics.map(({ summary }) => summary.en));
  }
  const checkpoint = await readCheckpoint(dir);
  if (!checkpoint.ok && names.has(runFiles.checkpoint))
    bad.push(...checkpoint.diagnostics.map(({ summary }) => summary.en));
  await host.dispose();
  const logged = events.reduce((step, event) => (event.type === 'step' ? event.step : step), 0);
  const stepsBehind = Math.max(0, (checkpoint.ok ? checkpoint.value.state.step : 0) - logged);
  return { bad, stepsBehind, epochs: names.has(runFiles.safetensors) ? epochsDone : 0 };
}

/** Trains on a disk with a fault, looks at what is left, and goes on with it. */
export async function trainUnderFault(dir: string, table: string, fault: Fault | null): Promise<TrainingOutcome> {
  const dataDir = join(dir, 'home');
  await mkdir(dataDir, { recursive: true });
  const disk = installFaultyDisk(dir, fault);
  let first: Awaited<ReturnType<typeof train>>;
  try {
    first = await disk.during(() => train(dataDir, table, null, disk));
  } finally {
    await disk.restore();
  }
  const changes = disk.changes();
  const [id] = (await readdir(join(dataDir, 'runs')).catch(() => [])).filter((name) => !name.startsWith('.'));
  if (id === undefined) return { changes, unreadable: [], lostEpochs: 0, stepsBehind: 0, resumed: null };
  if (first.id !== null) await rm(join(tmpdir(), `convloom-${id}`), { recursive: true, force: true });
  // The process of the record is this one: only its silence says that it is gone.
  const record = join(dataDir, 'runs', id, runFiles.record);
  await utimes(record, 1, 1).catch(() => undefined);
  const { bad, stepsBehind, epochs: kept } = await unreadableOf(dataDir, id);
  // A power cut may take what no checkpoint stands on.
  const lostEpochs = fault?.kind === 'killed' && disk.isDead() ? Math.max(0, first.epochs - kept) : 0;
  const again = await train(dataDir, table, id, { isDead: () => false, death: new Promise(() => undefined) });
  return { changes, unreadable: bad, lostEpochs, stepsBehind, resumed: again.end?.type ?? again.refused };
}
