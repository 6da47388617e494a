import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import type {
  DataInfo,
  DataSample,
  Embedding,
  EmbeddingRequest,
  HostRequests,
  Evaluation,
  InspectRequest,
  Inspection,
  LayerTimes,
  ModelInput,
  NearestRequest,
  NearestSamples,
  Prediction,
  RunForecast,
  ScoredSamples,
  StepMeasure,
  TableInput,
  TablePrediction,
} from '../../shared/host/api';
import type { FloatTensors } from '../../shared/ops/tensor';
import type { EvaluatedPart } from '../../shared/schema/data';
import type { DataReading, EngineId, TrainingConfig } from '../../shared/schema/training';
import type { RateSweep } from '../../shared/training/rateSweep';
import type { RunEvent, Validating } from '../../shared/training/events';
import type { EngineStatus, TensorMap } from '../engines/engine';
import type { ModelFileAnswer } from '../engines/onnxruntime/modelFile';
import type { ModelFolderAnswer } from '../engines/tensorflow/modelFolder';
import type { TfjsModelAnswer } from '../engines/tfjs/modelFile';
import type { Verification } from '../engines/onnxruntime/verification';
import type { TrainedData } from '../files/trainedData';

export type { TrainedData } from '../files/trainedData';

/**
 * name -> [question, answer]. Asked of a trainer process so that native code and heavy decoding never touch the app itself. A model
 * is named by the path of its folder or file. Typed arrays cross the pipe as such.
 */
export type TrainerQuestions = {
  engine: [{ readonly engine: EngineId }, EngineStatus];
  /** Tries WebGPU, which a bad graphics driver may turn into the end of the process: ask one of its own. */
  webgpu: [Record<string, never>, Verification];
  data: [{ readonly spec: string; readonly reading?: DataReading }, DataInfo];
  /** Tells its progress. */
  look: [Omit<HostRequests['data.look'][0], 'ticket'>, HostRequests['data.look'][1]];
  gallery: HostRequests['data.gallery'];
  preview: HostRequests['data.preview'];
  sample: [{ readonly spec: string }, DataSample | null];
  predict: [{ readonly path: string; readonly input: ModelInput }, Prediction];
  predictTable: [{ readonly path: string; readonly table: TableInput }, TablePrediction];
  activations: [
    { readonly path: string; readonly nodes: readonly string[]; readonly input: ModelInput },
    { readonly tensors: TensorMap },
  ];
  /** `path` null: with fresh weights. */
  inspect: [Omit<InspectRequest, 'model'> & { readonly path: string | null }, Inspection];
  /** Tell their progress. */
  nearest: [Omit<NearestRequest, 'model' | 'ticket'> & { readonly path: string | null }, NearestSamples];
  embed: [Omit<EmbeddingRequest, 'model' | 'ticket'> & { readonly path: string | null }, Embedding];
  /** On tensors as they are, `[batch, ...shape]` by the id of the input node; the answers by the id of the node. */
  forward: [
    { readonly path: string; readonly nodes: readonly string[]; readonly inputs: FloatTensors },
    { readonly tensors: TensorMap },
  ];
  /** An ONNX file by ONNX Runtime itself, for proofs; inputs and outputs by the file's own names. */
  onnxFile: [{ readonly path: string; readonly inputs: FloatTensors }, ModelFileAnswer];
  /** A SavedModel's folder by TensorFlow itself, for proofs; inputs and outputs by the names of its graph's tensors. */
  modelFolder: [
    { readonly path: string; readonly inputs: FloatTensors; readonly outputs: readonly string[] },
    ModelFolderAnswer,
  ];
  /** A model.json by TensorFlow.js itself, for proofs; inputs and outputs in the order in which it lists them. */
  tfjsModel: [
    { readonly path: string; readonly inputs: FloatTensors; readonly outputs: readonly string[] },
    TfjsModelAnswer,
  ];
  /** The modules of a printed TypeScript project in `path`, for proofs; inputs and outputs in the network's order. */
  printedProject: [
    { readonly path: string; readonly inputs: readonly FloatTensors[string][]; readonly outputs: readonly string[] },
    TfjsModelAnswer,
  ];
  /** How long a training step takes, on random data; nothing of it is kept. */
  measure: [{ readonly document: NetworkDocument; readonly config: TrainingConfig }, StepMeasure];
  /** A sweep of the learning rate on the run's own data; tells its progress. */
  findRate: [{ readonly document: NetworkDocument; readonly config: TrainingConfig }, RateSweep];
  /** How long a run will take, and in how much memory: ask a process of its own. */
  forecast: [{ readonly document: NetworkDocument; readonly config: TrainingConfig }, RunForecast];
  /** The same for each layer; tells its progress. */
  measureLayers: [{ readonly document: NetworkDocument; readonly config: TrainingConfig }, LayerTimes];
  /** `data` null: the model's own. `part` null: what it was not trained on. */
  evaluate: [
    {
      readonly path: string;
      readonly data: string | null;
      readonly engine: EngineId | 'auto';
      readonly part?: EvaluatedPart | null;
      readonly answers?: boolean;
      /** Absent: the output that was trained. */
      readonly output?: string;
    },
    Evaluation,
  ];
  /** Of what 'evaluate' scored with answers; what is not open any more is opened again. */
  samples: [
    {
      readonly path: string;
      readonly data: string | null;
      readonly part?: EvaluatedPart | null;
      readonly output?: string;
      readonly samples: readonly number[];
    },
    ScoredSamples,
  ];
};

/** A model folder or file, and what the user calls it. */
export type StartSource = { readonly path: string; readonly name: string };

export type QuestionName = keyof TrainerQuestions;

/** What the app says to a trainer. A training process gets `prepare`, then `begin`; an answering one gets `ask`s. */
export type TrainerCommand =
  | {
      readonly type: 'prepare';
      readonly runId: string;
      readonly document: NetworkDocument;
      readonly config: TrainingConfig;
      /** The folder of the run that goes on, from the checkpoint in it; null for a new run. */
      readonly resumeDir: string | null;
      /** The model that its weights start from; null: they start by their seed. */
      readonly from: StartSource | null;
    }
  | { readonly type: 'begin'; readonly dir: string }
  | { readonly type: 'stop' }
  | { readonly type: 'ask'; readonly id: number; readonly name: QuestionName; readonly question: unknown }
  /** The answer is no longer wanted; what can stop, stops, and an answer comes all the same. */
  | { readonly type: 'cancel'; readonly id: number };

/** What is known once data, network and engine have been found to fit. */
export type Prepared = {
  /** The document that is trained: sizes that it leaves open are the data's. */
  readonly document: NetworkDocument;
  readonly data: TrainedData;
  readonly warnings: readonly Diagnostic[];
};

/** What a trainer says to the app. */
export type TrainerReport =
  | { readonly type: 'prepared'; readonly result: Result<Prepared> }
  /** How many pictures of how many have been read, before 'prepared'. */
  | { readonly type: 'reading'; readonly done: number; readonly total: number }
  /** How far the validation at an epoch's end is, about once a second. */
  | { readonly type: 'validating'; readonly validating: Validating }
  | { readonly type: 'event'; readonly event: RunEvent }
  /** How much of an answer is done, at most ten times a second. */
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown> };
