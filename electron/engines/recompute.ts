import { recomputeSettled, stepTooLarge } from '../../shared/diagnostics/catalog/engine';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { OpFunction, OpNode, Program, Recomputation } from '../../shared/ops/graph';
import { bytesOf, peakBytes } from '../../shared/ops/liveness';
import { elementCount } from '../../shared/ops/tensor';
import type { EngineId } from '../../shared/schema/engines';
import type { TrainingConfig } from '../../shared/schema/training';
import { formatBytes } from '../../shared/text';
import type { EngineChoice } from './ladder';
import { engineRewrites } from './rewrites';

/** Functions that go back over their forward pass. */
const steps = ['trainStep', 'gatherStep'] as const;

/** What allocators and an order of its own cost an engine over the values that it holds at once. */
const overhead = 1.3;

/** Over this many times its values no step was seen to take. */
const amplyTimes = 6;

/**
 * Working memory of a node's kernel, about, in values of the larger of its operands: TensorFlow brings images into blocks of channels,
 * ONNX Runtime lays them out once for each row or tap of a filter whose gradient it takes. Seen with it and {@link overhead}, over the
 * variables: MobileNetV2 at 16 pictures took 1.97 GB of 1.9 foretold in TensorFlow (recomputing 0.63 of 0.64) and 1.58 of 2.6 in ONNX
 * Runtime (1.05 of 1.3); U-Net 572 at one picture 0.97 of 1.4 (0.83 of 1.1).
 */
function workingCopies(engine: EngineId, node: OpNode): number {
  if (node.op !== 'conv2d' && node.op !== 'conv2dInputGrad' && node.op !== 'conv2dFilterGrad') return 0;
  if (engine === 'tensorflow' || node.op !== 'conv2dFilterGrad') return 2;
  const [height, width] = node.filterSize;
  return node.groups > 1 ? height * width : Math.max(height, width) + 1;
}

/** The most working memory that a node of a step takes. */
function workingBytes(engine: EngineId, { nodes }: OpFunction, batch: number): number {
  return nodes.reduce((most, node) => {
    const copies = workingCopies(engine, node);
    const sizes =
      copies === 0 ? [] : node.inputs.flatMap((id) => nodes[id] ?? []).map((input) => bytesOf(input, batch));
    return Math.max(most, copies * Math.max(0, ...sizes));
  }, 0);
}

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

/** What the steps of a program take on its engine: values at once, and working memory beside them. */
type Demand = { readonly peak: number; readonly working: number; readonly isRecomputing: boolean };

function demandOf({ choice, batchSize }: Room, { functions }: Program): Demand {
  const { id } = choice.engine;
  const demands = steps.flatMap((name): readonly Demand[] => {
    const step = functions[name];
    if (step === undefined) return [];
    const { definition, fired } = engineRewrites[id](step);
    const isRecomputing = fired['recompute'] !== undefined;
    return [
      { peak: peakBytes(definition, batchSize), working: workingBytes(id, definition, batchSize), isRecomputing },
    ];
  });
  return {
    peak: Math.max(0, ...demands.map(({ peak }) => peak)),
    working: Math.max(0, ...demands.map(({ working }) => working)),
    isRecomputing: demands.some(({ isRecomputing }) => isRecomputing),
  };
}

/** About the most bytes that a program takes on its engine. */
function neededBytes(room: Room, { peak, working }: Demand): number {
  return variableBytes(room) + overhead * (peak + working);
}

/** Whether there is so much room that a glance will do: most runs are, and need not wait for what their engine makes of them. */
function isSmall(room: Room): boolean {
  const { program, batchSize, freeBytes } = room;
  const peaks = steps.flatMap((name) => program.functions[name] ?? []).map((step) => peakBytes(step, batchSize));
  return variableBytes(room) + amplyTimes * Math.max(0, ...peaks) <= freeBytes;
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
  if (recompute !== 'on' && isSmall(room)) return { program, note: null };
  const fewest = asking(program, { batch: batchSize, within: null });
  const wanted = recompute === 'on' ? fewest : program;
  const demand = demandOf(room, wanted);
  // Small networks have nothing to let go of.
  const start = demand.isRecomputing ? wanted : program;
  if (!choice.status.device.startsWith('CPU')) return { program: start, note: null };
  const needed = neededBytes(room, demand);
  if (needed <= freeBytes) return { program: start, note: null };
  const [is, free] = [formatBytes(needed), formatBytes(freeBytes)];
  const tooLarge = (bytes: number, text: string): Diagnostic =>
    stepTooLarge(text, free, recompute === 'off', fittingBatch(room, bytes));
  if (recompute !== 'auto') return { program: start, note: tooLarge(needed, is) };
  const within = Math.max(0, (freeBytes - variableBytes(room)) / overhead - demand.working);
  const less = asking(program, { batch: batchSize, within });
  const after = neededBytes(room, demandOf(room, less));
  if (after >= needed) return { program, note: tooLarge(needed, is) };
  const recomputed = formatBytes(after);
  const note = after > freeBytes ? tooLarge(after, recomputed) : recomputeSettled({ needed: is, free, recomputed });
  return { program: less, note };
}

/** Whether the steps of a program compute parts of their forward pass again. */
export function isRecomputing({ functions }: Program): boolean {
  return functions['trainStep']?.recompute !== undefined;
}
