import type { Diagnostic, Result } from '../diagnostics/diagnostic';
import type { ShownSamples } from '../ops/pixels';
import type { FloatTensor, TensorMap } from '../ops/tensor';
import type { KeptBlock, NetworkDocument } from '../schema/document';
import type { Answers } from '../training/answers';
import type { DataPart, EvaluatedPart, Task } from '../schema/data';
import type { DataReading, EngineId, TrainingConfig } from '../schema/training';
import type { BaselineScores, Reading, RunEvent } from '../training/events';
import type { LabelScores } from '../training/labelScores';
import type { LossParts } from '../training/lossParts';
import type { RateSweep } from '../training/rateSweep';
import type { PackedEvents } from '../training/packedEvents';
import type { EarlyStopRule } from '../schema/sweeps';
import type { TabledRun } from '../training/runTable';
import type { Sweep } from '../training/sweep';
import type { ExportTargetId } from '../schema/exports';
import type { FigureRequest } from '../schema/figures';
import type { ImportFormat } from '../imports/formats';
import type { ImportLine } from '../imports/report';
import type { Recording } from '../schema/recording';
import type { AugmentationPreview, DataGallery, DataLook } from './dataLook';
import type { Embedding, EmbeddingRequest, NearestRequest, NearestSamples } from './features';
import type { InspectRequest, Inspection } from './inspection';
import type { HeadForm, HeadReport } from '../exports/tables/heads';
import type { Language, Text } from '../text';

export type {
  Embedding,
  EmbeddingRequest,
  FeatureFacts,
  FeatureRequest,
  NearestRequest,
  NearestSamples,
} from './features';
export type { InspectRequest, InspectedSamples, Inspection, Slope, SlopeAt } from './inspection';

/**
 * What the renderer may ask of the machine. One object in, one `Result` out, JSON-safe both ways but for Uint8Array, Int32Array
 * and Float32Array, which arrive as such; long work gives an id at once and reports through {@link HostEvents}, or listens to the
 * request's signal. The same contract over Electron's IPC, the server's WebSocket, and memory.
 */

/** What this host can do. The UI asks this and never for a platform's name. */
export type HostInfo = {
  readonly version: string;
  readonly form: 'electron' | 'browser' | 'memory';
  /** Native open and save dialogs; without them the app shows its own file browser over `files.list`. */
  readonly nativeDialogs: boolean;
  readonly systemLanguage: string;
  /** Where projects are offered to be saved. */
  readonly projectsDir: string;
  readonly memoryBytes: number;
  readonly cpuCount: number;
};

export type EngineReport = {
  readonly id: EngineId;
  readonly label: string;
  readonly available: boolean;
  readonly device?: string;
  readonly versions?: { readonly [name: string]: string };
  /** For one that cannot run: the exact failing piece, and the mend, if anything helps. */
  readonly why?: Text;
  readonly mend?: Text;
  /** For one that runs on less than the best device that it could have: which, why not, and the mend, if anything can be done. */
  readonly passedOver?: { readonly device: string; readonly why: Text; readonly mend: Text | null };
  /** Set on the one that 'auto' picks. */
  readonly chosen: boolean;
};

/** One thing about this machine that the app depends on. */
export type HealthCheck = {
  readonly id: string;
  /** 'warning': works, and will not for everything; 'fault': something that the app does fails. */
  readonly state: 'fine' | 'warning' | 'fault';
  readonly what: Text;
  readonly mend: Text | null;
};

/** A folder of the app's, what it takes on the disk, and how much of that can go without a loss. */
export type StorageUse = {
  /** 'runs': the checkpoints of complete runs can go; 'caches': all of it can. The others are only named. */
  readonly id: 'runs' | 'caches' | 'engine' | 'data' | 'log' | 'projects';
  readonly dir: string;
  readonly bytes: number;
  readonly files: number;
  readonly freeableBytes: number;
  /** Of runs: how many there are. */
  readonly entries?: number;
};

