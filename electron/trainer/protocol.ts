import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import type { DataInfo, Prediction } from '../../shared/host/api';
import type { EngineId, TrainingConfig } from '../../shared/schema/training';
import type { RunEvent } from '../../shared/training/events';
import type { EngineStatus } from '../engines/engine';
import type { Verification } from '../engines/onnxruntime/verification';
import type { TrainedData } from '../files/trainedData';

export type { TrainedData } from '../files/trainedData';

/** How a trained network does on a validation split. Fractions; null where the task has no such number. */
export type Evaluation = {
  readonly data: string;
  readonly engine: EngineId;
  readonly count: number;
  readonly loss: number;
  readonly accuracy: number | null;
  readonly meanIou: number | null;
  readonly baseline: { readonly accuracy: number; readonly meanIou: number | null };
};

/** name -> [question, answer]. Asked of a trainer process so that native code and heavy decoding never touch the app itself. */
export type TrainerQuestions = {
  engine: [{ readonly engine: EngineId }, EngineStatus];
  /** Tries WebGPU, which a bad graphics driver may turn into the end of the process: ask one of its own. */
  webgpu: [Record<string, never>, Verification];
  data: [{ readonly spec: string }, DataInfo];
  /** `pixels` as in the HostApi's `run.predict`, or the path of an image. */
  predict: [
    { readonly dir: string } & ({ readonly pixels: readonly number[] } | { readonly image: string }),
    Prediction,
  ];
  /** `data` null: the run's own. */
  evaluate: [
    {
      readonly dir: string;
      readonly data: string | null;
      readonly engine: EngineId | 'auto';
    },
    Evaluation,
  ];
};

export type QuestionName = keyof TrainerQuestions;

/** What the app says to a trainer. A training process gets `prepare`, then `begin`; an answering one gets `ask`s. */
export type TrainerCommand =
  | {
      readonly type: 'prepare';
      readonly runId: string;
      readonly document: NetworkDocument;
      readonly config: TrainingConfig;
    }
  | { readonly type: 'begin'; readonly dir: string }
  | { readonly type: 'stop' }
  | { readonly type: 'ask'; readonly id: number; readonly name: QuestionName; readonly question: unknown };

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
  | { readonly type: 'event'; readonly event: RunEvent }
  | { readonly type: 'answer'; readonly id: number; readonly result: Result<unknown> };
