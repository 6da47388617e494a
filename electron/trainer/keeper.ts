import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { weightsNotSaved } from '../../shared/diagnostics/catalog/run';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { FloatTensors, TensorMap } from '../../shared/ops/tensor';
import { errorText } from '../../shared/text';
import type { TrainingConfig } from '../../shared/schema/training';
import { copyAtomically, writeFileAtomically } from '../files/atomicFile';
import { encodeCheckpoint } from '../files/checkpoint';
import { writeModel } from '../files/models';
import { runFiles } from '../files/runRecord';
import { encodeSafetensors } from '../files/safetensors';
import { areFinite, floatWeights } from '../files/weights';
import { trainedDataOf } from './modelData';
import type { PreparedRun } from './prepare';
import type { Standing } from './progress';
import type { RunLog } from './runLog';

export type KeeperOptions = {
  readonly runId: string;
  readonly dir: string;
  readonly config: TrainingConfig;
  readonly log: RunLog;
  /** In milliseconds. */
  readonly clock: () => number;
  /** How long a run may go on without a checkpoint. */
  readonly checkpointIntervalMs: number;
};

/** The bytes of both files as a run stood at one step; a text says why there are none. */
type Snapshot = { readonly weights: Buffer; readonly checkpoint: Buffer };

/** Keeps a run's weights and checkpoint on disk. Files are written one after the other, each whole or not at all. */
export type Keeper = {
  /** Writes both if it is time to, while training goes on. */
  afterStep(standing: Standing): Promise<void>;
  /**
   * Writes the weights at once, then runs `announce`, then writes the checkpoint while training goes on: whoever hears of an epoch can
   * use its weights, and a checkpoint never knows of more than the log. The weights of the best epoch so far are kept beside. Gives the
   * reason when the weights could not be written.
   */
  atEpochEnd(standing: Standing, isBest: boolean, announce: () => Promise<void>): Promise<string | null>;
  /** Makes the weights of the best epoch those of the run. Gives the reason when that failed. */
  restoreBest(): Promise<string | null>;
  /** Writes both at the end of a run; where its folder takes nothing, the model goes into the system's folder for temporary files. */
  atEnd(standing: Standing): Promise<{ readonly diagnostic: Diagnostic; readonly kept: boolean } | null>;
  /** Settles when nothing is being written any more. */
  idle(): Promise<void>;
};

/** Files that take longer are waited for: engines that compute in this process let a write go on by one call to the system a step. */
const longestWriteMs = 1_000;

