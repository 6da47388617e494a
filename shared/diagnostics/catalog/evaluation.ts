import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

const maxNames = 8;

function names(list: readonly string[]): string {
  const shown = list.slice(0, maxNames).map((name) => `"${name}"`);
  return list.length > maxNames ? `${shown.join(', ')}, … (${list.length})` : shown.join(', ');
}

/** The data have classes that the model was not trained on. By name: an order that happens to fit proves nothing. */
export function classesUnknown(unknown: readonly string[], known: readonly string[]): Diagnostic {
  return {
    code: 'evaluate/unknown-classes',
    severity: 'error',
    at: {},
    summary: text(
      `The model does not know the ${unknown.length === 1 ? 'class' : 'classes'} ${names(unknown)} of these data.`,
      `模型不认识这些数据的类别 ${names(unknown)}。`,
    ),
    why: text(
      `It was trained on ${names(known)}. Classes are matched by name: rename them, or leave them out.`,
      `它是用 ${names(known)} 训练的。类别按名称对应：请改名或去掉它们。`,
    ),
    fixes: [],
  };
}

/** The data have no sample of some of the model's classes, so these are not scored. */
export function classesMissing(missing: readonly string[]): Diagnostic {
  return {
    code: 'evaluate/missing-classes',
    severity: 'warning',
    at: {},
    summary: text(
      `The data have no samples of ${missing.length} of the model's classes: ${names(missing)}.`,
      `数据中缺少模型的 ${missing.length} 个类别：${names(missing)}。`,
    ),
    why: text('The scores say nothing of them.', '得分不涉及这些类别。'),
    fixes: [],
  };
}

/** Data for another task than the model's. Both as the schema names them. */
export function taskDiffers(model: string, data: string): Diagnostic {
  return {
    code: 'evaluate/task',
    severity: 'error',
    at: {},
    summary: text(
      `The model was trained for ${model}; these data are for ${data}.`,
      `模型是为 ${model} 训练的；这些数据用于 ${data}。`,
    ),
    fixes: [],
  };
}

const kindsOfData = { pictures: text('pictures', '图像'), table: text('a table', '表格') } as const;

/** A table for a model of pictures, or the other way round. */
export function trainedOnOther(model: keyof typeof kindsOfData, data: keyof typeof kindsOfData): Diagnostic {
  const [was, is] = [kindsOfData[model], kindsOfData[data]];
  return {
    code: 'evaluate/other-kind-of-data',
    severity: 'error',
    at: {},
    summary: text(
      `The model was trained on ${was.en}; these data are ${is.en}.`,
      `模型是用${was.zh}训练的；这些数据是${is.zh}。`,
    ),
    fixes: [],
  };
}

/** A table with other columns than the one that the model was trained on. */
export function columnsDiffer(expected: number, actual: number): Diagnostic {
  return {
    code: 'evaluate/columns',
    severity: 'error',
    at: {},
    summary: text(
      `The model takes ${expected} features; this table has ${actual}.`,
      `模型需要 ${expected} 个特征；该表有 ${actual} 个。`,
    ),
    why: text(
      'Each column is scaled as the column in its place was for training.',
      '每一列都按训练时同一位置的列进行缩放。',
    ),
    fixes: [],
  };
}

/** A table without a column that the model was trained on. */
export function columnMissing(name: string, found: readonly string[]): Diagnostic {
  return {
    code: 'evaluate/no-such-column',
    severity: 'error',
    at: {},
    summary: text(`The table has no column "${name}".`, `该表没有“${name}”列。`),
    why: text(
      `The model was trained with it. The columns here are ${names(found)}.`,
      `模型训练时使用了该列。这里的列有 ${names(found)}。`,
    ),
    fixes: [],
  };
}

/** A value to predict that is no number, in a table for a model that predicts numbers. */
export function targetNotNumber(value: string): Diagnostic {
  return {
    code: 'evaluate/target-not-a-number',
    severity: 'error',
    at: {},
    summary: text(
      `The model predicts numbers; the column to learn has "${value}".`,
      `模型预测数值；而学习目标列中有“${value}”。`,
    ),
    fixes: [],
  };
}

/** A score on a test part that the data do not have. */
export function noTestPart(): Diagnostic {
  return {
    code: 'evaluate/no-test-part',
    severity: 'error',
    at: {},
    summary: text('The data have no test part.', '数据没有测试部分。'),
    why: text(
      'It is kept apart before training: set a share for it (testFraction), or put a folder test beside train and val. What a network was trained on says nothing about what it will do with other pictures.',
      '测试部分须在训练之前留出：设置其比例（testFraction），或在 train 与 val 旁放一个 test 文件夹。用训练过的图像评分，不能说明网络对其他图像的表现。',
    ),
    fixes: [],
  };
}

/** A model that does not say what it was trained on, and no data were named. */
export function evaluationNeedsData(path: string): Diagnostic {
  return {
    code: 'evaluate/needs-data',
    severity: 'error',
    at: { path },
    summary: text(`${path} does not say what data it was trained on.`, `${path} 没有说明训练所用的数据。`),
    why: text('Name the data to use: --data SPEC.', '请指定要使用的数据：--data SPEC。'),
    fixes: [],
  };
}

/** A node was asked for that the model's network does not have. */
export function nodeNotInModel(nodeId: string): Diagnostic {
  return {
    code: 'evaluate/no-such-node',
    severity: 'error',
    at: {},
    summary: text(`The model has no node "${nodeId}".`, `模型中没有节点“${nodeId}”。`),
    fixes: [],
  };
}
