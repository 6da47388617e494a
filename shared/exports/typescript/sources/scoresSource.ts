import type { PrintedComparison } from '../lossModel';

/** Prints `scores.ts`: losses and scores, also of mixed samples where the network is trained on such; pictures may be compared by a network. */
export function scoresSource(isMixing: boolean, comparison: PrintedComparison | null): string {
  // An answer in a style is to be another picture: how far it is from its own says nothing.
  const hasPsnr = comparison?.compared.some(({ style }) => style > 0) !== true;
  const plain = plainSource(comparison !== null, hasPsnr);
  return isMixing ? plain + mixedSource : plain;
}

const decibels = `/** Peak signal-to-noise ratio of values from 0 to 1 with this mean squared error; what is beyond 100 is 100. */
function psnrOf(error: number): number {
  return -10 * Math.log10(Math.max(1e-10, error));
}

`;

const squaresSum = `        if (task === 'pictures' && target !== undefined) {
          const error = tf.mean<tf.Scalar>(tf.squaredDifference(result, tf.reshape(target, result.shape)));
          squares += ((to - from) * error.arraySync()) / results.length;
        }
`;

const mixedSource = `
/** As {@link lossOf}, of mixed samples: their own labels count as much as there is of them, and those of the others the rest. */
export function mixedLossOf(
  scores: tf.LayersModel,
  task: Task,
  { samples, others, share }: { samples: Sample[]; others: Sample[]; share: number },
  weights: number[] = [],
): () => tf.Scalar {
  const { inputs, targets } = batchOf(scores, samples);
  const rest = batchOf(scores, others).targets;
  return () => {
    const results = resultsOf(task, scores.apply(inputs, { training: true }) as tf.Tensor | tf.Tensor[]);
    const of = (some: tf.Tensor[]): tf.Scalar => totalLoss(task, results, some, weights);
    return tf.add(tf.mul(share, of(targets)), tf.mul(1 - share, of(rest)));
  };
}
`;

