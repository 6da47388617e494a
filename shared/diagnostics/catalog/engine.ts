import { text } from '../../text';
import type { Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** An engine cannot run a network because it lacks something that the network uses. Said before a run starts. */
export function engineLacks(engine: string, what: string): Diagnostic {
  return {
    code: 'engine/lacks-op',
    severity: 'error',
    at: {},
    summary: text(`The ${engine} engine cannot run this network.`, `${engine} 引擎无法运行这个网络。`),
    why: text(`It lacks ${what}. Choose another engine.`, `它缺少 ${what}。请选择其他引擎。`),
    fixes: [],
  };
}

/** An engine's own library refused a compiled network. `reason` is the library's message. */
export function engineRefused(engine: string, functionName: string, reason: string): Diagnostic {
  return {
    code: 'engine/refused',
    severity: 'error',
    at: {},
    summary: text(`The ${engine} engine refused this network.`, `${engine} 引擎拒绝了这个网络。`),
    why: text(`In ${functionName}: ${reason}`, `在 ${functionName} 中：${reason}`),
    fixes: [],
  };
}

const chooseAnother = text('Choose another engine.', '请选择其他引擎。');

/** No engine at all, or not the one that was asked for, can run on this machine. `mend` null: nothing helps it here. */
export function engineUnavailable(engine: string, why: Text, mend: Text | null): Diagnostic {
  const advice = mend ?? chooseAnother;
  return {
    code: 'engine/unavailable',
    severity: 'error',
    at: {},
    summary: text(`The ${engine} engine cannot run here.`, `${engine} 引擎无法在这里运行。`),
    why: text(`${why.en} ${advice.en}`, `${why.zh}${advice.zh}`),
    fixes: [],
  };
}

/** A run takes a slower engine or device than the one that a single step would bring. */
export function engineFasterWithinReach(faster: string, why: Text, mend: Text): Diagnostic {
  return {
    code: 'engine/faster-within-reach',
    severity: 'info',
    at: {},
    summary: text(`${faster} is faster, and one step away.`, `${faster} 更快，只差一步。`),
    why: text(`${why.en} ${mend.en}`, `${why.zh}${mend.zh}`),
    fixes: [],
  };
}

/** A run asks for a type of smaller numbers that its engine has no kernels for. */
export function precisionNotThere(engine: string, precision: string): Diagnostic {
  return {
    code: 'engine/no-precision',
    severity: 'error',
    at: { path: 'train.precision' },
    summary: text(`The ${engine} engine does not compute in ${precision}.`, `${engine} 引擎不能用 ${precision} 计算。`),
    why: text(
      'It computes in float32 alone. The TensorFlow engine has both (convloom setup tensorflow, then --engine tensorflow).',
      '它只用 float32 计算。TensorFlow 引擎两者都有（convloom setup tensorflow，然后 --engine tensorflow）。',
    ),
    fixes: [
      {
        title: text('Set precision to float32', '将数值类型设为 float32'),
        edits: [{ type: 'setTraining', train: { precision: 'float32' } }],
      },
    ],
  };
}

/** Bytes that a step takes, that are free, and that it takes where it computes its forward pass again, in words. */
export type StepMemory = { readonly needed: string; readonly free: string; readonly recomputed: string };

/** A step would not fit into memory as it is, and computes parts of its forward pass again instead of keeping them. */
export function recomputeSettled({ needed, free, recomputed }: StepMemory): Diagnostic {
  return {
    code: 'engine/recompute-settled',
    severity: 'info',
    at: { path: 'train.recompute' },
    summary: text(
      'Steps compute parts of their forward pass twice, as memory is short.',
      '内存不足，每步会把前向的一部分计算两次。',
    ),
    why: text(
      `A step would take about ${needed}, and ${free} are free. So it takes about ${recomputed}, more time, and comes to the same numbers.`,
      `一步约需 ${needed}，而空闲内存为 ${free}。这样只需约 ${recomputed}，用时更长，数值相同。`,
    ),
    fixes: [],
  };
}

/** A step will probably not fit into memory. `fittingBatch`: about how many samples would; 0 where not even one. */
export function stepTooLarge(needed: string, free: string, mayRecompute: boolean, fittingBatch: number): Diagnostic {
  const recompute = {
    title: text('Recompute as needed', '按需重算'),
    edits: [{ type: 'setTraining', train: { recompute: 'auto' } }],
  } as const;
  const smaller = {
    title: text(`Set the batch size to ${fittingBatch}`, `将批大小设为 ${fittingBatch}`),
    edits: [{ type: 'setTraining', train: { batchSize: fittingBatch } }],
  } as const;
  return {
    code: 'engine/step-too-large',
    severity: 'warning',
    at: { path: 'train.batchSize' },
    summary: text('A training step may not fit into memory.', '一步训练可能放不进内存。'),
    why: text(`It takes about ${needed}, and ${free} are free.`, `约需 ${needed}，而空闲内存为 ${free}。`),
    fixes: [...(mayRecompute ? [recompute] : []), ...(fittingBatch > 0 ? [smaller] : [])],
  };
}

/** What the products of a run are computed in, where that was left to a trial. */
export function precisionSettled(precision: string, why: Text): Diagnostic {
  return {
    code: 'engine/precision-settled',
    severity: 'info',
    at: {},
    summary: text(`Products are computed in ${precision}.`, `乘积用 ${precision} 计算。`),
    why,
    fixes: [],
  };
}
