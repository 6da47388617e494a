import type { Diagnostic, Result } from '../diagnostics/diagnostic';
import type { TensorMap } from '../ops/tensor';
import type { KeptBlock, NetworkDocument } from '../schema/document';
import type { DataPart, EvaluatedPart } from '../schema/data';
import type { DataReading, EngineId, TrainingConfig } from '../schema/training';
import type { Reading, RunEvent, Validating } from '../training/events';
import type { RateSweep } from '../training/rateSweep';
import type { PackedEvents } from '../training/packedEvents';
import type { EarlyStopRule } from '../schema/sweeps';
import type { Sweep } from '../training/sweep';
import type { ExportTargetId } from '../schema/exports';
import type { FigureRequest } from '../schema/figures';
import type { Recording } from '../schema/recording';
import type { AugmentationPreview, DataGallery, DataLook } from './dataLook';
import type { Embedding, EmbeddingRequest, NearestRequest, NearestSamples } from './features';
import type { InspectRequest, Inspection } from './inspection';
import type { HeadForm, HeadReport } from '../exports/tables/heads';
import type { Language, Text } from '../text';
import type { AppMenu, CrashNote, EngineReport, HealthCheck, HostInfo, Settings, StorageUse } from './answers/machine';
import type { DataInfo, DataReport, DataSample } from './answers/data';
import type {
  Draft,
  FileEntry,
  ImportResult,
  KeptImport,
  OpenedProject,
  PreviewedFile,
  Proof,
  TemplateInfo,
} from './answers/files';
import type { CheckpointInfo, LayerTimes, RunForecast, RunSummary, RunVariant, StepMeasure } from './answers/runs';
import type {
  Evaluation,
  ModelInfo,
  ModelInput,
  ModelRef,
  Prediction,
  ScoredSamples,
  TableInput,
  TablePrediction,
} from './answers/models';

export type {
  AppMenu,
  CrashNote,
  EngineReport,
  HealthCheck,
  HostInfo,
  MenuEntry,
  Settings,
  StorageUse,
} from './answers/machine';
export type { DataInfo, DataReport, DataSample, LabelValue } from './answers/data';
export type {
  Draft,
  FileEntry,
  ImportResult,
  KeptImport,
  OpenedProject,
  PreviewedFile,
  Proof,
  TemplateInfo,
} from './answers/files';
export type {
  CheckpointInfo,
  LayerTime,
  LayerTimes,
  RunForecast,
  RunSummary,
  RunVariant,
  StepMeasure,
} from './answers/runs';
export type {
  Evaluation,
  ModelData,
  ModelInfo,
  ModelInput,
  ModelRef,
  Prediction,
  ScoredSamples,
  TableInput,
  TablePrediction,
  TableScaling,
} from './answers/models';
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
  /** How far the validation at an epoch's end is, about once a second while it lasts; no part of the run's log. */
  'run.validating': { readonly runId: string } & Validating;
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
