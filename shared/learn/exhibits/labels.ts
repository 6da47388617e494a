import { analyzeNetwork } from '../../analysis/analyze';
import type { NetworkAnalysis } from '../../analysis/types';
import { applyEdits } from '../../editing/applyEdits';
import type { NetworkDocument } from '../../schema/document';
import { formatCount, text } from '../../text';
import type { Exhibit, Question } from './exhibit';

/** Classification against segmentation on the same picture. */
export const labelsExhibit: Exhibit = {
  id: 'labels',
  lesson: 'classification-and-segmentation',
  title: text('One label or one for each pixel', '一个标签，还是每个像素一个'),
  task: text(
    'The same digit for a classifier and for a segmentation network. Train both, and compare what they say: what it is, or where it is too.',
    '同一个数字，分别给分类网络和分割网络。训练两者，比较它们的回答：是什么，还是连在哪里也说。',
  ),
  template: 'fcn-small',
  fits: (analysis, document) => onDigits(document, analysis) !== null,
  wantsTraining: true,
};

/** The classifier that looks at the same picture. */
export const classifier = { template: 'lenet', output: 'f2' } as const;
const digitSide = 28;
/** A network of total stride 32 takes 32 or 64. */
const widestSide = 64;

/** Whether an analysis gives a list of scores for every pixel of one picture of one channel. */
function answersPixels({ ok, inputs, outputs, nodes }: NetworkAnalysis): boolean {
  const [height, width, channels] = nodes.get(inputs[0] ?? '')?.outputShape ?? [];
  const out = nodes.get(outputs[0] ?? '')?.outputShape ?? [];
  if (!ok || inputs.length !== 1 || outputs.length !== 1 || channels !== 1 || out.length !== 3) return false;
  return out[0] === height && out[1] === width && (out[2] ?? 0) > 1;
}

/** A segmentation network on pictures that hold a digit, and how wide they are. */
export type OnDigits = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly side: number;
};

/** A segmentation network, with the weights that it has, on the smallest pictures that hold a digit; null for what segments none. */
export function onDigits(document: NetworkDocument, analysis: NetworkAnalysis): OnDigits | null {
  if (!answersPixels(analysis)) return null;
  for (let side = digitSide; side <= widestSide; side++) {
    const params = { shape: [side, side, 1] };
    const resized = applyEdits(document, [{ type: 'setParams', id: analysis.inputs[0] ?? '', params }]);
    if (!resized.ok) return null;
    const after = analyzeNetwork(resized.value);
    if (answersPixels(after)) return { document: resized.value, analysis: after, side };
  }
  return null;
}

/** A picture of a digit with 0 around it, in the middle of a larger one. */
export function framed(digit: ArrayLike<number>, side: number): Float32Array {
  const large = new Float32Array(side * side);
  const before = Math.floor((side - digitSide) / 2);
  for (let at = 0; at < digitSide * digitSide; at++) {
    const [row, column] = [before + Math.floor(at / digitSide), before + (at % digitSide)];
    large[row * side + column] = digit[at] ?? 0;
  }
  return large;
}

/** How many answers each of the two gives. */
export function labelsQuestion(segmentation: NetworkAnalysis): Question | null {
  const [height, width] = segmentation.nodes.get(segmentation.outputs[0] ?? '')?.outputShape ?? [];
  if (height == null || width == null) return null;
  return {
    kind: 'number',
    ask: text(
      'The classifier gives one label for this picture. How many labels does the segmentation network give?',
      '对这张图像，分类网络给出一个标签。分割网络给出多少个标签？',
    ),
    because: text(
      `${height} × ${width} = ${formatCount(height * width)}: one for each pixel.`,
      `${height} × ${width} = ${formatCount(height * width)}：每个像素一个。`,
    ),
    answer: height * width,
    tolerance: 0,
  };
}
