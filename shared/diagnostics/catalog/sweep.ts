import { descents } from '../../schema/sweeps';
import { text, type Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** What is to be varied is no number of the network, nor a setting. */
export function unknownTarget(target: string, nearest: string | null): Diagnostic {
  return {
    code: 'sweep/unknown-target',
    severity: 'error',
    at: {},
    summary: text(`There is nothing called ${target} to vary.`, `没有可变动的 ${target}。`),
    why: text(
      `Name a param of a node (c1.filters), of a block (block.filters), of a node in a block (block/c.kernelSize), or a setting (learningRate).${nearest === null ? '' : ` Did you mean ${nearest}?`}`,
      `请写节点的参数（c1.filters）、块的参数（block.filters）、块内节点的参数（block/c.kernelSize）或训练设置（learningRate）。${nearest === null ? '' : `是否想写 ${nearest}？`}`,
    ),
    fixes: [],
  };
}

/** The values of something that is varied cannot be read. */
export function badVary(given: string, why: Text): Diagnostic {
  return {
    code: 'sweep/bad-values',
    severity: 'error',
    at: {},
    summary: text(`${JSON.stringify(given)} does not say what to vary.`, `${JSON.stringify(given)} 没有说明如何变动。`),
    why: text(
      `${why.en} Write a list, c1.filters=8,16,32, or a range, learningRate=0.001..0.1:log, with a number of values for a grid: dropout.rate=0..0.5:6.`,
      `${why.zh}请写列表 c1.filters=8,16,32，或范围 learningRate=0.001..0.1:log；网格可给出取值个数：dropout.rate=0..0.5:6。`,
    ),
    fixes: [],
  };
}

/** A word that is none of the descents. */
export function unknownDescent(given: string): Diagnostic {
  const known = descents.map(({ value }) => value).join(', ');
  return {
    code: 'sweep/unknown-descent',
    severity: 'error',
    at: {},
    summary: text(`${given} is no descent.`, `${given} 不是一种梯度下降。`),
    why: text(`There are ${known}.`, `可用的有 ${known}。`),
    fixes: [],
  };
}

/** Mini-batch descent with one sample a step is the stochastic one. */
export function miniBatchOfOne(): Diagnostic {
  return {
    code: 'sweep/mini-batch-of-one',
    severity: 'error',
    at: { path: 'train.batchSize' },
    summary: text('A mini-batch of one sample is stochastic descent.', '只有一个样本的小批量就是随机梯度下降。'),
    why: text('The batch size is 1. Set it to 2 or more, 32 is usual.', '批大小为 1。请设为 2 或以上，常用 32。'),
    fixes: [],
  };
}

/** Nothing is varied: there would be one trial, which is a training. */
export function nothingVaried(): Diagnostic {
  return {
    code: 'sweep/nothing-varied',
    severity: 'error',
    at: {},
    summary: text('Nothing is varied.', '没有任何变动项。'),
    why: text(
      'Name at least one number with its values: c1.filters=8,16,32.',
      '至少写出一个数值及其取值：c1.filters=8,16,32。',
    ),
    fixes: [],
  };
}

/** The grid of a sweep is larger than anybody can wait for. */
export function tooManyTrials(count: number, most: number): Diagnostic {
  return {
    code: 'sweep/too-many-trials',
    severity: 'error',
    at: {},
    summary: text(`That would be ${count} trials; ${most} are the most.`, `这将是 ${count} 次尝试；最多 ${most} 次。`),
    why: text('Give fewer values, or try some of them at random.', '请减少取值，或随机尝试其中一部分。'),
    fixes: [],
  };
}

/** No trial of a sweep can be trained; `first` says why the first one cannot. */
export function noTrialFits(count: number, first: Text): Diagnostic {
  return {
    code: 'sweep/no-trial-fits',
    severity: 'error',
    at: {},
    summary: text(`None of the ${count} trials can be trained.`, `${count} 次尝试中没有一次可以训练。`),
    why: text(`The first: ${first.en}`, `第一次：${first.zh}`),
    fixes: [],
  };
}

export function sweepNotFound(sweepId: string): Diagnostic {
  return {
    code: 'sweep/not-found',
    severity: 'error',
    at: {},
    summary: text(`There is no sweep ${sweepId}.`, `没有扫描 ${sweepId}。`),
    fixes: [],
  };
}

/** The file of a sweep cannot be read as one. */
export function sweepDamaged(path: string, reason: Text): Diagnostic {
  return {
    code: 'sweep/damaged',
    severity: 'error',
    at: { path },
    summary: text(`${path} is not a sweep that can be read.`, `${path} 不是可读取的扫描。`),
    why: reason,
    fixes: [],
  };
}

/** A sweep that is at work, here or in another app, is not begun a second time. */
export function sweepStillRunning(sweepId: string): Diagnostic {
  return {
    code: 'sweep/still-running',
    severity: 'error',
    at: {},
    summary: text(`Sweep ${sweepId} is still running.`, `扫描 ${sweepId} 仍在进行。`),
    why: text('Stop it first.', '请先停止。'),
    fixes: [],
  };
}

/** A sweep whose trials are all done has nothing to go on with. */
export function sweepIsComplete(sweepId: string): Diagnostic {
  return {
    code: 'sweep/complete',
    severity: 'error',
    at: {},
    summary: text(`All trials of sweep ${sweepId} are done.`, `扫描 ${sweepId} 的全部尝试已完成。`),
    fixes: [],
  };
}
