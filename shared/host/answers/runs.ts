import type { EngineId } from '../../schema/training';
import type { Text } from '../../text';
import type { TabledRun } from '../../training/runTable';

/* What a host says of training: runs, and what steps cost. */

/** A run as tables tell it, and what it came from. */
export type RunSummary = TabledRun & {
  /** Of a run that was started to be set beside others. */
  readonly variant?: RunVariant;
  /** What its weights started from, where that was not by chance. */
  readonly startedFrom?: string;
  /** Of the data that it learned from, as {@link DataInfo} has it; absent in runs that are older. */
  readonly snapshot?: string;
};

/** What a run is one of: several networks that were trained one after the other to be compared. */
export type RunVariant = {
  /** The same for all that were started together. */
  readonly group: string;
  /** What sets this one apart, such as the head that it has. */
  readonly label: Text;
  /** The id of that among those of its kind. */
  readonly head: string;
  /** The digest of the network that was trained (`structureDigest`), by which it is found again. */
  readonly network: string;
};

/** How far a run has come, as its checkpoint has it. */
export type CheckpointInfo = {
  readonly step: number;
  readonly epoch: number;
  readonly savedAt: string;
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
};

/** How long one step of training takes on the engine in use: the median of those that were timed, after one that was not. */
export type StepMeasure = {
  readonly engine: EngineId;
  readonly device: string;
  readonly batchSize: number;
  readonly secondsPerStep: number;
  /** How many steps were timed. */
  readonly steps: number;
};

/** What a run will take, by a few of its steps on its own data. */
export type RunForecast = {
  readonly engine: EngineId;
  readonly device: string;
  /** How many steps were timed. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly secondsPerStep: number;
  /** With the validation at its end. */
  readonly secondsPerEpoch: number;
  /** Until the first step: reading the data, and compiling. */
  readonly prepareSeconds: number;
  readonly totalSeconds: number;
  /** Of the trainer's process, at most. */
  readonly memoryBytes: number;
  /** Of the machine. */
  readonly availableBytes: number;
  /** The steps compute parts of their forward pass again, for less memory. */
  readonly isRecomputing: boolean;
};

/**
 * How long each layer takes in a training step: forward, backward and update, each layer alone on the engine in use. What layers share in a
 * step (caches, memory, the loss) is in `stepMs` alone.
 */
export type LayerTimes = {
  readonly engine: EngineId;
  readonly device: string;
  readonly batchSize: number;
  /** A whole training step: the median of those that were timed. */
  readonly stepMs: number;
  /** The sum over all layers. */
  readonly layersMs: number;
  /** By the id of the flat node. Inputs and what the trained output does not need take none. */
  readonly nodes: { readonly [id: string]: LayerTime };
};

/** The time of a layer: the median of the rounds, and the half of them that are nearest to it lie this far apart. */
export type LayerTime = { readonly ms: number; readonly spreadMs: number; readonly rounds: number };
