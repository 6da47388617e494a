import { writeTargets } from '../../schema/targets';
import { text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';
import { listed } from './data';

const at = { path: 'train.targets' } as const;

const unset: Fix = {
  title: text('Let the column to learn be found', '自动确定学习目标列'),
  edits: [{ type: 'setTraining', train: {}, unset: ['targets'] }],
};

function learning(title: Fix['title'], names: readonly string[]): Fix {
  return { title, edits: [{ type: 'setTraining', train: { targets: writeTargets(names) } }] };
}

/** Columns to learn that are not written as names between commas. */
export function badTargets(given: string): Diagnostic {
  return {
    code: 'data/targets',
    severity: 'error',
    at,
    summary: text(
      `${JSON.stringify(given)} is no list of columns to learn.`,
      `${JSON.stringify(given)} 不是学习目标列的列表。`,
    ),
    why: text(
      'It is written NAME, NAME and so on, each name once. A name with commas stands in double quotes.',
      '写作 名称, 名称，每个名称一次。含逗号的名称放在双引号中。',
    ),
    fixes: [unset],
  };
}

/**
 * Columns to learn that the table does not have. `names`: those that it has; empty where no header names them. A model that was trained on
 * such columns can be asked about no others.
 */
export function noSuchTarget(missing: readonly string[], names: readonly string[], isOfModel = false): Diagnostic {
  const wanted = listed(missing);
  const own = listed(names);
  return {
    code: 'data/no-such-target',
    severity: 'error',
    at,
    summary: text(`The table has no column ${wanted.en} to learn.`, `表格中没有要学习的列 ${wanted.zh}。`),
    why:
      names.length === 0
        ? text(
            'It has no header line: the first row has to name the columns for one to be chosen by name.',
            '它没有表头：要按名称选择列，第一行须为列名。',
          )
        : text(`Its columns: ${own.en}.`, `它的列：${own.zh}。`),
    fixes: isOfModel ? [] : [unset],
  };
}

/** A column among several to learn that is about no yes and no. `others`: the ones that are. `field`: what stands there. */
export function targetNotYesNo(name: string, field: string, others: readonly string[]): Diagnostic {
  return {
    code: 'data/target-not-binary',
    severity: 'error',
    at,
    summary: text(
      `The column ${name} cannot be learned beside others: it has ${field} where 0 or 1 is expected.`,
      `列 ${name} 不能与其他列一起学习：应为 0 或 1，其中却有 ${field}。`,
    ),
    why: text(
      'Several columns to learn are classes that a row has or has not, with 0 and 1 (multi-label). Classes in words and values are learned one column at a time.',
      '多个学习目标列表示每行是否具有各个类别，取值 0 和 1（多标签）。文字类别和数值每次只学习一列。',
    ),
    fixes:
      others.length === 0 ? [unset] : [learning(text('Learn the others without it', '去掉该列，学习其余各列'), others)],
  };
}

/** A table of which every column of numbers is to be learned. */
export function nothingBesideTargets(path: string): Diagnostic {
  return {
    code: 'data/no-features',
    severity: 'error',
    at,
    summary: text(`${path} has no column of numbers beside those to learn.`, `${path} 中除学习目标外没有数字列。`),
    why: text('A network learns them from other columns. Name fewer.', '网络要从其他列学习它们。请少选几列。'),
    fixes: [unset],
  };
}

/** Columns to learn beside others that are 0, or 1, in all rows that are trained on. */
export function targetsConstant(names: readonly string[]): Diagnostic {
  const list = listed(names);
  return {
    code: 'data/targets-constant',
    severity: 'warning',
    at: {},
    summary: text(
      `The training rows have one value alone in: ${list.en}.`,
      `以下学习目标列在训练行中只有一个值：${list.zh}。`,
    ),
    why: text(
      'What is the same for every row asks nothing of a network, and the scores of it say nothing.',
      '每行都相同的列无需学习，其得分也没有意义。',
    ),
    fixes: [],
  };
}

/** Columns of 0 and 1 in a row with the one that is learned, of the same kind. `others` stand beside `target`, in the order of the table. */
export function targetsAlike(target: string, others: readonly string[], all: readonly string[]): Diagnostic {
  const list = listed(others);
  const isOne = others.length === 1;
  return {
    code: 'data/targets-alike',
    severity: 'info',
    at,
    summary: text(
      `${isOne ? 'Is' : 'Are'} ${list.en} to be learned too? Only ${target} is; ${isOne ? 'this column' : 'these columns'} beside it ${isOne ? 'has' : 'have'} 0 and 1 as well, and ${isOne ? 'is a feature' : 'are features'}.`,
      `${list.zh} 是否也要学习？现在只学习 ${target}；${isOne ? '该列' : '这些列'}也只有 0 和 1，被用作特征。`,
    ),
    why: text(
      'A network that is given answers as features need not learn them. If these are answers, learn them together: any number of them for each row (multi-label).',
      '若把答案当作特征输入，网络就无需学习。若这些列也是答案，请一起学习：每行可有任意多个（多标签）。',
    ),
    fixes: [
      learning(text('Learn all of them', '全部作为学习目标'), all),
      // Named, the column is no guess any more, and nothing is asked.
      learning(text(`No, only ${target}`, `否，只学习 ${target}`), [target]),
    ],
  };
}