/** A process of the app that ended by its own fault, with a report beside the log. */
export type CrashNote = {
  readonly at: string;
  readonly source: 'host' | 'page' | 'trainer';
  readonly message: string;
};

export type DataReport = {
  readonly spec: string;
  readonly label: Text;
  readonly doc: Text;
  /** True for specs with a folder or file to be named by the user. */
  readonly needsPath: boolean;
};

/** What a data set holds, once opened. */
export type DataInfo = {
  readonly spec: string;
  readonly task: Task;
  /** `[height, width, channels]` */
  readonly inputShape: readonly number[];
  /** Of one picture that is to be learned; absent where none is. */
  readonly targetShape?: readonly number[];
  readonly classes: readonly string[];
  readonly trainCount: number;
  readonly validationCount: number;
  /** Of the part that is kept apart; absent where there is none. */
  readonly testCount?: number;
  /** Of everything that the data are, in hexadecimal: the same for the same files and labels; absent where nothing was decoded. */
  readonly snapshot?: string;
  /** How the split was made, to be shown. */
  readonly split: Text;
  /** True where the classes are whole numbers, such as one to five stars: they can be learned as values instead. */
  readonly hasNumberClasses?: boolean;
  /** What the annotations of the same pictures can be learned as instead; absent where there is nothing to choose. */
  readonly otherTask?: Task;
  readonly warnings: readonly Diagnostic[];
};

/** A value that masks hold. */
export type LabelValue = {
  /** As it is called: `29`, `#ff0000`. */
  readonly value: string;
  /** Its part of all pixels. */
  readonly share: number;
  /** The number of its class; null where its pixels belong to none. */
  readonly classIndex: number | null;
};

export type TemplateInfo = {
  readonly id: string;
  readonly name: string;
  readonly summary: Text;
  /** What its answer is for: one for the whole image, one for each of its pixels, or another picture. */
  readonly task: Exclude<Task, 'regression' | 'multi-label'>;
  /** Trainable or not. */
  readonly params: number;
  readonly trainableParams: number;
  readonly macs: number | null;
  readonly inputShape: readonly (number | null)[];
};

/** 'other': a file that may be imported. */
export type FileEntry = { readonly name: string; readonly path: string; readonly kind: 'folder' | 'network' | 'other' };

/** An opened file. `revision` is a digest of its bytes: saving over another revision is refused, so two apps cannot undo each other. */
export type OpenedProject = { readonly path: string; readonly revision: string; readonly document: NetworkDocument };

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

/** A network with weights: those of a run, or a model folder, run folder or `.convloom-model` by its absolute path. */
export type ModelRef =
  | { readonly type: 'run'; readonly runId: string }
  | { readonly type: 'path'; readonly path: string };

/** What a model knows of the data that it was trained on; it stays with the model wherever that goes. */
export type ModelData = {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly inputShape: readonly number[];
  /** For tables. */
  readonly scaling: TableScaling | null;
  /** How pictures of other proportions were brought to the input; absent: stretched. */
  readonly fit?: Exclude<TrainingConfig['fit'], 'stretch'>;
  /** Of the data, as {@link DataInfo} has it; absent in models that are older. */
  readonly snapshot?: string;
};

/** How the numbers of a table, or those that are learned of pictures, are brought to mean 0 and deviation 1: value = (raw - mean) / deviation. */
export type TableScaling = {
  /** Per feature; empty where the inputs are pictures. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Of the features, where the table's first row names its columns. */
  readonly names?: readonly string[];
  /** Of the values to learn, where these are no classes. Models from before they were scaled have none: theirs are as they stand. */
  readonly target?: { readonly mean: number; readonly deviation: number };
};

/** A picture of some data: row-major, channels last, 0..255, made smaller where it is large. */
export type DataSample = { readonly shape: readonly [number, number, number]; readonly pixels: Uint8Array };

