import { formatBytes, text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** Pixels of crowds, which belong to no class. `share` is their part of all pixels. */
export function crowdsIgnored(share: number): Diagnostic {
  const percent = (100 * share).toFixed(share < 0.1 ? 1 : 0);
  return {
    code: 'data/crowds-ignored',
    severity: 'info',
    at: {},
    summary: text(
      `Crowds belong to no class: ${percent} % of the pixels count neither in the loss nor in the scores.`,
      `crowd 区域不属于任何类别：${percent} % 的像素不计入损失和得分。`,
    ),
    why: text(
      'An annotation with iscrowd 1 covers many things roughly, and what lies between them too.',
      'iscrowd 为 1 的标注粗略覆盖许多物体，也包括它们之间的区域。',
    ),
    fixes: [],
  };
}

/** A file of annotations that would fill the memory when it is read. Bytes. */
export function annotationsTooLarge(path: string, neededBytes: number, limitBytes: number): Diagnostic {
  return {
    code: 'data/annotations-too-large',
    severity: 'error',
    at: {},
    summary: text(
      `${path} may need ${formatBytes(neededBytes)} of memory; ${formatBytes(limitBytes)} are allowed.`,
      `读取 ${path} 可能需要 ${formatBytes(neededBytes)} 内存；上限为 ${formatBytes(limitBytes)}。`,
    ),
    why: text(
      'Keep a part of its pictures, or give Node.js more memory: NODE_OPTIONS=--max-old-space-size=8192.',
      '请只保留一部分图像，或给 Node.js 更多内存：NODE_OPTIONS=--max-old-space-size=8192。',
    ),
    fixes: [],
  };
}

/** Annotations that are to become masks, and are boxes all of them. */
export function annotationsWithoutOutlines(path: string): Diagnostic {
  return {
    code: 'data/boxes-only',
    severity: 'error',
    at: { path: 'train.annotations' },
    summary: text(`The annotations of ${path} have boxes and no outlines.`, `${path} 的标注只有边框，没有轮廓。`),
    why: text(
      'A box does not say which of its pixels belong to the thing in it, so no mask can be made.',
      '边框没有说明其中哪些像素属于物体，因此无法得到掩码。',
    ),
    fixes: [
      {
        title: text('Learn the classes of the pictures', '学习图像的类别'),
        edits: [{ type: 'setTraining', train: { annotations: 'classes' } }],
      },
    ],
  };
}
