import type { FunctionBuilder, Value } from '../ops/builder';
import { luma } from '../ops/pixels';
import type { FloatTensors } from '../ops/tensor';
import { lowerNetwork } from './lowering';
import type { ClosedNetwork } from './openSizes';

/** A Gram matrix that answers are to have: [channels, channels], by what the style picture gives at a node. */
export type StyleTarget = { readonly nodeId: string; readonly weight: number; readonly gram: Float32Array };

/**
 * A perceptual loss that is ready to be compiled: the loss network at the size of the answer, its weights, and what is compared at which
 * nodes. Weights of nodes have those of their part within.
 */
export type PerceptualLoss = {
  readonly network: ClosedNetwork;
  readonly inputNode: string;
  /** The nodes that are computed, in the order of the values. */
  readonly order: readonly string[];
  readonly weights: FloatTensors;
  readonly content: ReadonlyMap<string, number>;
  readonly style: readonly StyleTarget[];
  readonly variationWeight: number;
};

/** The parts of a perceptual loss, as they count in it: for each sample, [batch]. Null: that part is not there. */
export type PerceptualTerms = {
  readonly content: Value | null;
  readonly style: Value | null;
  readonly variation: Value | null;
};

/**
 * The parts of the loss for answers and the pictures that they should be, both [batch, h, w, c] with values from 0 to 1:
 * - content: at each node, the mean square of the difference between what the loss network makes of the one and of the other.
 * - style: at each node, the sum of the squares of the difference between G = F^T F / (h w c) and that of the style picture, where F are
 *   the node's values as [h w, c].
 * - variation: the mean square of the difference of each pixel to its right and its lower neighbour.
 *
 * Source: Johnson, Alahi and Fei-Fei, arXiv 1603.08155, section 3.2.
 */
export function perceptualTerms(
  ops: FunctionBuilder,
  loss: PerceptualLoss,
  answer: Value,
  target: Value,
): PerceptualTerms {
  const ofAnswer = featuresOf(ops, loss, answer);
  const content = loss.content.size === 0 ? null : contentLoss(ops, loss, ofAnswer, featuresOf(ops, loss, target));
  const style = sumOf(
    ops,
    loss.style.map(({ nodeId, weight, gram }) => {
      const own = gramMatrix(ops, valueAt(ofAnswer, nodeId));
      const difference = ops.sub(own, ops.constant(gram, own.shape.slice(1).map(Number)));
      return ops.mul(weight, ops.reduce('reduceSum', ops.unary('square', difference), [1, 2]));
    }),
  );
  const { variationWeight } = loss;
  const variation = variationWeight === 0 ? null : ops.mul(variationWeight, totalVariation(ops, answer));
  return { content, style, variation };
}

/** The loss of each sample, [batch]: the parts added up. */
export function summedTerms(ops: FunctionBuilder, { content, style, variation }: PerceptualTerms): Value {
  const sum = sumOf(
    ops,
    [content, style, variation].filter((term) => term !== null),
  );
  if (sum === null) throw new Error('Compile: a perceptual loss was checked to have a part.');
  return sum;
}

/** Whether a batch comes to the mean of its samples or to their sum. */
export type PartsOver = 'reduceMean' | 'reduceSum';

/** What the parts that there are come to over a batch, by name; the builder shares them with the loss that is made of them. */
export function perceptualParts(
  ops: FunctionBuilder,
  loss: PerceptualLoss,
  answer: Value,
  target: Value,
  over: PartsOver,
): { readonly [part: string]: Value } {
  const terms = Object.entries(perceptualTerms(ops, loss, answer, target));
  return Object.fromEntries(
    terms.flatMap(([part, term]) => (term === null ? [] : [[part, ops.reduce(over, term, [0])]])),
  );
}

/** F^T F / (h w c) of values [batch, h, w, c], as [batch, c, c]. */
export function gramMatrix(ops: FunctionBuilder, values: Value): Value {
  const [batch = 'batch', height = 1, width = 1, channels = 1] = values.shape;
  const places = Number(height) * Number(width);
  const flat = ops.reshape(values, [batch, places, channels]);
  return ops.mul(1 / (places * Number(channels)), ops.matMul(flat, flat, { transposeA: true }));
}

function sumOf(ops: FunctionBuilder, terms: readonly Value[]): Value | null {
  const [first, ...others] = terms;
  return first === undefined ? null : others.reduce((sum, term) => ops.add(sum, term), first);
}

function valueAt(values: ReadonlyMap<string, Value>, nodeId: string): Value {
  const value = values.get(nodeId);
  if (value === undefined) throw new Error(`Compile: node "${nodeId}" of the loss network was not lowered.`);
  return value;
}

/** What the loss network makes of pictures, by node; it is used and not trained, and its weights are constants. */
function featuresOf(ops: FunctionBuilder, loss: PerceptualLoss, pictures: Value): ReadonlyMap<string, Value> {
  const { network, inputNode, order, weights } = loss;
  const wanted = network.analysis.nodes.get(inputNode)?.outputShape?.at(-1) ?? 1;
  const inputs = new Map([[inputNode, withChannels(ops, pictures, wanted)]]);
  const weightValue = (name: string, shape: readonly number[]): Value => {
    const tensor = Object.hasOwn(weights, name) ? weights[name] : undefined;
    if (tensor === undefined) throw new Error(`Compile: "${name}" of the loss network was checked to be there.`);
    return ops.constant(tensor.data, shape);
  };
  return lowerNetwork(network.document, network.analysis, ops, 'infer', { order, inputs, weightValue }).values;
}

/** Pictures as a loss network takes them: grey as three equal channels, colours as grey, without opacity. */
function withChannels(ops: FunctionBuilder, pictures: Value, wanted: number): Value {
  const own = pictures.shape.at(-1);
  if (own === wanted) return pictures;
  if (own === 1)
    return ops.concat(
      Array.from({ length: wanted }, () => pictures),
      3,
    );
  const colours = own === 3 ? pictures : ops.slice(pictures, [0, 0, 0, 0], [-1, -1, -1, 3]);
  return wanted === 3 ? colours : ops.reduce('reduceSum', ops.mul(colours, ops.constant([...luma], [3])), [3], true);
}

function contentLoss(
  ops: FunctionBuilder,
  { content }: PerceptualLoss,
  ofAnswer: ReadonlyMap<string, Value>,
  ofTarget: ReadonlyMap<string, Value>,
): Value | null {
  return sumOf(
    ops,
    [...content].map(([nodeId, weight]) => {
      const difference = ops.sub(valueAt(ofAnswer, nodeId), valueAt(ofTarget, nodeId));
      return ops.mul(weight, meanSquareOfEach(ops, difference));
    }),
  );
}

function meanSquareOfEach(ops: FunctionBuilder, values: Value): Value {
  return ops.reduce('reduceMean', ops.unary('square', values), [...values.shape.keys()].slice(1));
}

/** A picture of one row or column has no neighbours there. */
function totalVariation(ops: FunctionBuilder, pictures: Value): Value {
  const steps = [1, 2].flatMap((axis) => {
    const length = Number(pictures.shape[axis]);
    if (length < 2) return [];
    const part = (begin: number): Value => {
      const from = [0, 0, 0, 0].map((zero, at) => (at === axis ? begin : zero));
      return ops.slice(
        pictures,
        from,
        [-1, -1, -1, -1].map((rest, at) => (at === axis ? length - 1 : rest)),
      );
    };
    return [meanSquareOfEach(ops, ops.sub(part(1), part(0)))];
  });
  return sumOf(ops, steps) ?? ops.mul(0, meanSquareOfEach(ops, pictures));
}
