import type { Json } from '../../schema/document';
import { elementCount, type FloatTensor } from '../../ops/tensor';
import { formatShape, text } from '../../text';
import { valueCount, withShape } from '../arranged';
import type { Draft } from '../drafts';
import { sizeParam, unlessStandard } from '../keras/layers/kernels';
import { flagAt, messageAt, messagesAt, numberAt, numbersAt, wordAt, type TextMessage } from '../protoText';
import type { Blob, Converter, LayerUse } from './context';
import { bilinearKernel, kernelLast, rowsLast } from './weights';

/** One number for both sides, one for each, or two fields of their own. */
export function pairAt(param: TextMessage, field: string, standard: number, short = field): readonly [number, number] {
  const listed = numbersAt(param, field);
  const [first = standard, second = first] = listed;
  return [numberAt(param, `${short}_h`, first), numberAt(param, `${short}_w`, second)];
}

/** Zeros on both ends of height and width. */
export function paddingOf(param: TextMessage): Json | undefined {
  return sizeParam(pairAt(param, 'pad', 0), 0);
}

/** Laws of Caffe's fillers that there are here too. */
function initializerOf(param: TextMessage): string | undefined {
  const filler = messageAt(param, 'weight_filler');
  const norm = wordAt(filler, 'variance_norm', 'FAN_IN');
  if (wordAt(filler, 'type') === 'msra') return norm === 'FAN_IN' ? 'heNormal' : undefined;
  if (wordAt(filler, 'type') !== 'xavier') return undefined;
  return norm === 'FAN_IN' ? 'lecunUniform' : norm === 'AVERAGE' ? 'glorotUniform' : undefined;
}

/** Whether the file keeps the weights of a layer as they are in training. */
export function trainableOf({ layer }: LayerUse): false | undefined {
  const rates = [
    ...messagesAt(layer.message, 'param').map((param) => numberAt(param, 'lr_mult', 1)),
    ...numbersAt(layer.message, 'blobs_lr'),
  ];
  return rates.length > 0 && rates.every((rate) => rate === 0) ? false : undefined;
}

/** The four sizes of a kernel, whatever leading ones the file has; it must have as many values. */
function kernelOf(
  use: LayerUse,
  outer: number,
  inner: number,
  [height, width]: readonly [number, number],
): FloatTensor | null {
  const [kernel] = use.blobs ?? [];
  if (kernel === undefined) return null;
  const shape = [outer, inner, height, width];
  const isFit = Number.isInteger(inner) && Number.isInteger(outer) && valueCount(kernel) === elementCount(shape);
  return isFit ? kernelLast(withShape(kernel, shape)) : misfit(use, kernel, shape);
}

function misfit(use: LayerUse, tensor: FloatTensor, wanted: readonly number[]): never {
  const [is, needs] = [formatShape(tensor.shape), formatShape(wanted)];
  return use.refuse(text(`Its weights are ${is}, and it needs ${needs}.`, `其权值为 ${is}，而需要 ${needs}。`));
}

function withBias(
  use: LayerUse,
  kernel: FloatTensor | null,
  hasBias: boolean,
  outputs: number,
): { readonly [name: string]: FloatTensor } {
  const bias = use.blobs?.[1];
  if (kernel === null) return {};
  if (!hasBias || bias === undefined) return { kernel };
  return { kernel, bias: valueCount(bias) === outputs ? withShape(bias, [outputs]) : misfit(use, bias, [outputs]) };
}

function channelsOf(use: LayerUse, { shape }: Draft): number {
  return shape.at(-1) ?? use.refuse(text('The number of its channels is open.', '其通道数未定。'));
}

function convolving(kind: 'conv' | 'upconv'): Converter {
  return (use) => {
    const param = use.param('convolution');
    const x = use.map();
    const [filters, groups] = [numberAt(param, 'num_output', 0), numberAt(param, 'group', 1)];
    const size = pairAt(param, 'kernel_size', 0, 'kernel');
    const hasBias = flagAt(param, 'bias_term', true);
    const channels = channelsOf(use, x);
    const isUp = kind === 'upconv';
    const given = isUp
      ? kernelOf(use, channels, filters / groups, size)
      : kernelOf(use, filters, channels / groups, size);
    const isBilinear = isUp && wordAt(messageAt(param, 'weight_filler'), 'type') === 'bilinear';
    const largest = 64_000_000;
    const made = isBilinear && size[0] === size[1] && size[0] * size[1] * (filters / groups) * channels < largest;
    if (isBilinear && given === null) {
      use.say('changed', text('Its kernel is the one that interpolates.', '其卷积核为插值核。'));
    }
    const kernel = given ?? (made ? bilinearKernel(size[0], size[1], filters / groups, channels) : null);
    const draft = use.add(
      kind,
      {
        filters,
        kernelSize: sizeParam(size),
        strides: sizeParam(pairAt(param, 'stride', 1), isUp ? 2 : 1),
        padding: paddingOf(param),
        dilationRate: sizeParam(pairAt(param, 'dilation', 1), 1),
        groups: unlessStandard(groups, 1),
        useBias: hasBias ? undefined : false,
        initializer: initializerOf(param),
        trainable: trainableOf(use),
      },
      [x],
      withBias(use, kernel, hasBias, filters),
    );
    return [{ draft, isFlat: false }];
  };
}

export const convolution = convolving('conv');
export const deconvolution = convolving('upconv');

/** Reads a map in the file's order, channel after channel: the rows of its matrix are brought into ours. */
export const innerProduct: Converter = (use): readonly Blob[] => {
  const param = use.param('inner_product');
  const x = use.inputs[0]?.draft ?? use.input();
  if (numberAt(param, 'axis', 1) !== 1)
    use.refuse(text('It begins at another axis than the channels.', '它不从通道轴开始。'));
  const units = numberAt(param, 'num_output', 0);
  const hasBias = flagAt(param, 'bias_term', true);
  const sizes = x.shape.map(
    (size) => size ?? use.refuse(text('The size of what it reads is open.', '其输入大小未定。')),
  );
  const [matrix] = use.blobs ?? [];
  const count = elementCount(sizes);
  if (matrix !== undefined && valueCount(matrix) !== count * units) misfit(use, matrix, [units, count]);
  const kernel = matrix === undefined ? null : rowsLast(matrix, units, sizes, flagAt(param, 'transpose', false));
  const draft = use.add(
    'fc',
    {
      units,
      useBias: hasBias ? undefined : false,
      initializer: initializerOf(param),
      trainable: trainableOf(use),
    },
    [x],
    withBias(use, kernel, hasBias, units),
  );
  return [{ draft, isFlat: false }];
};