export function createKeeper(run: PreparedRun, options: KeeperOptions): Keeper {
  const { dir, log, clock } = options;
  const weightNames = run.program.weights.map(({ name }) => name);
  const { slots, averages } = run.program;
  const names = [...weightNames, ...slots.map(({ name }) => name), ...averages.values()];
  let writing: Promise<unknown> = Promise.resolve();
  let isBusy = false;
  let isComplaining = false;
  let lastMs = clock();

  /** Engines may hand out their own memory: what is read is copied into the files' bytes before the next step. */
  const takeSnapshot = async (standing: Standing): Promise<Snapshot | string> => {
    try {
      const variables: TensorMap = await run.session.read(names, 'kept');
      const trained = savedWeights(run, variables);
      if (!areFinite(trained)) return 'They are not all numbers.';
      const weights = { ...trained, ...run.resting };
      const { runId, config } = options;
      const { choice, precision, fingerprint } = run;
      const state = { ...standing, runId, config, engine: choice.engine.id, precision, data: fingerprint };
      lastMs = clock();
      return { weights: encodeSafetensors(weights), checkpoint: encodeCheckpoint({ state, variables }) };
    } catch (error) {
      return errorText(error);
    }
  };
  const write = async (name: string, bytes: Buffer, isBest = false): Promise<string | null> => {
    try {
      // The log first, and forced to the disk: not even a power cut may end it before the checkpoint that it is cut back to.
      const trouble = name === runFiles.checkpoint ? await log.settle() : null;
      if (trouble !== null) return trouble;
      await writeFileAtomically(join(dir, name), bytes);
      if (isBest) await copyAtomically(join(dir, name), join(dir, runFiles.best));
      return null;
    } catch (error) {
      return errorText(error);
    }
  };
  const writeBoth = async ({ weights, checkpoint }: Snapshot): Promise<string | null> =>
    (await write(runFiles.safetensors, weights)) ?? (await write(runFiles.checkpoint, checkpoint));

  /** Starts writing without waiting; a trouble is said once, until it is over. */
  const writeLater = (work: () => Promise<string | null>): void => {
    isBusy = true;
    writing = writing.then(work).then((trouble) => {
      isBusy = false;
      if (trouble !== null && !isComplaining) {
        log.add({ type: 'warning', diagnostic: weightsNotSaved(dir, trouble, 'triedAgain') });
      }
      isComplaining = trouble !== null;
    });
  };
  return {
    afterStep: async (standing) => {
      if (isBusy && clock() - lastMs > longestWriteMs) await writing;
      if (isBusy || clock() - lastMs < options.checkpointIntervalMs) return;
      const snapshot = await takeSnapshot(standing);
      // Weights that are no numbers any more are the next step's to say.
      if (typeof snapshot !== 'string') writeLater(() => writeBoth(snapshot));
    },
    atEpochEnd: async (standing, isBest, announce) => {
      await writing;
      const snapshot = await takeSnapshot(standing);
      const trouble =
        typeof snapshot === 'string' ? snapshot : await write(runFiles.safetensors, snapshot.weights, isBest);
      if (trouble !== null) log.add({ type: 'warning', diagnostic: weightsNotSaved(dir, trouble, 'triedAgain') });
      await announce();
      if (trouble === null && typeof snapshot !== 'string') {
        writeLater(() => write(runFiles.checkpoint, snapshot.checkpoint));
      }
      return trouble;
    },
    atEnd: async (standing) => {
      await writing;
      const snapshot = await takeSnapshot(standing);
      if (typeof snapshot === 'string') {
        return { diagnostic: weightsNotSaved(dir, snapshot, { at: null }), kept: false };
      }
      const trouble = await writeBoth(snapshot);
      if (trouble === null) return null;
      const at = await keepElsewhere(run, options);
      return { diagnostic: weightsNotSaved(dir, trouble, { at }), kept: at !== null };
    },
    restoreBest: async () => {
      await writing;
      try {
        await copyAtomically(join(dir, runFiles.best), join(dir, runFiles.safetensors));
        return null;
      } catch (error) {
        return errorText(error);
      }
    },
    idle: async () => {
      await writing;
    },
  };
}

/** The weights as a model has them: averaged ones by their average. */
function savedWeights({ program }: PreparedRun, variables: TensorMap): FloatTensors {
  const names = program.weights.map(({ name }) => name);
  const used = names.map((name) => [name, variables[program.averages.get(name) ?? name]] as const);
  return floatWeights(
    names,
    Object.fromEntries(used.flatMap(([name, tensor]) => (tensor === undefined ? [] : [[name, tensor]]))),
  );
}

/** Writes the model of a run whose own folder takes nothing; gives where it is, or null when that failed, too. */
async function keepElsewhere(
  run: PreparedRun,
  { runId, config }: Pick<KeeperOptions, 'runId' | 'config'>,
): Promise<string | null> {
  const names = [...run.program.weights.map(({ name }) => name), ...run.program.averages.values()];
  try {
    const model = {
      document: run.document,
      weights: { ...savedWeights(run, await run.session.read(names)), ...run.resting },
      facts: { data: trainedDataOf(run.dataset, config), source: `run ${runId}` },
    };
    const place = join(tmpdir(), `convloom-${runId}`);
    // The name is taken when an earlier part of the run ended so, too.
    for (const path of [place, `${place}-${randomBytes(3).toString('hex')}`]) {
      if ((await writeModel(path, model)).ok) return path;
    }
    return null;
  } catch {
    return null;
  }
}
