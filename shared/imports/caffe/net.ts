import { text } from '../../text';
import { damaged } from '../problem';
import {
  flagAt,
  hasField,
  messageAt,
  messagesAt,
  numberAt,
  numbersAt,
  readProtoText,
  wordAt,
  wordsAt,
  type TextMessage,
} from '../protoText';

/** A layer of a Caffe network, whichever of the two forms it was written in. */
export type CaffeLayer = {
  readonly name: string;
  readonly type: string;
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  readonly message: TextMessage;
};

/** A Caffe network as it is when it predicts. */
export type CaffeNet = {
  readonly name: string;
  /** Blobs that are fed, with their sizes, batch first. */
  readonly inputs: readonly { readonly name: string; readonly sizes: readonly number[] }[];
  readonly layers: readonly CaffeLayer[];
  /** Layers that are there in training alone. */
  readonly trained: readonly CaffeLayer[];
};

/** Types of the form before `layer`, by today's names; the others are only spelled otherwise. */
const oldTypes: { readonly [type: string]: string } = {
  ABSVAL: 'AbsVal',
  ARGMAX: 'ArgMax',
  BNLL: 'BNLL',
  DUMMY_DATA: 'DummyData',
  HDF5_DATA: 'HDF5Data',
  HDF5_OUTPUT: 'HDF5Output',
  IM2COL: 'Im2col',
  LRN: 'LRN',
  MVN: 'MVN',
  RELU: 'ReLU',
  SOFTMAX_LOSS: 'SoftmaxWithLoss',
  TANH: 'TanH',
};

function modernType(type: string): string {
  if (Object.hasOwn(oldTypes, type)) return oldTypes[type] ?? type;
  if (!/^[A-Z][A-Z0-9_]*$/.test(type) || !/[A-Z]{2}/.test(type)) return type;
  return type.toLowerCase().replace(/(^|_)([a-z])/g, (_, _gap: string, letter: string) => letter.toUpperCase());
}

/** Whether a rule takes a layer in while the network predicts: no level, no stage. */
function meets(rule: TextMessage): boolean {
  const phase = wordAt(rule, 'phase');
  if (phase === 'TRAIN' || phase === '0') return false;
  if (numberAt(rule, 'min_level', 0) > 0 || numberAt(rule, 'max_level', 0) < 0) return false;
  return !hasField(rule, 'stage');
}

function isIncluded(message: TextMessage): boolean {
  const include = messagesAt(message, 'include');
  if (include.length > 0) return include.some(meets);
  return !messagesAt(message, 'exclude').some(meets);
}

/** Reads the text of a network, as Caffe does for its test phase. */
export function readCaffeNet(words: string): CaffeNet {
  const net = readProtoText(words);
  const written = [...messagesAt(net, 'layers'), ...messagesAt(net, 'layer')];
  if (written.length === 0) damaged(text('it lists no layers.', '其中没有层。'));
  if (written.some((message) => messagesAt(message, 'layer').length > 0)) {
    damaged(
      text(
        'it is in the oldest of Caffe’s forms; bring it up to date with upgrade_net_proto_text.',
        '它采用 Caffe 最旧的格式；请用 upgrade_net_proto_text 升级。',
      ),
    );
  }
  const layers = written.map((message, at): CaffeLayer & { readonly isIncluded: boolean } => ({
    name: wordAt(message, 'name', `layer${at + 1}`),
    type: modernType(wordAt(message, 'type')),
    bottoms: wordsAt(message, 'bottom'),
    tops: wordsAt(message, 'top'),
    message,
    isIncluded: isIncluded(message),
  }));
  return {
    name: wordAt(net, 'name'),
    inputs: inputsOf(net),
    layers: layers.filter((layer) => layer.isIncluded),
    trained: layers.filter((layer) => !layer.isIncluded),
  };
}

function inputsOf(net: TextMessage): CaffeNet['inputs'] {
  const shapes = messagesAt(net, 'input_shape').map((shape) => numbersAt(shape, 'dim'));
  const flat = numbersAt(net, 'input_dim');
  return wordsAt(net, 'input').map((name, at) => ({ name, sizes: shapes[at] ?? flat.slice(4 * at, 4 * at + 4) }));
}

/** Sizes of what a layer feeds in, by its tops; none where the file leaves them to the data. */
export function fedSizes({ type, message, tops }: CaffeLayer): readonly (readonly number[])[] {
  const dims = (parent: TextMessage): readonly (readonly number[])[] =>
    messagesAt(parent, 'shape').map((shape) => numbersAt(shape, 'dim'));
  const each = (sizes: readonly (readonly number[])[]): readonly (readonly number[])[] =>
    sizes.length === 1 ? tops.map(() => sizes[0] ?? []) : sizes;
  if (type === 'Input') return each(dims(messageAt(message, 'input_param')));
  if (type === 'DummyData') {
    const dummy = messageAt(message, 'dummy_data_param');
    const sides = ['num', 'channels', 'height', 'width'].map((side) => numbersAt(dummy, side));
    const listed = (sides[0] ?? []).map((_, at) => sides.map((side) => side[at] ?? side[0] ?? 0));
    return each(hasField(dummy, 'shape') ? dims(dummy) : listed);
  }
  if (type === 'MemoryData') {
    const memory = messageAt(message, 'memory_data_param');
    return [['batch_size', 'channels', 'height', 'width'].map((side) => numberAt(memory, side, 0))];
  }
  const transform = messageAt(message, 'transform_param');
  const own = ['data_param', 'image_data_param', 'window_data_param'].map((name) => messageAt(message, name));
  const crop = numberAt(transform, 'crop_size', 0) || Math.max(0, ...own.map((one) => numberAt(one, 'crop_size', 0)));
  const images = messageAt(message, 'image_data_param');
  const isGray = flagAt(transform, 'force_gray', false) || !flagAt(images, 'is_color', true);
  const [height, width] = ['new_height', 'new_width'].map((side) => numberAt(images, side, 0) || crop);
  if (crop > 0) return [[1, isGray ? 1 : 3, crop, crop]];
  return height && width ? [[1, isGray ? 1 : 3, height, width]] : [];
}

/** Layers that compute what a training goes by, and no answer. */
export function isOfTraining({ type }: CaffeLayer): boolean {
  return /Loss$/.test(type) || ['Accuracy', 'SoftmaxWithLoss', 'Silence', 'HDF5Output'].includes(type);
}
