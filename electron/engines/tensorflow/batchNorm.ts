import type { BatchNormNode } from '../../../shared/ops/batchNorm';
import { statisticsAxes } from '../../../shared/ops/channelStatistics';
import type { OpNode } from '../../../shared/ops/graph';
import { attribute } from './graphDef';
import type { Attributes } from './graphDef';
import { constantBytes } from './graphWriter';
import { addTyped, inputOf, staticSize } from './lowering';
import type { Lowering } from './lowering';

type ReduceMean = OpNode & { readonly op: 'reduceMean' };

/** What TensorFlow's kernels take as the statistics of a batch that are yet to be computed. */
const noStatistics = new Uint8Array();

function normAttributes(epsilon: number): Attributes {
  return { U: attribute.type('float32'), epsilon: attribute.float(epsilon), is_training: attribute.bool(true) };
}

function addForward(lowering: Lowering, epsilon: number, x: string, scale: string, offset: string): string {
  const none = lowering.graph.constant('float32', [0], noStatistics);
  return addTyped(lowering, 'FusedBatchNormV3', 'float32', [x, scale, offset, none, none], normAttributes(epsilon));
}

/** What the gradients take; on a GPU it holds epsilon. */
const forwardKey = (x: number, epsilon: number): string => `batch norm ${x} ${epsilon}`;
/** Mean and variance of the values themselves. */
const statisticsKey = (x: number): string => `batch statistics ${x}`;

/** The sum of what comes into a normalisation, which its gradient kernel gives as the gradient of beta. */
const sumKey = (dy: number): string => `batch norm sum ${dy}`;

/** The two gradients of one normalisation come from one kernel, which takes what the forward kernel kept of the statistics. */
function gradientsOf(lowering: Lowering, node: BatchNormNode): string {
  const [x, gamma, dy] = [inputOf(lowering, node, 0), inputOf(lowering, node, 1), inputOf(lowering, node, 2)];
  const { epsilon } = node;
  return lowering.once(`batch norm gradient ${x.id} ${gamma.id} ${dy.id} ${epsilon}`, () => {
    // Any forward kernel over x will do; where the function has none, one is made for its statistics.
    const forward = lowering.once(forwardKey(x.id, epsilon), () =>
      addForward(lowering, epsilon, x.tensor, gamma.tensor, gamma.tensor),
    );
    const kept = [`${forward}:3`, `${forward}:4`, `${forward}:5`];
    const inputs = [dy.tensor, x.tensor, gamma.tensor, ...kept];
    const gradients = addTyped(lowering, 'FusedBatchNormGradV3', 'float32', inputs, normAttributes(epsilon));
    lowering.once(sumKey(dy.id), () => `${gradients}:2`);
    return gradients;
  });
}

export function lowerBatchNorm(lowering: Lowering, node: BatchNormNode): string {
  if (node.op === 'batchNormInputGrad') return gradientsOf(lowering, node);
  if (node.op === 'batchNormGammaGrad') return `${gradientsOf(lowering, node)}:1`;
  const [x, gamma, beta] = [inputOf(lowering, node, 0), inputOf(lowering, node, 1), inputOf(lowering, node, 2)];
  const forward = addForward(lowering, node.epsilon, x.tensor, gamma.tensor, beta.tensor);
  lowering.once(forwardKey(x.id, node.epsilon), () => forward);
  lowering.once(statisticsKey(x.id), () => forward);
  return forward;
}

/** (n - 1) / n: TensorFlow reports the variance divided by n - 1, the op graph's divides by n. */
function besselFactor(lowering: Lowering, x: { readonly node: OpNode; readonly tensor: string }): string {
  const { graph } = lowering;
  const { shape } = x.node;
  return lowering.once(`bessel ${shape.slice(0, -1).join()}`, () => {
    const number = (value: number): string => graph.constant('float32', [], constantBytes('float32', [value]));
    const int32 = attribute.type('int32');
    const size = addTyped(lowering, 'Size', 'float32', [x.tensor], { out_type: int32 });
    const count = graph.add('Cast', [size], { SrcT: int32, DstT: attribute.type('float32') });
    const share = addTyped(lowering, 'RealDiv', 'float32', [number(staticSize(shape, shape.length - 1)), count]);
    return addTyped(lowering, 'Sub', 'float32', [number(1), share]);
  });
}

/** Whether a node is the mean of each channel of its input. */
function isChannelMean(lowering: Lowering, node: OpNode): node is ReduceMean {
  if (node.op !== 'reduceMean' || node.keepDims) return false;
  const axes = statisticsAxes(inputOf(lowering, node, 0).node.shape);
  return axes.length === node.axes.length && axes.every((axis, place) => axis === node.axes[place]);
}

/** The sum of each channel of a value, where a gradient kernel has computed it already. */
export function lowerGradientSum(lowering: Lowering, x: number): string | undefined {
  return lowering.made(sumKey(x));
}

/** The mean or the variance that a normalisation kernel over the same values has computed already: running statistics take them. */
export function lowerBatchStatistic(lowering: Lowering, node: OpNode): string | undefined {
  if (!isChannelMean(lowering, node)) return undefined;
  const averaged = inputOf(lowering, node, 0);
  const forward = lowering.made(statisticsKey(averaged.id));
  if (forward !== undefined) return `${forward}:1`;
  if (averaged.node.op !== 'square') return undefined;
  const centred = inputOf(lowering, averaged.node, 0).node;
  if (centred.op !== 'sub') return undefined;
  const [x, mean] = [inputOf(lowering, centred, 0), inputOf(lowering, centred, 1)];
  const ofDeviations = lowering.made(statisticsKey(x.id));
  if (ofDeviations === undefined || mean.node.inputs[0] !== x.id || !isChannelMean(lowering, mean.node))
    return undefined;
  return addTyped(lowering, 'Mul', 'float32', [`${ofDeviations}:2`, besselFactor(lowering, x)]);
}
