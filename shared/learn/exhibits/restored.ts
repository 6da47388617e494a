import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { text } from '../../text';
import { psnrOf } from '../../training/psnr';
import { picturesLesson } from '../lessons/pictures';
import { takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** A small picture made large again: by resizing, by the network, and as it was. */
export const restoredExhibit: Exhibit = {
  id: 'restored',
  lesson: picturesLesson.id,
  title: text('Sharper than resized', '比直接放大更清晰'),
  task: text(
    'One small picture, made large by plain resizing and by the network. Train it, then pick a pixel where they differ: the frame is what the network sees for it.',
    '同一张小图像，一张是直接放大的，一张是网络放大的。先训练，再点选一个两者不同的像素：方框是网络为它所看到的范围。',
  ),
  template: picturesLesson.experiment.template,
  prepare: picturesLesson.experiment.prepare,
  fits: (analysis) => enlargementOf(analysis) !== null,
  wantsTraining: true,
};

/** A picture of grey values that a network takes, and how many times larger the one is that it gives. */
export type Enlargement = { readonly height: number; readonly width: number; readonly factor: number };

/** What a network enlarges; null for one that gives no larger picture of the same form. */
export function enlargementOf(analysis: NetworkAnalysis): Enlargement | null {
  const [output, ...others] = analysis.outputs;
  if (!takesSmallPicture(analysis) || others.length > 0) return null;
  const [height, width, channels] = analysis.nodes.get(analysis.inputs[0] ?? '')?.outputShape ?? [];
  const [toHeight, toWidth, toChannels] = analysis.nodes.get(output ?? '')?.outputShape ?? [];
  if (height == null || width == null || toHeight == null || toWidth == null) return null;
  const factor = toHeight / height;
  const isWhole = Number.isInteger(factor) && factor > 1 && toWidth === factor * width;
  return isWhole && channels === 1 && toChannels === 1 ? { height, width, factor } : null;
}

/** Plain resizing as a network without weights, so that the engine itself does it. */
export function resizingNetwork({ height, width, factor }: Enlargement): NetworkDocument {
  return {
    format: 'convloom.network',
    version: 1,
    name: '',
    nodes: [
      { id: 'small', kind: 'input', params: { shape: [height, width, 1] } },
      { id: 'resized', kind: 'upsample', params: { factor, mode: 'bilinear' } },
    ],
    edges: [{ from: 'small', to: 'resized' }],
  };
}

/** What one value of the network's answer sees, as places of the large picture: [top, left, height, width], cut at its edges. */
export function seenFor(
  analysis: NetworkAnalysis,
  { height, width, factor }: Enlargement,
  row: number,
  column: number,
): readonly [number, number, number, number] | null {
  const field = analysis.nodes.get(analysis.outputs[0] ?? '')?.receptiveField ?? null;
  if (field === null) return null;
  const along = (axis: 0 | 1, at: number, length: number): readonly [number, number] => {
    // Centres of enlarged values lie between pixels: the window is around the pixel that holds them.
    const centre = Math.round(field.start[axis] + at * field.jump[axis]);
    const reach = (field.size[axis] - 1) / 2;
    const [first, last] = [Math.max(0, centre - reach), Math.min(length - 1, centre + reach)];
    return [factor * first, factor * (last - first + 1)];
  };
  const [[top, tall], [left, wide]] = [along(0, row, height), along(1, column, width)];
  return [top, left, tall, wide];
}

/** The mean squared error of a picture. */
export function errorOf(picture: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < right.length; at++) sum += ((picture[at] ?? 0) - (right[at] ?? 0)) ** 2;
  return sum / right.length;
}

/** Where two pictures differ most. */
export function mostDifferent(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let best = 0;
  const differenceAt = (at: number): number => Math.abs((a[at] ?? 0) - (b[at] ?? 0));
  for (let at = 1; at < a.length; at++) if (differenceAt(at) > differenceAt(best)) best = at;
  return best;
}

/** How many decibels the error of the network's answer is. */
export function restoredQuestion(resized: number, network: number): Question {
  // Of the error as it is printed, which is what one can reckon with.
  const error = Number(network.toPrecision(3));
  const answer = Number(psnrOf(error).toFixed(1));
  const before = psnrOf(resized).toFixed(1);
  return {
    kind: 'number',
    ask: text(
      `The mean squared error of the network’s picture is ${error}. How many dB are these? PSNR = −10·log₁₀(MSE)`,
      `网络得到的图像，均方误差是 ${error}。合多少 dB？PSNR = −10·log₁₀(MSE)`,
    ),
    because: text(
      `−10·log₁₀(${error}) = ${answer} dB; plain resizing has ${before} dB.`,
      `−10·log₁₀(${error}) = ${answer} dB；直接放大为 ${before} dB。`,
    ),
    answer,
    tolerance: 0.15,
  };
}
