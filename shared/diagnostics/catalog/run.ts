import { text, type Text } from '../../text';
import type { TrainingConfig } from '../../schema/training';
import type { Diagnostic, Fix } from '../diagnostic';

/** The system's messages come without a full stop. */
function sentence(reason: string): string {
  return /[.。]$/.test(reason) ? reason : `${reason}.`;
}

function lowerLearningRate(learningRate: number): Fix {
  const lower = Number((learningRate / 3).toPrecision(2));
  return {
    title: text(`Set the learning rate to ${lower}`, `将学习率设为 ${lower}`),
    edits: [{ type: 'setTraining', train: { learningRate: lower } }],
  };
}

function smallerBatch(batchSize: number): readonly Fix[] {
  if (batchSize <= 1) return [];
  const smaller = Math.max(1, Math.floor(batchSize / 4));
  return [
    {
      title: text(`Set the batch size to ${smaller}`, `将批大小设为 ${smaller}`),
      edits: [{ type: 'setTraining', train: { batchSize: smaller } }],
    },
  ];
}

/**
 * The loss is no longer a number, or has grown far beyond where it began. `loss` null: not a number or infinite. `fault`: the first node that
 * gave no numbers, and the size of what came before it.
 */
export function runDiverged(
  config: Pick<TrainingConfig, 'learningRate' | 'optimizer'>,
  step: number,
  loss: number | null,
  firstLoss: number,
  fault: { readonly nodeId: string; readonly before: number | null } | null = null,
): Diagnostic {
  const now = loss === null ? 'NaN' : loss.toPrecision(4);
  const first = firstLoss.toPrecision(4);
  const before = fault?.before ?? null;
  const where =
    fault === null
      ? text('', '')
      : text(
          ` The first values that are no numbers are those of “${fault.nodeId}”${before === null ? '' : `; those before it were ${before.toPrecision(3)} in size`}.`,
          `最先出现非数值的是“${fault.nodeId}”${before === null ? '' : `，之前的数值大小为 ${before.toPrecision(3)}`}。`,
        );
  return {
    code: 'run/diverged',
    severity: 'error',
    at: fault === null ? {} : { nodeId: fault.nodeId },
    summary: text(`Training diverged at step ${step}.`, `训练在第 ${step} 步发散。`),
    why: text(
      `The loss went from ${first} to ${now} with ${config.optimizer} at learning rate ${config.learningRate}: each step overshoots.${where.en} A third of the learning rate is the usual mend; weights of the last checkpoint are kept.`,
      `使用 ${config.optimizer}、学习率 ${config.learningRate}，损失从 ${first} 变为 ${now}：每一步都走过头了。${where.zh}通常应把学习率降到三分之一；最后一个检查点的权值已保留。`,
    ),
    fixes: [lowerLearningRate(config.learningRate)],
    lesson: 'learning-rate',
  };
}

/** A run's folder was deleted, moved or unmounted while it trained. `kept` says where its weights are instead, or why nowhere. */
export function runFolderGone(dir: string, kept: Text | undefined): Diagnostic {
  return {
    code: 'run/folder-gone',
    severity: 'error',
    at: { path: dir },
    summary: text(`The run's folder was deleted while it trained: ${dir}.`, `训练过程中，它的文件夹被删除：${dir}。`),
    why:
      kept ??
      text(
        'What was trained could not be kept there. Train again, and leave the folder alone until the run has ended.',
        '训练结果无法保存在那里。请重新训练，并在训练结束前保留该文件夹。',
      ),
    fixes: [],
  };
}

/** The trainer needed more memory than there is. */
export function runOutOfMemory(batchSize: number, reason: string): Diagnostic {
  return {
    code: 'run/out-of-memory',
    severity: 'error',
    at: {},
    summary: text('The trainer ran out of memory.', '训练进程内存不足。'),
    why: text(
      `${reason} Kept activations grow with the batch size, which is ${batchSize}.`,
      `${reason} 保留的激活值随批大小增长，当前为 ${batchSize}。`,
    ),
    fixes: smallerBatch(batchSize),
  };
}

/** The trainer's process ended by itself in the middle of a run. `reason` has the exit code or signal and its last words. */
export function runCrashed(reason: string): Diagnostic {
  return {
    code: 'run/crashed',
    severity: 'error',
    at: {},
    summary: text('The trainer crashed.', '训练进程崩溃。'),
    why: text(
      `${reason} The app is unharmed, and weights of the last checkpoint are kept.`,
      `${reason} 程序本身不受影响，最后一个检查点的权值已保留。`,
    ),
    fixes: [],
  };
}

/** Someone or something ended the trainer's process: the app itself when it did not stop in time, or the system. */
export function runKilled(reason: string): Diagnostic {
  return {
    code: 'run/killed',
    severity: 'error',
    at: {},
    summary: text('The trainer was ended before it was done.', '训练进程在完成前被终止。'),
    why: text(
      `${reason} Weights of the last checkpoint are kept, and the run can go on from there.`,
      `${reason} 最后一个检查点的权值已保留。`,
    ),
    fixes: [],
  };
}

