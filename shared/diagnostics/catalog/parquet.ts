import { text } from '../../text';
import type { Text } from '../../text';
import type { Diagnostic } from '../diagnostic';
import { dataError, dataWarning, listed } from './data';

/** A Parquet file where comma-separated values are expected. */
export function tableIsParquet(path: string): Diagnostic {
  return dataError(
    'data/is-parquet',
    text(`${path} is a Parquet file.`, `${path} 是 Parquet 文件。`),
    text('Parquet files are read with parquet: in the place of csv:.', '读取 Parquet 文件时请用 parquet: 代替 csv:。'),
  );
}

/** Columns of a Parquet file that no table has room for. `columns` name them with their reasons. */
export function nestedColumnsLeftOut(columns: readonly { readonly name: string; readonly reason: Text }[]): Diagnostic {
  const list = {
    en: listed(columns.map(({ name, reason }) => `${name} (${reason.en})`)).en,
    zh: listed(columns.map(({ name, reason }) => `${name}（${reason.zh}）`)).zh,
  };
  return dataWarning(
    'data/nested-column',
    text(`Left out: ${list.en}.`, `未使用：${list.zh}。`),
    text(
      'A column of a table has one number or word in each row, or lists of numbers that all have the same length.',
      '表格的列每行是一个数字或文字，或是长度全部相同的数字列表。',
    ),
  );
}

/** Whole numbers that are larger than a double holds to the last digit. */
export function integersRounded(names: readonly string[]): Diagnostic {
  const list = listed(names);
  return dataWarning(
    'data/integers-rounded',
    text(
      `Rounded, because they are beyond ±9,007,199,254,740,992: whole numbers of ${list.en}.`,
      `以下列的整数超出 ±9,007,199,254,740,992，已舍入：${list.zh}。`,
    ),
    text(
      'Numbers of such a size are mostly names of rows, from which nothing can be learned: leave the column out.',
      '这样大的整数多半是行的编号，无法从中学习：请去掉该列。',
    ),
  );
}

/** Files of one set whose columns differ. */
export function filesDiffer(first: string, other: string, columns: readonly string[]): Diagnostic {
  const list = listed(columns);
  return dataError(
    'data/files-differ',
    text(`${other} has other columns than ${first}: ${list.en}.`, `${other} 的列与 ${first} 不同：${list.zh}。`),
    text(
      'All files of a folder are one table and need the same columns.',
      '文件夹中的所有文件组成一个表格，列必须相同。',
    ),
  );
}

/** Columns of a file of pictures that are neither the pictures nor what is learned of them. */
export function pictureColumns(images: string, learned: string, unused: readonly string[]): Diagnostic {
  const list = listed(unused);
  return dataWarning(
    'data/columns-unused',
    text(
      `The pictures are those of ${images}; what is learned of them is in ${learned}. Not used: ${list.en}.`,
      `图像取自 ${images} 列，学习目标取自 ${learned} 列。未使用：${list.zh}。`,
    ),
    text(
      'A column called label, class or target is learned before any other. Classes or masks: the setting "Annotations as" chooses.',
      '名为 label、class 或 target 的列优先学习。学习类别还是掩码，由设置“标注用作”选择。',
    ),
  );
}

/** Pictures in a file that does not say what they show, or has a value for almost each. */
export function pictureClassesMissing(path: string, column: string | null, count: number): Diagnostic {
  return dataError(
    'data/no-classes',
    column === null
      ? text(`${path} has pictures, and no column that says their classes.`, `${path} 含有图像，但没有说明类别的列。`)
      : text(
          `${path} has pictures, and ${count} different values in ${column}: these are no classes.`,
          `${path} 含有图像，但 ${column} 列有 ${count} 个不同的值，不是类别。`,
        ),
    text(
      'A column called label, class or target with a word or a whole number for each picture is needed.',
      '需要一个名为 label、class 或 target 的列，为每张图像给出一个词或整数。',
    ),
  );
}

/** Pictures of Parquet files that are to be learned with all of their classes. */
export function parquetOneClassEach(path: string): Diagnostic {
  return {
    code: 'data/parquet-one-class',
    severity: 'error',
    at: { path: 'train.annotations' },
    summary: text(
      `The pictures of ${path} are read with one class each, not with all of several.`,
      `${path} 的图像按每幅一个类别读取，不支持每幅多个类别。`,
    ),
    why: text(
      'Any number of classes is read from a labels.csv beside pictures, from COCO, Pascal VOC and YOLO, and from .npz files.',
      '任意多个类别可从图像旁的 labels.csv、COCO、Pascal VOC、YOLO 标注以及 .npz 文件读取。',
    ),
    fixes: [
      {
        title: text('Learn what the files say', '按文件内容学习'),
        edits: [{ type: 'setTraining', train: {}, unset: ['annotations'] }],
      },
    ],
  };
}
