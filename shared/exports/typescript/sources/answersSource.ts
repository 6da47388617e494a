import type { NetworkAnalysis } from '../../../analysis/types';
import type { NetworkDocument } from '../../../schema/document';
import { outputForm } from '../../outputs';
import type { PrintedOutput } from '../model';

/** Prints `answers.ts`: what the outputs mean; runs in a browser too. */
export function answersSource(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  outputs: readonly PrintedOutput[],
): string {
  const rows = outputs.flatMap(({ nodeId, layer }) => [
    '  {',
    `    name: '${layer}',`,
    `    gives: '${outputForm(document, analysis, nodeId)}',`,
    '  },',
  ]);
  return `${head}
${rows.join('\n')}
];
${body}`;
}

const head = `import * as tf from '@tensorflow/tfjs';
import type { Learned } from './values.js';

type Gives = 'scores' | 'probabilities' | 'chances' | 'labels' | 'values' | 'picture';

/**
 * What each output gives: scores become probabilities by a softmax, as in training. Chances are those of each class by itself; labels are
 * scores that become such by a sigmoid.
 */
export const answers: readonly { name: string; gives: Gives }[] = [`;

const body = `
function givenFor(learned: Learned | null, gives: Gives): Gives {
  if (learned === null || learned.task === 'classes') return gives;
  if (learned.task === 'labels') return gives === 'chances' || gives === 'values' ? 'chances' : 'labels';
  return learned.task === 'pictures' ? 'picture' : 'values';
}

/**
 * What an output gives, where more is known of it by the data. A mask of one channel, that of its second class, becomes the probabilities of
 * both.
 */
export function answerOf(
  output: tf.Tensor,
  learned: Learned | null,
  gives: Gives,
): { result: tf.Tensor; shown: Gives } {
  const shown = givenFor(learned, gives);
  const isMask = learned?.task === 'classes' || shown === 'scores' || shown === 'chances';
  if (!isMask || output.rank !== 4 || output.shape[3] !== 1 || output.size === 1) return { result: output, shown };
  const chances = shown === 'scores' ? tf.sigmoid(output) : output;
  return { result: tf.concat([tf.sub(1, chances), chances], -1), shown: 'probabilities' };
}

/** An output that is a picture of values from 0 to 1, with four channels as a screen has them; null where it can be none. */
export function pictureOf(output: tf.Tensor): Picture | null {
  const [, height = 1, width = 1, channels = 0] = output.shape;
  if (output.rank !== 4 || ![1, 3, 4].includes(channels)) return null;
  const values = output.dataSync();
  const data = new Uint8ClampedArray(4 * height * width).fill(255);
  for (let at = 0; at < data.length; at += 1) {
    const channel = channels === 1 ? 0 : at % 4;
    const value = values[Math.floor(at / 4) * channels + channel] ?? 0;
    if (at % 4 < 3 || channels === 4) data[at] = Math.floor(255 * value + 0.5);
  }
  return { height, width, data };
}

/** A class is given from this probability on, where any number of them may be. */
export const threshold = 0.5;

/** Whether an output tells of each class by itself. */
export function isOfMany(gives: Gives): boolean {
  return gives === 'chances' || gives === 'labels';
}

/** A class and its share: of the probability, or of the pixels. */
export type Share = { name: string; share: number };

/** The class of each pixel, row by row. */
export type Mask = { height: number; width: number; classes: number[] };

/** Red, green, blue and opacity of each pixel, row by row. */
export type Picture = { height: number; width: number; data: Uint8ClampedArray };

/** The class of each pixel where an output is a map of classes, else null. */
export function maskOf(output: tf.Tensor): Mask | null {
  const [, height = 1, width = 1, count = 1] = output.shape;
  if (output.rank !== 4 || height * width === 1 || count === 1) return null;
  return { height, width, classes: Array.from(tf.argMax(output, -1).dataSync()) };
}

/** The classes of an output by their shares, the largest first. */
export function sharesOf(output: tf.Tensor, gives: Gives, names: string[]): Share[] {
  const count = output.shape.at(-1) ?? 1;
  const shares = tf.tidy(() => {
    if (output.size === count) {
      const row = tf.reshape(output, [count]);
      return (gives === 'scores' ? tf.softmax(row) : gives === 'labels' ? tf.sigmoid(row) : row).dataSync();
    }
    const wins = tf.oneHot(tf.cast(tf.reshape(tf.argMax(output, -1), [-1]), 'int32'), count);
    return tf.mean(tf.cast(wins, 'float32'), 0).dataSync();
  });
  return Array.from(shares, (share, at) => ({ share, name: names[at] ?? \`class \${String(at)}\` })).sort(
    (a, b) => b.share - a.share,
  );
}

/** The lines that tell what an output says: the likeliest classes, or the values as they are, brought back to the table's units. */
export function describe(
  output: tf.Tensor,
  gives: Gives,
  names: string[],
  { mean, deviation } = { mean: 0, deviation: 1 },
): string[] {
  const isMany = isOfMany(gives);
  if (gives === 'values' || gives === 'picture' || (output.size === 1 && !isMany)) {
    return [JSON.stringify(tf.add(tf.mul(output, deviation), mean).arraySync())];
  }
  const shares = sharesOf(output, gives, names);
  const given = shares.filter(({ share }) => share >= threshold).map(({ name }) => name);
  const lines = shares
    .slice(0, Math.max(10, isMany ? given.length : 0))
    .map(({ share, name }) => \`\${(100 * share).toFixed(1).padStart(5)} %  \${name}\`);
  return isMany ? [given.length === 0 ? 'none of the classes' : given.join(', '), ...lines] : lines;
}

/** A colour for each class, the golden angle apart so that neighbours differ; class 0 is black. */
export function classColor(index: number): [red: number, green: number, blue: number] {
  if (index === 0) return [0, 0, 0];
  const channel = (offset: number): number => {
    const at = (offset + (index * 137.5) / 30) % 12;
    return Math.round(255 * (0.58 - 0.336 * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
`;