/** An engine threw while a step was computed. */
export function engineFailed(engine: string, reason: string): Diagnostic {
  return {
    code: 'run/engine-failed',
    severity: 'error',
    at: {},
    summary: text(`The ${engine} engine failed.`, `${engine} 引擎出错。`),
    why: text(reason, reason),
    fixes:
      engine === 'tfjs'
        ? []
        : [
            {
              title: text('Train with the tfjs engine', '使用 tfjs 引擎训练'),
              edits: [{ type: 'setTraining', train: { engine: 'tfjs' } }],
            },
          ],
  };
}

/**
 * Weights could not be written where they belong. `kept` says what becomes of them: at the end of a run, where they are instead, if
 * anywhere (null); before, they are tried again.
 */
export function weightsNotSaved(
  dir: string,
  reason: string,
  kept: { readonly at: string | null } | 'triedAgain',
): Diagnostic {
  const why = sentence(reason);
  const words =
    kept === 'triedAgain'
      ? text(`${why} The run goes on, and they are tried again.`, `${why} 训练继续，稍后会重试。`)
      : kept.at === null
        ? text(why, why)
        : text(
            `${why} The weights are kept as a model in ${kept.at}; move it to where there is room.`,
            `${why} 权值已作为模型保存到 ${kept.at}；请移到有空间的位置。`,
          );
  return {
    code: 'run/weights-not-saved',
    severity: kept === 'triedAgain' ? 'warning' : 'error',
    at: { path: dir },
    summary: text(`The weights could not be saved in ${dir}.`, `无法将权值保存到 ${dir}。`),
    why: words,
    fixes: [],
  };
}

/** The run was to end with the weights of its best epoch, and these could not be put in their place. */
export function bestNotKept(dir: string, reason: string): Diagnostic {
  return {
    code: 'run/best-not-kept',
    severity: 'warning',
    at: { path: dir },
    summary: text(
      'The run ends with the weights of its last epoch, not of its best.',
      '训练以最后一轮的权值结束，而不是最佳一轮的。',
    ),
    why: text(
      `best.safetensors could not be put in their place: ${sentence(reason)}`,
      `无法用 best.safetensors 替换：${sentence(reason)}`,
    ),
    fixes: [],
  };
}

/** The log of a run could not be written for now; it is held in memory and tried again. */
export function metricsNotSaved(dir: string, reason: string): Diagnostic {
  return {
    code: 'run/metrics-not-saved',
    severity: 'warning',
    at: { path: dir },
    summary: text('The run goes on, but its log cannot be written.', '训练仍在继续，但无法写入日志。'),
    why: text(
      `${dir}: ${sentence(reason)} It is kept in memory and tried again.`,
      `${dir}：${sentence(reason)} 日志保留在内存中并会重试。`,
    ),
    fixes: [],
  };
}

/** No run has this id. */
export function runNotFound(runId: string): Diagnostic {
  return {
    code: 'run/not-found',
    severity: 'error',
    at: {},
    summary: text(`There is no run ${runId}.`, `没有训练记录 ${runId}。`),
    fixes: [],
  };
}

/** A run's folder cannot be read as one. */
export function runDamaged(dir: string, reason: Text): Diagnostic {
  return {
    code: 'run/damaged',
    severity: 'error',
    at: { path: dir },
    summary: text(`${dir} is not a run that can be read.`, `${dir} 不是可读取的训练记录。`),
    why: reason,
    fixes: [],
  };
}

/** A run that is to be written to has a link to a file outside of its folder. */
export function runLinksOut(dir: string, name: string): Diagnostic {
  return {
    code: 'run/links-out',
    severity: 'error',
    at: { path: dir },
    summary: text(
      `${name} in the run's folder ${dir} is a link that leads out of it.`,
      `训练文件夹 ${dir} 中的 ${name} 是通向文件夹之外的链接。`,
    ),
    why: text(
      'Going on would write over the file that the link leads to. Put that file itself into the folder, or take the link away.',
      '继续训练会覆盖链接所指的文件。请把该文件本身放入文件夹，或删除此链接。',
    ),
    fixes: [],
  };
}

/** The run is still at work and must be stopped first. */
export function runStillRunning(runId: string): Diagnostic {
  return {
    code: 'run/still-running',
    severity: 'error',
    at: {},
    summary: text(`Run ${runId} is still running.`, `训练 ${runId} 仍在进行。`),
    why: text('Stop it first.', '请先停止。'),
    fixes: [],
  };
}

/** The run is followed in a folder of another program, where nothing is written. */
export function runNotOurs(dir: string): Diagnostic {
  return {
    code: 'run/not-ours',
    severity: 'error',
    at: { path: dir },
    summary: text('A run that is only followed is not renamed or tagged here.', '只是跟踪的训练不能在此改名或加标签。'),
    why: text(
      `${dir} belongs to the program that trains there, and nothing is written into it. Change it where it was started.`,
      `${dir} 属于在那里训练的程序，这里不会写入。请在启动它的地方修改。`,
    ),
    fixes: [],
  };
}