export type ModelInfo = {
  readonly document: NetworkDocument;
  /** Where it comes from, in words. */
  readonly source: string;
  /** Null for a model that was not trained here. */
  readonly data: ModelData | null;
  /** By `nodeId/weight`, in the file's order. */
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
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

/** How a model does on a data set. Fractions; null where the task has no such number. */
export type Evaluation = {
  readonly data: string;
  readonly engine: EngineId;
  /** Samples that were scored. */
  readonly count: number;
  /** A part of the data that the model was trained on, or the whole of other data. */
  readonly part: EvaluatedPart;
  readonly loss: number;
  readonly accuracy: number | null;
  readonly meanIou: number | null;
  /** For multi-label, at a threshold of 0.5; absent for other tasks. */
  readonly labels?: LabelScores;
  /** Peak signal-to-noise ratio in decibels; absent where no pictures are learned. */
  readonly psnr?: number;
  /** What the parts of a perceptual loss come to; absent under another loss. */
  readonly lossParts?: LossParts;
  readonly baseline: BaselineScores;
  /** Such as files that were skipped, and classes of the model that the data have no sample of. */
  readonly warnings: readonly Diagnostic[];
  /** Of every sample; absent where nobody asked for them. */
  readonly answers?: Answers;
};

/** Samples that a model was scored on. */
export type ScoredSamples = ShownSamples & {
  /** What they are called, such as their files; '' where they have no names. */
  readonly names: readonly string[];
};

/**
 * One input of a network: 0..255, row-major, channels last, of the input's size; or the path of a picture, which is brought to it. Sizes
 * that the network leaves open are the picture's own, and for pixels those in `shape`.
 */
export type ModelInput =
  | { readonly pixels: Uint8Array | Float32Array; readonly shape?: readonly number[] }
  | { readonly image: string };

export type Prediction = {
  /** Class scores, largest first; empty where the answer is a picture. For multi-label each by itself, so that they add up to nothing. */
  readonly classes: readonly { readonly name: string; readonly probability: number }[];
  /** For multi-label: classes that are at least this likely are given, any number of them; absent for other tasks. */
  readonly threshold?: number;
  /** For per-pixel tasks: class index per pixel, row-major. */
  readonly mask?: { readonly width: number; readonly height: number; readonly classIndex: Int32Array };
  /** For networks that give pictures: `[1, height, width, channels]`, 0..1 as far as the network keeps to that. */
  readonly picture?: FloatTensor;
  /** For networks that give values, in the units that they were learned in. */
  readonly values?: Float32Array;
  /** The style that it was to have, where there is one: as large as the picture. */
  readonly style?: FloatTensor;
};

/** A file of comma-separated values: its path, or its bytes and what to call it. */
export type TableInput = { readonly path: string } | { readonly bytes: Uint8Array; readonly name: string };

/** What a network that was trained on a table says of each row of another. */
export type TablePrediction = {
  /** Empty where values are predicted. */
  readonly classes: readonly string[];
  /** For multi-label: every class is given whose probability is at least this. */
  readonly threshold?: number;
  /** Which row of the table each answer is for, from 1; rows with gaps are left out, and `warnings` says so. */
  readonly rows: Int32Array;
  /** Row by row, a probability for each of the classes; else a value in the units of the column that was learned. */
  readonly answers: Float32Array;
  readonly warnings: readonly Diagnostic[];
};

export type ImportResult = {
  readonly format: ImportFormat;
  readonly document: NetworkDocument;
  /** What was written; null where nothing was asked for. A network file has no room for weights. */
  readonly saved: { readonly path: string; readonly withWeights: boolean } | null;
  readonly hasWeights: boolean;
  readonly report: readonly ImportLine[];
  /** Which equal parts became blocks, in words. */
  readonly folds: readonly Text[];
  /** How far the imported network's answers are from the file's own; null where the two are the same bytes, or `notProved` says why. */
  readonly proof: Proof | null;
  readonly notProved: Text | null;
  /** Where it is kept for the app; null where that was not asked for. */
  readonly kept: KeptImport | null;
};

/** What the app has imported and shows: what became of the file, and the model that came of it. */
export type KeptImport = Pick<ImportResult, 'format' | 'report' | 'folds' | 'proof' | 'notProved'> & {
  readonly id: string;
  /** What the file is called. */
  readonly name: string;
  /** Of the model; null where the file had no weights. */
  readonly path: string | null;
};

/** One file that an export would write. */
export type PreviewedFile = {
  /** With `/` between folders; empty for a target that is one file. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Its text, cut where it is long; null for bytes. */
  readonly text: string | null;
};

/** The same input given to a network here and to its other form in that form's own runtime. */
export type Proof = {
  /** Of any value of any output; infinite where one is missing. */
  readonly maxDifference: number;
  /** The largest value of any output, against which the difference is judged. */
  readonly scale: number;
  /** What ran the other form, with its version. */
  readonly runtime: string;
};

export type Settings = {
  readonly language: 'system' | 'en' | 'zh';
  readonly theme: 'system' | 'light' | 'dark';
  readonly engine: EngineId | 'auto';
  /** Changes of a network that has a file are written to it by themselves. */
  readonly autosave: boolean;
  /** Panel sizes and such; the renderer's own business. */
  readonly layout: { readonly [key: string]: number | string | boolean };
};

/** A document that was not saved when the app ended, kept so that nothing is lost. */
export type Draft = {
  readonly key: string;
  /** The file that the document belongs to, and the revision that it was opened at; null for one that has none yet. */
  readonly path: string | null;
  readonly revision?: string;
  /** The run that was shown with it. */
  readonly runId?: string;
  readonly savedAt: string;
  readonly document: NetworkDocument;
};

/** An entry of the native application menu, for hosts that have one. Choosing it sends `id` as an 'app.command'. */
export type MenuEntry = {
  readonly id: string;
  readonly label: string;
  /** As `Mod+Shift+S`; only a combination that the page acts on. */
  readonly keys?: string;
  /** A new one draws a line above the entry. */
  readonly section: number;
};

/** The app's part of the native menu; what the system adds (quit, the clipboard of text fields) is the host's. */
export type AppMenu = {
  readonly [menu in 'file' | 'edit' | 'view' | 'learn' | 'help']: {
    readonly label: string;
    readonly entries: readonly MenuEntry[];
  };
};

/** name -> [request, response] */
export type HostRequests = {
  'host.info': [Record<string, never>, HostInfo];
  /** Versions, memory, folders and room on the disk, as the app sees them. */
  'host.check': [Record<string, never>, readonly HealthCheck[]];
  'storage.list': [Record<string, never>, readonly StorageUse[]];
  /** Takes away what can go without a loss. */
  'storage.free': [{ readonly id: StorageUse['id'] }, { readonly freedBytes: number }];
  /** A fault of the page, for the log; `isCrash`: a part of the page is gone by it. */
  'log.add': [{ readonly message: string; readonly stack: string; readonly isCrash: boolean }, Record<string, never>];
  /** Writes the log, without private paths, to a new file in the folder of projects. */
  'log.save': [Record<string, never>, { readonly path: string }];
  /** What ended unexpectedly since it was last asked. */
  'log.crashes': [Record<string, never>, readonly CrashNote[]];
  /** `recheck`: a device that failed its check is tried again, though nothing about it seems to have changed. */
  'engines.list': [{ readonly recheck?: boolean }, readonly EngineReport[]];
  'data.list': [Record<string, never>, readonly DataReport[]];
  /** `reading` absent: as its fields' defaults say. */
  'data.info': [{ readonly spec: string; readonly reading?: DataReading }, DataInfo];
  /**
   * What the data of a configuration hold, and what pictures go through on their way to `input`; null: to none. Every picture is read;
   * progress as of 'run.measureLayers'.
   */
  'data.look': [
    {
      readonly config: TrainingConfig;
      readonly input: readonly (number | null)[] | null;
      readonly ticket: string;
    },
    DataLook,
  ];
  /** Some of the pictures, made small; `only`: these alone. */
  'data.gallery': [
    {
      readonly config: TrainingConfig;
      readonly part: DataPart | null;
      readonly classIndex: number | null;
      readonly from: number;
      readonly count: number;
      readonly only?: readonly { readonly part: DataPart; readonly index: number }[];
    },
    DataGallery,
  ];
  /** Pictures as several steps of training would see them. */
  'data.preview': [
    {
      readonly config: TrainingConfig;
      readonly samples: readonly { readonly part: DataPart; readonly index: number }[];
      readonly steps: number;
    },
    AugmentationPreview,
  ];
  /** The first picture, to be looked at; null where the data have none. */
  'data.sample': [{ readonly spec: string }, DataSample | null];
  /**
   * Writes recorded pictures, JPEG files one behind the other in `bytes`: a folder for each class. `labels` are places in `classes`. Into a
   * new or empty folder; with `deleted` into the recording that is there, whose pictures of these names go.
   */
  'data.record': [
    {
      readonly dir: string;
      readonly classes: readonly string[];
      readonly labels: Int32Array;
      readonly lengths: Int32Array;
      readonly bytes: Uint8Array;
      readonly deleted?: Recording['classes'];
    },
    { readonly dir: string },
  ];
  /** Folders of recordings that can be gone on with, the last saved one first, and `dir` before them where it is one. */
  'data.recordings': [{ readonly dir: string | null }, readonly string[]];
  /** A recording as it is on disk. */
  'data.recording': [{ readonly dir: string }, Recording];
  /** Pictures of one class of a recording, one behind the other; a length of 0 where one is gone. */
  'data.recorded': [
    { readonly dir: string; readonly name: string; readonly files: readonly string[] },
    { readonly lengths: Int32Array; readonly bytes: Uint8Array },
  ];
  'templates.list': [Record<string, never>, readonly TemplateInfo[]];
  'templates.open': [{ readonly id: string }, NetworkDocument];
  'files.list': [
    /** `any`: files of every kind that may be imported, too. */
    { readonly dir: string; readonly any?: boolean },
    { readonly dir: string; readonly parent: string | null; readonly entries: readonly FileEntry[] },
  ];
  /** Null when the user cancels. Only where `nativeDialogs` is true. */
  'files.pickOpen': [{ readonly any?: boolean }, { readonly path: string } | null];
  'files.pickSave': [{ readonly suggestedName: string }, { readonly path: string } | null];
  'files.pickFolder': [Record<string, never>, { readonly path: string } | null];
  /** Shows a file or folder where the system shows files. Only where `nativeDialogs` is true. */
  'files.reveal': [{ readonly path: string }, Record<string, never>];
  'project.open': [{ readonly path: string }, OpenedProject];
  /** `baseRevision` null: the file must not exist yet unless `overwrite`. */
  'project.save': [
    {
      readonly path: string;
      readonly document: NetworkDocument;
      readonly baseRevision: string | null;
      readonly overwrite: boolean;
    },
    { readonly path: string; readonly revision: string },
  ];
  /** Newest first. `isMissing`: there is no such file now. */
  'project.recent': [
    Record<string, never>,
    readonly { readonly path: string; readonly name: string; readonly openedAt: string; readonly isMissing: boolean }[],
  ];
  /** Takes a file off the list of recent ones. */
  'project.forget': [{ readonly path: string }, Record<string, never>];
  /**
   * A draft belongs to the connection that saved it last, for as long as that lives. `replaces`: the draft that this one was opened
   * from, which goes in the same step.
   */
  'draft.save': [Omit<Draft, 'savedAt'> & { readonly replaces?: string }, Record<string, never>];
  /** Drafts that nobody works on any more, newest first. */
  'draft.list': [Record<string, never>, readonly Draft[]];
  'draft.discard': [{ readonly key: string }, Record<string, never>];
  /** `dir`: a folder of the user's choice instead of one in the app's data folder; it must be new or empty. */
  'run.start': [
    {
      readonly document: NetworkDocument;
      readonly config: TrainingConfig;
      readonly dir?: string;
      readonly variant?: RunVariant;
      /** What the run is called; the network's name where it has none of its own. */
      readonly name?: string;
      readonly tags?: readonly string[];
      /** What its weights start from, as far as names and shapes are the same; a path may also be of any file that can be imported. */
      readonly from?: ModelRef;
    },
    { readonly runId: string; readonly dir: string; readonly warnings: readonly Diagnostic[] },
  ];
  /**
   * Goes on with a run from its checkpoint, in its own folder and under its own id; events as of a new run. `dir`: where it is, if not in
   * the app's data folder.
   */
  'run.resume': [{ readonly runId: string; readonly dir?: string }, HostRequests['run.start'][1]];
  /**
   * Follows a run that another program or machine trains in a folder: its events come as those of a run of one's own, from now on, or
   * all of them with `replay`. Nothing is written there. 'run.stop' ends the following, not the run.
   */
  'run.follow': [{ readonly dir: string; readonly replay?: boolean }, HostRequests['run.start'][1]];
  /** Ends after the current step and keeps the weights. */
  'run.stop': [{ readonly runId: string }, Record<string, never>];
  /** Times training steps of a network on random data, with the batch size, optimizer and engine of `config`. */
  'run.measure': [{ readonly document: NetworkDocument; readonly config: TrainingConfig }, StepMeasure];
  /**
   * Times each layer's part of a training step, as 'run.measure' does the whole. With a `ticket` of the asker's, 'run.measuring' tells how far
   * it is.
   */
  'run.measureLayers': [
    { readonly document: NetworkDocument; readonly config: TrainingConfig; readonly ticket?: string },
    LayerTimes,
  ];
  /** Sweeps the learning rate over the network and its data, and suggests one; no run is touched. Progress as of 'run.measureLayers'. */
  'run.findRate': [
    { readonly document: NetworkDocument; readonly config: TrainingConfig; readonly ticket?: string },
    RateSweep,
  ];
  /** What a run would take, by a short probe. */
  'run.forecast': [{ readonly document: NetworkDocument; readonly config: TrainingConfig }, RunForecast];
  /** Newest first. `dir`: the runs that somebody keeps in this folder, instead of the app's own. `ids`: those alone, as far as they are there. */
  'run.list': [{ readonly dir?: string; readonly ids?: readonly string[] }, readonly RunSummary[]];
  /** Everything that a run has said so far (steps thinned to at most 2,000, as columns), so that a reloaded page catches up. */
  'run.get': [
    { readonly runId: string },
    { readonly summary: RunSummary; readonly document: NetworkDocument; readonly events: PackedEvents },
  ];
  /** Calls a run otherwise, or gives it other tags. */
  'run.label': [
    { readonly runId: string; readonly name?: string; readonly tags?: readonly string[] },
    { readonly summary: RunSummary },
  ];
  'run.delete': [{ readonly runId: string }, Record<string, never>];
  /**
   * Deletes the runs that are older than the newest `keep`, have ended, and have no tag; with `isTrial` none. How many these are, and
   * what they take.
   */
  'run.prune': [
    { readonly keep: number; readonly isTrial: boolean },
    { readonly runs: number; readonly bytes: number },
  ];
  /** Trains many variants of a network in turn, each as a run that is tagged with the sweep's name. `vary` as `c1.filters=8,16,32`. */
  'sweep.start': [
    {
      readonly document: NetworkDocument;
      readonly config: TrainingConfig;
      readonly vary: readonly string[];
      /** 'grid': every value with every other. */
      readonly trials: number | 'grid';
      readonly earlyStop: EarlyStopRule;
      readonly name?: string;
      /** A new or empty folder for the sweep and its runs, instead of the app's own. */
      readonly dir?: string;
    },
    { readonly sweep: Sweep },
  ];
  /** Goes on with the trials that are not done, by its id or its folder. */
  'sweep.resume': [{ readonly sweepId?: string; readonly dir?: string }, { readonly sweep: Sweep }];
  /** Ends after the step at hand; what is done stays done. */
  'sweep.stop': [{ readonly sweepId: string }, Record<string, never>];
  /** Newest first. */
  'sweep.list': [Record<string, never>, readonly Sweep[]];
  /** Takes a sweep off the list; its runs stay. */
  'sweep.forget': [{ readonly sweepId: string }, Record<string, never>];
  'model.info': [{ readonly model: ModelRef }, ModelInfo];
  /** As one file where `path` ends in `.convloom-model`, else as a folder. */
  'model.save': [
    { readonly model: ModelRef; readonly path: string; readonly overwrite: boolean },
    { readonly path: string },
  ];
  /** `data` null: the model's own. `part` absent: the test part of its own data, else the validation part; all of other data. */
  'model.evaluate': [
    {
      readonly model: ModelRef;
      readonly data: string | null;
      readonly engine: EngineId | 'auto';
      /** What it says of every sample is wanted too. */
      readonly answers?: boolean;
      readonly part?: EvaluatedPart;
      /** Which of several outputs; absent: the one that was trained. */
      readonly output?: string;
    },
    Evaluation,
  ];
  /** Samples of what was scored last with these questions, by their number among them. */
  'model.samples': [
    {
      readonly model: ModelRef;
      readonly data: string | null;
      readonly part?: EvaluatedPart;
      readonly output?: string;
      readonly samples: readonly number[];
    },
    ScoredSamples,
  ];
  'model.predict': [{ readonly model: ModelRef; readonly input: ModelInput }, Prediction];
  /** For networks that were trained on a table. */
  'model.predictTable': [{ readonly model: ModelRef; readonly table: TableInput }, TablePrediction];
  /** What the named nodes give for one input, by node id; the shapes are without the batch. */
  'model.activations': [
    { readonly model: ModelRef; readonly nodes: readonly string[]; readonly input: ModelInput },
    { readonly tensors: TensorMap },
  ];
  /** What a network computes for some samples, node by node, and on request what goes back; bounded by `limits.inspectedBytes`. */
  'model.inspect': [InspectRequest, Inspection];
  /** Which samples are nearest to a picture by what a node computes of them. The first question reads the set, those after it are answered at once. */
  'model.nearest': [NearestRequest, NearestSamples];
  /** Samples laid out in a plane by what a node computes of them. Both tell their progress to a `ticket`, as of 'run.measureLayers'. */
  'model.embed': [EmbeddingRequest, Embedding];
  'checkpoint.info': [{ readonly model: ModelRef }, CheckpointInfo];
  /**
   * Writes a network in another form, with a model's weights where the form has room for them. `path` is a folder, new or empty,
   * or a file, as the target has it; `overwrite` is for files. Weights that do not fit the network are refused.
   */
  'export.write': [
    {
      readonly document: NetworkDocument;
      readonly target: ExportTargetId;
      readonly model: ModelRef | null;
      readonly path: string;
      readonly overwrite: boolean;
      /** For targets that draw; tables read its language. */
      readonly figure?: FigureRequest;
    },
    {
      readonly files: readonly string[];
      /** How far its answers are from ours in its own runtime; null where that is not here, and `notProved` says why. */
      readonly proof: Proof | null;
      readonly notProved: Text | null;
    },
  ];
  /** Writes a comparison of heads as a table or a picture. */
  'heads.write': [
    {
      readonly report: HeadReport;
      readonly form: HeadForm;
      readonly language: Language;
      readonly path: string;
      readonly overwrite: boolean;
    },
    { readonly path: string },
  ];
  /** What {@link HostRequests} 'export.write' would write, without writing or running anything. */
  'export.preview': [
    {
      readonly document: NetworkDocument;
      readonly target: ExportTargetId;
      readonly model: ModelRef | null;
      readonly figure?: FigureRequest;
    },
    { readonly files: readonly PreviewedFile[] },
  ];
  /**
   * Reads a network from a file or folder. `onto`: the network that bare weights are put on, by name and shape. `weights`: a file of
   * weights for a network without them. `save`: where to write the network with its weights. `keep`: keeps the model and the report in
   * the app's data folder until they are forgotten. `foldRepeats`: equal parts in a row become blocks that repeat.
   */
  'import.read': [
    {
      readonly path: string;
      readonly onto?: NetworkDocument;
      readonly weights?: string;
      readonly save?: { readonly path: string; readonly overwrite: boolean };
      readonly keep?: boolean;
      readonly foldRepeats?: boolean;
    },
    ImportResult,
  ];
  /**
   * Takes the next bytes of a file of a page that has no path for it, and says where they are put. `upload` null begins a folder of its
   * own; files that belong together, such as a model and its weights, go into one. It is gone when 'import.read' has read from it.
   */
  'import.receive': [
    { readonly upload: string | null; readonly name: string; readonly bytes: Uint8Array },
    { readonly upload: string; readonly path: string },
  ];
  'import.kept': [{ readonly id: string }, KeptImport];
  'import.forget': [{ readonly id: string }, Record<string, never>];
  /** The user's own blocks, by name. */
  'library.list': [Record<string, never>, readonly KeptBlock[]];
  /** Keeps a block with all that it holds, in place of one of the same name. */
  'library.keep': [KeptBlock, Record<string, never>];
  'library.forget': [{ readonly name: string }, Record<string, never>];
  'settings.get': [Record<string, never>, Settings];
  'settings.set': [Partial<Settings>, Settings];
  /** Shows the app's actions in the native menu, in the page's language. A host without one takes no notice. */
  'menu.set': [AppMenu, Record<string, never>];
};

/** name -> payload */
export type HostEvents = {
  'run.event': { readonly runId: string; readonly event: RunEvent };
  /** A sweep has come further. */
  'sweep.changed': { readonly sweep: Sweep };
  /** How many of how many pictures have been read; before the run's first event, and no part of its log. */
  'run.reading': { readonly runId: string } & Reading;
  /** How many of how many layers have been timed, or steps of a sweep taken, for the asker whose `ticket` it is. */
  'run.measuring': { readonly ticket: string; readonly done: number; readonly total: number };
  /** From the menu (the id of the action) or a file association (`openPath`). */
  'app.command': { readonly command: string; readonly path?: string };
  /** Something went wrong beside what was asked for, such as a damaged draft that was set aside. */
  'host.notice': { readonly diagnostic: Diagnostic };
  /** Data in this folder are others than before. */
  'data.changed': { readonly dir: string };
  /** A client has ended: what it drafted is nobody's now, and `draft.list` gives it. */
  'drafts.left': Readonly<Record<string, never>>;
};

/** The name of a request. */
export type RequestName = keyof HostRequests;
/** The name of an event. */
export type EventName = keyof HostEvents;

/** As much of an `AbortSignal` as a request needs; shared/ has no DOM to name the real one. */
export type CancelSignal = {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
};

/** The renderer's side of the contract. A request never rejects: what goes wrong is in its `Result`. */
export type HostApi = {
  request<N extends RequestName>(
    name: N,
    payload: HostRequests[N][0],
    signal?: CancelSignal,
  ): Promise<Result<HostRequests[N][1]>>;
  /** Gives back what ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: HostEvents[N]) => void): () => void;
  /** Called when the host is gone (true) or back (false). */
  onLost(listener: (lost: boolean) => void): () => void;
};
