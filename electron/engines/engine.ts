import type { Result } from '../../shared/diagnostics/diagnostic';
import type { DType, Program, ReducedType } from '../../shared/ops/graph';
import type { TensorMap } from '../../shared/ops/tensor';
import type { Text } from '../../shared/text';
import type { EngineId } from '../../shared/schema/training';

/**
 * `plain` (the default): the numbers of the op graph, the same on every engine. `kept`: bit by bit as the engine keeps them, where it
 * scales an optimizer's slots, for a checkpoint that the same engine goes on from; weights are the same in both.
 */
export type StateForm = 'plain' | 'kept';

/** A compiled program with its variables. One caller at a time; runs are in order. */
export type EngineSession = {
  /** Sets variables; every variable must have been set once before the first run. `form` as they were read. */
  write(variables: TensorMap, form?: StateForm): Promise<void>;
  /** Reads variables, by name. */
  read(names: readonly string[], form?: StateForm): Promise<TensorMap>;
  /** Runs one function of the program: feeds in, outputs out, updates applied. */
  run(functionName: string, inputs: TensorMap): Promise<TensorMap>;
  dispose(): Promise<void>;
};

/** A faster device that an engine could have used and did not: why, and what would change that (null where nothing would). */
export type PassedOver = { readonly device: string; readonly why: Text; readonly mend: Text | null };

/** Whether an engine can run here; if not, `why` names the failing piece and `mend` says what to do (null: nothing helps here). */
export type EngineStatus =
  | {
      readonly available: true;
      readonly device: string;
      readonly versions: { readonly [name: string]: string };
      /** Absent where the engine runs on the best device that it has. */
      readonly passedOver?: PassedOver;
    }
  | { readonly available: false; readonly why: Text; readonly mend: Text | null };

/** One way to run op graphs. An engine knows nothing of layers, losses or training. */
export type Engine = {
  readonly id: EngineId;
  /** The types beside float32 in which it can compute products, the best first. */
  readonly reducedTypes: readonly ReducedType[];
  /** Cheap and safe: loads what must be loaded to know, and never throws. */
  probe(): Promise<EngineStatus>;
  /** Fails with a diagnostic if the program has an op, attribute or type that this engine lacks. */
  compile(program: Program): Promise<Result<EngineSession>>;
};

export type { DType, Program };
export type { HostTensor, TensorMap } from '../../shared/ops/tensor';