/** The run is not at work in this app: it has ended, or another app on the same data folder trains it. */
export function runNotActive(runId: string): Diagnostic {
  return {
    code: 'run/not-active',
    severity: 'error',
    at: {},
    summary: text(`Run ${runId} is not running in this app.`, `训练 ${runId} 不在本程序中运行。`),
    fixes: [],
  };
}

/** A followed run has said nothing for long. */
export function runSilent(dir: string): Diagnostic {
  return {
    code: 'run/silent',
    severity: 'error',
    at: { path: dir },
    summary: text('The run has gone silent.', '该训练已无动静。'),
    why: text(
      `Nothing has changed in ${dir} for two minutes: its program ended, or the folder is out of reach. Follow it again when it goes on.`,
      `${dir} 已有两分钟没有变化：训练程序已结束，或文件夹无法访问。训练继续后可再次跟踪。`,
    ),
    fixes: [],
  };
}

/** A run's folder on another machine cannot be read. `reason`: what ssh says. */
export function farRunNotRead(host: string, dir: string, reason: string): Diagnostic {
  return {
    code: 'run/far-not-read',
    severity: 'error',
    at: { path: `${host}:${dir}` },
    summary: text(`${dir} on ${host} cannot be read.`, `无法读取 ${host} 上的 ${dir}。`),
    why: text(
      `ssh says: ${sentence(reason)} It is asked without a password: a key, or an agent that has it, must open ${host}.`,
      `ssh 的回答：${sentence(reason)} 连接时不询问密码：需要密钥或已持有密钥的代理才能登录 ${host}。`,
    ),
    fixes: [],
  };
}

/** The log of a run that has ended does not say how. */
export function runEndUnsaid(dir: string): Diagnostic {
  return {
    code: 'run/end-unsaid',
    severity: 'error',
    at: { path: dir },
    summary: text('The log does not say how the run ended.', '日志没有说明该训练如何结束。'),
    why: text(
      `The record in ${dir} says that it is over: its program was ended, or the log is damaged.`,
      `${dir} 中的记录表明训练已结束：训练程序被终止，或日志已损坏。`,
    ),
    fixes: [],
  };
}

/** The user has stopped to follow a run. */
export function followingEnded(): Diagnostic {
  return {
    code: 'run/following-ended',
    severity: 'info',
    at: {},
    summary: text('This run is no longer followed.', '已停止跟踪该训练。'),
    why: text('It goes on where it was started.', '它在启动它的地方继续进行。'),
    fixes: [],
  };
}

/** A run without weights cannot predict. */
export function runHasNoWeights(runId: string): Diagnostic {
  return {
    code: 'run/no-weights',
    severity: 'error',
    at: {},
    summary: text(`Run ${runId} has no weights yet.`, `训练 ${runId} 还没有权值。`),
    why: text(
      'Weights are saved with every checkpoint: after about half a minute, at the end of each epoch, and when a run is stopped.',
      '权值随每个检查点保存：约半分钟后、每轮结束时，以及停止训练时。',
    ),
    fixes: [],
  };
}

/** The run was stopped while it was still loading data, so there is nothing to keep. */
export function runStoppedEarly(): Diagnostic {
  return {
    code: 'run/stopped-early',
    severity: 'info',
    at: {},
    summary: text('The run was stopped before its first step.', '训练在第一步之前已停止。'),
    fixes: [],
  };
}

/** The network and the pixels or the data that were given do not fit. Sizes in words, `28x28x1`. */
export function inputSizeMismatch(expected: string, actual: string): Diagnostic {
  return {
    code: 'run/input-size',
    severity: 'error',
    at: {},
    summary: text(`The network takes ${expected}; this has ${actual}.`, `网络输入为 ${expected}；实际为 ${actual}。`),
    fixes: [],
  };
}

/** A network that was trained on a table has no image to look at. */
export function predictsTables(): Diagnostic {
  return {
    code: 'run/predicts-tables',
    severity: 'error',
    at: {},
    summary: text('This network was trained on a table, not on images.', '该网络是用表格训练的，不是图像。'),
    fixes: [],
  };
}

/** A file was asked for, and the answer is no picture, or one of `channels` that PNG has no form for. */
export function noPictureToWrite(channels: number | null): Diagnostic {
  return {
    code: 'run/no-picture',
    severity: 'error',
    at: {},
    summary:
      channels === null
        ? text(
            'This network answers with classes: there is no picture to be written.',
            '该网络给出的是类别：没有可写入的图像。',
          )
        : text(
            `This network gives pictures of ${channels} channels; a PNG is written of 1 or 3.`,
            `该网络给出 ${channels} 个通道的图像；只能把 1 或 3 个通道写成 PNG。`,
          ),
    why: text(
      'Without -o the answer is told; --json has all of its numbers.',
      '不用 -o 时直接显示结果；--json 给出全部数值。',
    ),
    fixes: [],
  };
}