function plainSource(isComparing: boolean, hasPsnr: boolean): string {
  return `import * as tf from '@tensorflow/tfjs';
${isComparing ? "import { perceptualLoss, readComparison } from './perceptual.js';\n" : ''}import { labelScores, type LabelScores } from './labels.js';
import { batchSize, classWeights, labelSmoothing, loss as lossName, outputs } from './settings.js';
import { ignoredLabel, type DataSet, type Sample, type Values } from './values.js';

type Task = DataSet['task'];

const nothing: Values = { shape: [], data: new Float32Array() };

/** The values that the loss takes, of each trained output. */
export function scoresModel(model: tf.LayersModel, task: Task): tf.LayersModel {
${isComparing ? "  if (task === 'pictures') readComparison();\n" : ''}  const scores = outputs.map(({ name, softmax }) =>
    softmax === null || task !== 'classes' ? model.getLayer(name).output : model.getLayer(softmax).input,
  );
  return tf.model({ inputs: model.inputs, outputs: scores as tf.SymbolicTensor[] });
}

/** Some samples as tensors: one of each input, and one of each target. */
function batchOf(model: tf.LayersModel, samples: Sample[]): { inputs: tf.Tensor[]; targets: tf.Tensor[] } {
  const join = (values: Values[], shape: number[]): tf.Tensor =>
    tf.concat(values.map(({ data }) => tf.tensor(data, [1, ...shape])));
  const inputs = model.inputs.map((input, at) => {
    const values = samples.map((sample) => sample.inputs[at] ?? nothing);
    const sizes = input.shape.slice(1);
    return join(values, sizes.includes(null) ? (values[0]?.shape ?? []) : (sizes as number[]));
  });
  const targets = outputs.map((_, at) => {
    const values = samples.map((sample) => sample.targets[at] ?? nothing);
    const { shape, data } = values[0] ?? nothing;
    return join(values, shape.length === 2 ? shape : [data.length]);
  });
  return { inputs, targets };
}

/** The labels of pixels as far as the output reaches: it is the middle of the picture where borders were lost on the way. */
function labelsOf(scores: tf.Tensor, target: tf.Tensor): tf.Tensor {
  const [, height = 0, width = 0] = scores.shape;
  const [count = 0, rows = 0, columns = 0] = target.shape;
  const hasPixels = target.rank === 3 && scores.rank === 4;
  if (hasPixels && (height > rows || width > columns))
    throw new Error(\`A mask of \${[rows, columns].join('x')} is smaller than the answer, \${[height, width].join('x')}.\`);
  const isSmaller = hasPixels && (height < rows || width < columns);
  const [top, left] = [Math.floor((rows - height) / 2), Math.floor((columns - width) / 2)];
  const middle = isSmaller ? tf.slice(target, [0, top, left], [count, height, width]) : target;
  return tf.cast(tf.reshape(middle, [-1]), 'int32');
}

/** What each value is off, as the loss has it. */
function apart(found: tf.Tensor, wanted: tf.Tensor): tf.Tensor {
  return lossName === 'meanAbsoluteError' ? tf.abs(tf.sub(found, wanted)) : tf.squaredDifference(found, wanted);
}

/** The scores of which a sigmoid makes the probability of each class, also where the network itself ends in one. */
function logitsOf(scores: tf.Tensor, isSigmoid: boolean): tf.Tensor {
  if (!isSigmoid) return scores;
  const chances = tf.clipByValue(scores, 1e-7, 1 - 1e-7);
  return tf.log(tf.div(chances, tf.sub(1, chances)));
}

const isOfValues = lossName === 'meanSquaredError' || lossName === 'meanAbsoluteError';

/** Of any number of classes: the mean of each one's own yes or no; \`weights\` are what the yes of each counts. */
function labelLoss(scores: tf.Tensor, target: tf.Tensor, isSigmoid: boolean, weights: number[]): tf.Scalar {
  const ofYes = weights.length === 0 ? tf.scalar(1) : tf.tensor1d(weights);
  if (isOfValues) {
    return tf.mean(tf.mul(apart(scores, target), tf.add(1, tf.mul(tf.sub(ofYes, 1), target))));
  }
  const wanted = tf.add(tf.mul(1 - labelSmoothing, target), labelSmoothing / 2);
  const logits = logitsOf(scores, isSigmoid);
  const yes = tf.mul(tf.mul(ofYes, wanted), tf.softplus(tf.neg(logits)));
  return tf.mean(tf.add(yes, tf.mul(tf.sub(1, wanted), tf.softplus(logits))));
}

/** How likely each of any number of classes is. */
function chancesOf(scores: tf.Tensor, isSigmoid: boolean): tf.Tensor {
  return isOfValues || isSigmoid ? scores : tf.sigmoid(scores);
}

/** Refuses settings that are for other data. */
export function checkSettings(model: tf.LayersModel, task: Task): void {
  if (task === 'labels') return;
  const isBinary = task === 'classes' && model.outputs.every(({ shape }) => hasOneChannel(shape));
  const asked = [
    ...(labelSmoothing > 0 ? ['labelSmoothing'] : []),
    ...(classWeights === 'equal' ? [] : ['classWeights']),
    ...(lossName === 'binaryCrossEntropy' && !isBinary ? ['binaryCrossEntropy'] : []),
  ];
  if (asked.length === 0) return;
  throw new Error(
    \`This project has \${asked.join(', ')} for any number of classes alone; Convloom trains \${task} with it too.\`,
  );
}

/** The loss of an output, the mean over samples and pixels; \`at\`: its place among those that are trained. */
function outputLoss(task: Task, scores: tf.Tensor, target: tf.Tensor, at: number, weights: number[]): tf.Scalar {
  if (task === 'labels')
    return labelLoss(scores, tf.reshape(target, scores.shape), outputs[at]?.sigmoid === true, weights);
${isComparing ? "  if (task === 'pictures') return perceptualLoss(scores, tf.reshape(target, scores.shape));\n" : ''}  if (task !== 'classes') return tf.mean(apart(scores, tf.reshape(target, scores.shape)));
  const classes = scores.shape.at(-1) ?? 1;
  const rows = tf.reshape(scores, [-1, classes]);
  const labels = labelsOf(scores, target);
  const counted = tf.cast(tf.less(labels, classes), 'float32');
  const wanted = tf.oneHot(labels, classes);
  const losses = isOfValues
    ? tf.mean(apart(rows, wanted), -1)
    : tf.neg(tf.sum(tf.mul(wanted, tf.logSoftmax(rows)), -1));
  return tf.div(tf.sum(tf.mul(losses, counted)), tf.maximum(tf.sum(counted), 1));
}

/** Whether an output is a map of one channel, which can tell two classes of pixels apart. */
function hasOneChannel(shape: (number | null)[]): boolean {
  return shape.length === 4 && shape[3] === 1;
}

/** What one channel says of the second of two classes, the thing, as what two would say of both. */
function bothOf(result: tf.Tensor, isSigmoid: boolean): tf.Tensor {
  if (isOfValues) return tf.concat([tf.sub(1, result), result], -1);
  // Their softmax is the sigmoid of the one, and their cross-entropy its binary one.
  const half = tf.mul(0.5, logitsOf(result, isSigmoid));
  return tf.concat([tf.neg(half), half], -1);
}

/** What each trained output gives, a score for each class where there are classes. */
function resultsOf(task: Task, given: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  const results = Array.isArray(given) ? given : [given];
  return results.map((result, at) =>
    task === 'classes' && hasOneChannel(result.shape) ? bothOf(result, outputs[at]?.sigmoid === true) : result,
  );
}

/** The sum of the losses of all trained outputs. */
function totalLoss(task: Task, results: tf.Tensor[], targets: tf.Tensor[], weights: number[]): tf.Scalar {
  return tf.addN(results.map((result, at) => outputLoss(task, result, targets[at] ?? tf.tensor([]), at, weights)));
}

/** The loss of some samples as a function of the model's weights; \`weights\` are those of labels.ts. */
export function lossOf(
  scores: tf.LayersModel,
  task: Task,
  samples: Sample[],
  training: boolean,
  weights: number[] = [],
): () => tf.Scalar {
  const { inputs, targets } = batchOf(scores, samples);
  return () =>
    totalLoss(task, resultsOf(task, scores.apply(inputs, { training }) as tf.Tensor | tf.Tensor[]), targets, weights);
}

/** Refuses labels that are no class of the network before they do harm. */
export function checkLabels(model: tf.LayersModel, task: Task, samples: Sample[]): void {
  if (task !== 'classes' && task !== 'labels') return;
  for (const [at, output] of model.outputs.entries()) {
    const channels = output.shape.at(-1) ?? 1;
    const classes = task === 'classes' && hasOneChannel(output.shape) ? 2 : channels;
    for (const { targets } of samples) {
      const labels = targets[at]?.data ?? nothing.data;
      if (task === 'classes' && channels === 1 && labels.length === 1)
        throw new Error('One value tells no classes apart: give the last layer as many filters or units as there are.');
      if (task === 'labels') {
        if (labels.length === classes && labels.every((one) => one === 0 || one === 1)) continue;
        throw new Error(\`Each sample must have a 0 or a 1 for each of the \${String(classes)} classes.\`);
      }
      const isMask = labels.length > 1 && classes <= ignoredLabel;
      const wrong = labels.find(
        (label) => !(Number.isInteger(label) && label >= 0 && label < classes) && !(isMask && label === ignoredLabel),
      );
      if (wrong !== undefined) throw new Error(\`The label \${String(wrong)} is none of the \${String(classes)} classes.\`);
    }
  }
}

/** Parts of at most a batch. */
export function batches(count: number): [from: number, to: number][] {
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, at) => [
    at * batchSize,
    Math.min((at + 1) * batchSize, count),
  ]);
}

/** Of one output: how often each class was meant, was answered, and was both. */
type Counts = { meant: number[]; answered: number[]; both: number[] };

function count(counts: Counts, scores: tf.Tensor, target: tf.Tensor): void {
  const classes = scores.shape.at(-1) ?? 1;
  const labels = labelsOf(scores, target).dataSync();
  const answers = tf.argMax(tf.reshape(scores, [-1, classes]), -1).dataSync();
  for (const [at, label] of labels.entries()) {
    if (label >= classes) continue;
    const answer = answers[at] ?? 0;
    counts.meant[label] = (counts.meant[label] ?? 0) + 1;
    counts.answered[answer] = (counts.answered[answer] ?? 0) + 1;
    if (answer === label) counts.both[label] = (counts.both[label] ?? 0) + 1;
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function accuracyOf({ meant, both }: Counts): number {
  return sum(both) / Math.max(1, sum(meant));
}

/** Intersection over union, the mean over the classes that are meant or answered anywhere. */
function meanIouOf({ meant, answered, both }: Counts): number {
  const shares = Array.from({ length: Math.max(meant.length, answered.length) }, (_, at) => {
    const shared = both[at] ?? 0;
    return shared / ((meant[at] ?? 0) + (answered[at] ?? 0) - shared);
  }).filter((share) => !Number.isNaN(share));
  return sum(shares) / Math.max(1, shares.length);
}

/**
 * \`accuracy\` is null of what are no classes of which a sample has one, \`labels\` of all but any number of them, \`meanIou\` of all that is no mask, \`psnr\`, in decibels, of all that is no picture. With several
 * outputs they are the means over them.
 */
export type Scores = {
  loss: number;
  accuracy: number | null;
  meanIou: number | null;
  psnr: number | null;
  labels: LabelScores | null;
};

${hasPsnr ? decibels : ''}/** Loss and scores over some samples, without training. */
export function evaluate(model: tf.LayersModel, task: Task, samples: Sample[]): Scores {
  const scores = scoresModel(model, task);
  const counts = outputs.map((): Counts => ({ meant: [], answered: [], both: [] }));
  const [rows, chances]: [Float32Array[], Float32Array[]] = [[], []];
  let loss = 0;
${hasPsnr ? '  let squares = 0;\n' : ''}  let hasPixels = false;
  for (const [from, to] of batches(samples.length)) {
    loss += tf.tidy(() => {
      const { inputs, targets } = batchOf(scores, samples.slice(from, to));
      const results = resultsOf(task, scores.apply(inputs) as tf.Tensor | tf.Tensor[]);
      for (const [at, result] of results.entries()) {
        const [own, target] = [counts[at], targets[at]];
        if (task === 'classes' && own !== undefined && target !== undefined) count(own, result, target);
        if (task === 'labels' && target !== undefined) {
          const given = chancesOf(result, outputs[at]?.sigmoid === true);
          rows.push(...rowsOf(target, to - from));
          chances.push(...rowsOf(given, to - from));
        }
        hasPixels ||= target !== undefined && target.size > to - from;
${hasPsnr ? squaresSum : ''}      }
      return (to - from) * totalLoss(task, results, targets, []).arraySync();
    });
  }
  const mean = (read: (one: Counts) => number): number => sum(counts.map(read)) / counts.length;
  return {
    loss: loss / samples.length,
    accuracy: task === 'classes' ? mean(accuracyOf) : null,
    meanIou: task === 'classes' && hasPixels ? mean(meanIouOf) : null,
    labels: task === 'labels' ? labelScores(rows, chances) : null,
    psnr: ${hasPsnr ? "task === 'pictures' ? psnrOf(squares / samples.length) : null" : 'null'},
  };
}

/** The values of each sample. */
function rowsOf(values: tf.Tensor, count: number): Float32Array[] {
  const data = values.dataSync() as Float32Array;
  const width = data.length / count;
  return Array.from({ length: count }, (_, at) => data.slice(at * width, (at + 1) * width));
}

/** Scores in words, each with \`before\` in front of it. */
export function describeScores({ loss, accuracy, meanIou, psnr, labels }: Scores, before = ''): string {
  return [
    \`\${before}loss \${loss.toFixed(4)}\`,
    ...(accuracy === null ? [] : [\`\${before}accuracy \${(100 * accuracy).toFixed(1)} %\`]),
    ...(meanIou === null ? [] : [\`\${before}mean IoU \${meanIou.toFixed(3)}\`]),
    ...(labels?.macroF1 == null ? [] : [\`\${before}macro F1 \${labels.macroF1.toFixed(3)}\`]),
    ...(labels?.microF1 == null ? [] : [\`\${before}micro F1 \${labels.microF1.toFixed(3)}\`]),
    ...(labels?.meanAveragePrecision == null ? [] : [\`\${before}mAP \${labels.meanAveragePrecision.toFixed(3)}\`]),
    ...(labels === null ? [] : [\`\${before}exact match \${(100 * labels.exactMatch).toFixed(1)} %\`]),
    ...(psnr === null ? [] : [\`\${before}PSNR \${psnr.toFixed(2)} dB\`]),
  ].join(', ');
}
`;
}
