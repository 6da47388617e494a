import { recomputeSettled, stepTooLarge } from '../../shared/diagnostics/catalog/engine';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { OpFunction, Program, Recomputation } from '../../shared/ops/graph';
import { peakBytes } from '../../shared/ops/liveness';
import { elementCount } from '../../shared/ops/tensor';
import type { EngineId } from '../../shared/schema/engines';
import type { TrainingConfig } from '../../shared/schema/training';
import { formatBytes } from '../../shared/text';
import type { EngineChoice } from './ladder';
import { engineRewrites } from './rewrites';

/** Functions that go back over their forward pass. */
const steps = ['trainStep', 'gatherStep'] as const;

/**
 * What a step takes at most over the values that it holds: kernels have working memory, and allocators gaps. Seen: 1.1 to 1.6 (small
 * U-Net, U-Net 572, MobileNetV2; TensorFlow and ONNX Runtime).
 */
const overhead = 1.6;

/** How often an engine holds each variable: ONNX Runtime and tfjs write new ones beside the old. */
const copiesOfVariables: { readonly [Id in EngineId]: number } = { tensorflow: 1, onnxruntime: 2, tfjs: 2 };

/** What a run needs of memory and may have. */
type Room = {
  readonly choice: EngineChoice;
  readonly program: Program;
  readonly batchSize: number;
  readonly freeBytes: number;
};

/** A program whose steps recompute, or not, and what is to be said of it. */
export type SettledProgram = { readonly program: Program; readonly note: Diagnostic | null };

function asking(program: Program, recompute: Recomputation): Program {
  const asked = steps.flatMap((name): readonly (readonly [string, OpFunction])[] => {
    const step = program.functions[name];
    return step === undefined ? [] : [[name, { ...step, recompute }]];
  });
  return { ...program, functions: { ...program.functions, ...Object.fromEntries(asked) } };
}

function variableBytes({ choice, program }: Room): number {
  const bytes = program.variables.reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
  return bytes * copiesOfVariables[choice.engine.id];
}

/** About the most bytes that a program takes on its engine, for batches of this size. */
function neededBytes(room: Room, program: Program, batchSize = room.batchSize): number {
  const rewrite = engineRewrites[room.choice.engine.id];
  const peaks = steps.flatMap((name) => {
    const step = program.functions[name];
    return step === undefined ? [] : [peakBytes(rewrite(step).definition, batchSize)];
  });
  return variableBytes(room) + overhead * Math.max(0, ...peaks);
}

/** The number of samples that would fit, by those that do not; 0 where not even one does. */
function fittingBatch(room: Room, needed: number): number {
  const fixed = variableBytes(room);
  const share = (room.freeBytes - fixed) / Math.max(1, needed - fixed);
  return Math.max(0, Math.min(room.batchSize - 1, Math.floor(room.batchSize * share)));
}

/**
 * Settles whether the steps of a run keep all of their forward pass or compute some of it again, and says so where memory decides. On a
 * graphics card, whose memory nobody tells, 'auto' keeps all.
 */
export function settleRecompute(
  choice: EngineChoice,
  program: Program,
  { recompute, batchSize }: Pick<TrainingConfig, 'recompute' | 'batchSize'>,
  freeBytes = process.availableMemory(),
): SettledProgram {
  const room: Room = { choice, program, batchSize, freeBytes };
  const fewest = asking(program, { batch: batchSize, within: null });
  const start = recompute === 'on' ? fewest : program;
  if (!choice.status.device.startsWith('CPU')) return { program: start, note: null };
  const needed = neededBytes(room, start);
  if (needed <= freeBytes) return { program: start, note: null };
  const [is, free] = [formatBytes(needed), formatBytes(freeBytes)];
  const tooLarge = (bytes: number, text: string): Diagnostic =>
    stepTooLarge(text, free, recompute === 'off', fittingBatch(room, bytes));
  if (recompute !== 'auto') return { program: start, note: tooLarge(needed, is) };
  const within = Math.max(0, (freeBytes - variableBytes(room)) / overhead);
  const less = asking(program, { batch: batchSize, within });
  const after = neededBytes(room, less);
  if (after >= needed) return { program, note: tooLarge(needed, is) };
  const recomputed = formatBytes(after);
  const note = after > freeBytes ? tooLarge(after, recomputed) : recomputeSettled({ needed: is, free, recomputed });
  return { program: less, note };
}

/** Whether the steps of a program compute parts of their forward pass again. */
export function isRecomputing({ functions }: Program): boolean {
  return functions['trainStep']?.recompute !== undefined;
}
