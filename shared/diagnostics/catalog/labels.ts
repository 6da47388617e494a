import { text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** A table of labels that has no rows, or nothing beside the names of files. */
export function labelTableEmpty(path: string): Diagnostic {
  return {
    code: 'data/labels-empty',
    severity: 'error',
    at: {},
    summary: text(`${path} has no labels.`, `${path} 中没有标签。`),
    why: text(
      'Expected a column of file names and beside it a column of 0 and 1 for each class, or one column of class names parted by ; , or spaces.',
      '应有一列文件名，其旁每个类别一列 0 或 1；或只有一列类别名称，以 ;、, 或空格分隔。',
    ),
    fixes: [],
  };
}

/** A column beside the names of files that is about no class. `field`: what stands there. */
export function labelColumnOdd(path: string, column: string, field: string): Diagnostic {
  return {
    code: 'data/labels-column',
    severity: 'error',
    at: {},
    summary: text(
      `The column ${column} of ${path} is no class: it has ${field === '' ? 'empty fields' : field} where 0 or 1 is expected.`,
      `${path} 的列 ${column} 不是类别：应为 0 或 1，其中却有${field === '' ? '空字段' : ` ${field}`}。`,
    ),
    why: text(
      'Beside the file names, each column is a class with 0 and 1; or there is one column of class names, parted by ; , or spaces. Remove columns that are neither.',
      '除文件名外，每列为一个类别，取值 0 或 1；或只有一列类别名称，以 ;、, 或空格分隔。请删除其他列。',
    ),
    fixes: [],
  };
}

/** Names of classes that stand in one column and were parted at spaces. `names`: some of them. */
export function labelsPartedAtSpaces(path: string, names: readonly string[]): Diagnostic {
  const shown = names.slice(0, 5);
  const more = names.length > shown.length;
  return {
    code: 'data/labels-at-spaces',
    severity: 'info',
    at: {},
    summary: text(
      `The labels of ${path} are parted at spaces: ${shown.join(', ')}${more ? ', …' : ''}.`,
      `${path} 的标签按空格分隔：${shown.join('、')}${more ? '、…' : ''}。`,
    ),
    why: text(
      'Names of several words need another mark between them: a semicolon anywhere in the column is taken for it.',
      '名称含多个词时请用其他分隔符：列中只要出现分号，就按分号分隔。',
    ),
    fixes: [],
  };
}

/** Annotated pictures that show several classes, of which one is learned of each. */
export function picturesOfSeveralClasses(count: number): Diagnostic {
  return {
    code: 'data/several-classes',
    severity: 'info',
    at: { path: 'train.annotations' },
    summary: text(
      `${count} ${count === 1 ? 'picture shows' : 'pictures show'} several classes and ${count === 1 ? 'is' : 'are'} left out.`,
      `有 ${count} 幅图像包含多个类别，未使用。`,
    ),
    why: text(
      'As classes, pictures of one class alone are learned. As labels, every picture is learned with all of its classes.',
      '用作类别时，只学习含单个类别的图像；用作标签时，每幅图像都以其全部类别来学习。',
    ),
    fixes: [
      {
        title: text('Learn all classes of each picture', '学习每幅图像的全部类别'),
        edits: [{ type: 'setTraining', train: { annotations: 'labels' } }],
      },
    ],
  };
}
