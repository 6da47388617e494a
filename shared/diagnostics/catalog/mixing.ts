import { text, type Text } from '../../text';
import type { Diagnostic, Fix } from '../diagnostic';

/** Why samples cannot be mixed: what is learned of them, what they are, or that a batch holds only one. */
export type NotMixed = 'pixels' | 'values' | 'rows' | 'one';

const whyNotMixed: { readonly [Why in NotMixed]: Text } = {
  pixels: text(
    'What is mixed are samples with one answer each; these data have a class for each pixel.',
    '混合的是各有一个答案的样本；而这些数据的每个像素都有类别。',
  ),
  values: text(
    'The area of what is cut says how much of a class a picture has, and nothing of a value or a picture that is learned: mixup can mix those.',
    '裁剪面积只能表示图像含某一类别的份额，不能用于要学习的数值或图像：那些可用 Mixup 混合。',
  ),
  rows: text(
    'It cuts rectangles out of pictures, and a row of numbers has none: mixup can mix those.',
    '它从图像中裁剪矩形，而一行数字没有矩形：那些可用 Mixup 混合。',
  ),
  one: text(
    'Samples are mixed with others of their batch, and a batch of one has no others.',
    '样本与同批的其他样本混合，而大小为一的批没有其他样本。',
  ),
};

/** Samples are to be mixed that cannot be so. */
export function notMixed(
  setting: { readonly path: string; readonly label: Text },
  why: NotMixed,
  fixes: readonly Fix[],
): Diagnostic {
  return {
    code: 'train/not-mixed',
    severity: 'error',
    at: { path: setting.path },
    summary: text(`${setting.label.en} cannot mix these samples.`, `${setting.label.zh} 无法混合这些样本。`),
    why: whyNotMixed[why],
    fixes,
  };
}
