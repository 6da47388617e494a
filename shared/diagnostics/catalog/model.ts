import { text, type Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** A file of a model, or the model as a whole, cannot be read. */
export function modelDamaged(path: string, reason: Text): Diagnostic {
  return {
    code: 'model/damaged',
    severity: 'error',
    at: { path },
    summary: text(`${path} is not a model that can be read.`, `${path} 不是可读取的模型。`),
    why: reason,
    fixes: [],
  };
}

/** A model was asked for, and the file is something else: `network`, `weights` alone, a model of `another` program, or what `is` says. */
export function notAModel(path: string, what: 'network' | 'weights' | 'another' | { readonly is: Text }): Diagnostic {
  const [summary, why] = typeof what === 'string' ? insteadOfModel[what] : [what.is, trainedElsewhere];
  return {
    code: 'model/not-a-model',
    severity: 'error',
    at: { path },
    summary: text(`${path} is not a model: it is ${summary.en}.`, `${path} 不是模型：它是${summary.zh}。`),
    why,
    fixes: [],
  };
}

const trainedElsewhere = text(
  'Name a run, a model folder, or a file named *.convloom-model.',
  '请指定训练记录、模型文件夹，或 *.convloom-model 文件。',
);

const insteadOfModel: Readonly<Record<'network' | 'weights' | 'another', readonly [Text, Text]>> = {
  network: [
    text('a network, which has no weights', '没有权值的网络'),
    text(
      'Train it first (convloom train FILE), and name the run; or name a model.',
      '请先训练（convloom train FILE）并指定该训练记录，或指定一个模型。',
    ),
  ],
  weights: [
    text('weights alone, without a network', '没有网络的权值'),
    text(
      'Put them on the network that they belong to: convloom import WEIGHTS --onto FILE -o OUT.',
      '请把它们加载到所属的网络上：convloom import WEIGHTS --onto FILE -o OUT。',
    ),
  ],
  another: [
    text('a model of another program', '其他程序的模型'),
    text('Import it first: convloom import FILE -o OUT.', '请先导入：convloom import FILE -o OUT。'),
  ],
};

/** There is a network, and nothing that it has learned. */
export function modelHasNoWeights(path: string): Diagnostic {
  return {
    code: 'model/no-weights',
    severity: 'error',
    at: { path },
    summary: text(`${path} has no weights.`, `${path} 没有权值。`),
    why: text(
      'A run has weights from its first checkpoint on: after about half a minute, at the end of each epoch, and when it is stopped.',
      '训练在第一个检查点之后才有权值：约半分钟后、每轮结束时，以及停止训练时。',
    ),
    fixes: [],
  };
}

/** A model was asked for, and what was read has no weights. */
export function modelNeedsWeights(path: string): Diagnostic {
  return {
    code: 'model/needs-weights',
    severity: 'error',
    at: { path },
    summary: text(
      `There are no weights for the model ${path}. Nothing was written.`,
      `没有可放入模型 ${path} 的权值。未写入任何内容。`,
    ),
    why: text(
      'A model is a network with its weights. A network alone goes into a file named *.json or *.convloom.',
      '模型是带有权值的网络。只有网络时，请写入 *.json 或 *.convloom 文件。',
    ),
    fixes: [],
  };
}

/** The model was written by a later version of Convloom. */
export function modelTooNew(path: string, version: number): Diagnostic {
  return {
    code: 'model/too-new',
    severity: 'error',
    at: { path },
    summary: text(
      `${path} was written by a newer Convloom (model version ${version}).`,
      `${path} 由更新版本的 Convloom 写入（模型版本 ${version}）。`,
    ),
    why: text('This version reads models up to version 1.', '当前版本只能读取版本 1 的模型。'),
    fixes: [],
  };
}

/** A checkpoint cannot be read. `hasWeights`: the run's weights can, and the run can still be used as a model. */
export function checkpointDamaged(path: string, reason: Text, hasWeights: boolean): Diagnostic {
  return {
    code: 'model/checkpoint-damaged',
    severity: 'error',
    at: { path },
    summary: text(`${path} is damaged, so the run cannot go on from it.`, `${path} 已损坏，无法从此继续训练。`),
    why: hasWeights
      ? text(
          `${reason.en} The weights beside it are whole: the run can still be evaluated, predict and be exported.`,
          `${reason.zh} 旁边的权值文件完好：仍可用于评估、预测和导出。`,
        )
      : text(`${reason.en} The run has no weights that could be used either.`, `${reason.zh} 该训练也没有可用的权值。`),
    fixes: [],
  };
}

/** The run was ended before its first checkpoint, or comes from a version that wrote none. */
export function checkpointMissing(dir: string): Diagnostic {
  return {
    code: 'model/no-checkpoint',
    severity: 'error',
    at: { path: dir },
    summary: text(`${dir} has no checkpoint to go on from.`, `${dir} 没有可继续的检查点。`),
    why: text(
      'The run ended before its first checkpoint, or it was made by a version that wrote none. Its network and settings are there: it can be started anew.',
      '训练在第一个检查点之前就结束了，或由不写检查点的旧版本生成。网络和设置仍在：可以重新开始训练。',
    ),
    fixes: [],
  };
}

/** What a checkpoint remembers of its data or its network is not what is there now. */
export function checkpointMisfits(dir: string, what: string, then: string, now: string): Diagnostic {
  return {
    code: 'model/checkpoint-misfits',
    severity: 'error',
    at: { path: dir },
    summary: text(
      `The run cannot go on: its ${what} has changed since its checkpoint.`,
      `无法继续训练：检查点之后，${what} 已改变。`,
    ),
    why: text(
      `Then: ${then}. Now: ${now}. Going on would not be the same run; put the data back, or start a new run.`,
      `当时：${then}。现在：${now}。继续下去就不再是同一次训练；请恢复数据，或开始新的训练。`,
    ),
    fixes: [],
  };
}

/** The run has done all its epochs. */
export function runIsComplete(runId: string, epochs: number): Diagnostic {
  return {
    code: 'model/run-complete',
    severity: 'error',
    at: {},
    summary: text(
      `Run ${runId} has done all its ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}.`,
      `训练 ${runId} 已完成全部 ${epochs} 轮。`,
    ),
    why: text('There is nothing left to go on with.', '没有剩余的轮可以继续。'),
    fixes: [],
  };
}
