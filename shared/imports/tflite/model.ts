import { elementCount, type FloatTensor } from '../../ops/tensor';
import { text } from '../../text';
import { formOfType } from '../onnx/tensors';
import { storedTensor, type RangedBytes } from '../arranged';
import { damaged } from '../problem';
import { rootTable, type Table } from './flatbuffer';

/** A tensor of a TensorFlow Lite model, by the published schema (tensorflow/lite/schema/schema.fbs). */
export type LiteTensor = {
  readonly name: string;
  /** Batch first, channels last. */
  readonly shape: readonly number[];
  readonly type: string;
  readonly isQuantised: boolean;
  /** Null for one that is computed. */
  readonly read: (() => FloatTensor) | null;
};

/** An operator; `options` has the fields of its own table. */
export type LiteOperator = {
  readonly op: string;
  readonly options: Table | null;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
};

export type LiteModel = {
  readonly tensors: readonly LiteTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly LiteOperator[];
};

const elementTypes = ['float32', 'float16', 'int32', 'uint8', 'int64', 'string', 'bool', 'int16', 'complex64', 'int8'];
const elementBytes: { readonly [type: string]: number } = {
  float32: 4,
  float16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  int8: 1,
  int16: 2,
  bool: 1,
};

/** Operators that are read or named, by their number in the schema. */
const names: { readonly [code: number]: string } = {
  0: 'ADD',
  1: 'AVERAGE_POOL_2D',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  5: 'DEPTH_TO_SPACE',
  6: 'DEQUANTIZE',
  7: 'EMBEDDING_LOOKUP',
  8: 'FLOOR',
  9: 'FULLY_CONNECTED',
  14: 'LOGISTIC',
  16: 'LSTM',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  20: 'RELU_N1_TO_1',
  21: 'RELU6',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  25: 'SOFTMAX',
  26: 'SPACE_TO_DEPTH',
  28: 'TANH',
  32: 'CUSTOM',
  34: 'PAD',
  36: 'GATHER',
  39: 'TRANSPOSE',
  40: 'MEAN',
  41: 'SUB',
  42: 'DIV',
  43: 'SQUEEZE',
  45: 'STRIDED_SLICE',
  47: 'EXP',
  48: 'TOPK_V2',
  49: 'SPLIT',
  50: 'LOG_SOFTMAX',
  53: 'CAST',
  54: 'PRELU',
  55: 'MAXIMUM',
  56: 'ARG_MAX',
  57: 'MINIMUM',
  59: 'NEG',
  60: 'PADV2',
  64: 'SELECT',
  66: 'SIN',
  67: 'TRANSPOSE_CONV',
  69: 'TILE',
  70: 'EXPAND_DIMS',
  73: 'LOG',
  74: 'SUM',
  75: 'SQRT',
  76: 'RSQRT',
  77: 'SHAPE',
  78: 'POW',
  81: 'REDUCE_PROD',
  82: 'REDUCE_MAX',
  83: 'PACK',
  85: 'ONE_HOT',
  88: 'UNPACK',
  89: 'REDUCE_MIN',
  92: 'SQUARE',
  97: 'RESIZE_NEAREST_NEIGHBOR',
  98: 'LEAKY_RELU',
  100: 'MIRROR_PAD',
  101: 'ABS',
  102: 'SPLIT_V',
  104: 'CEIL',
  105: 'REVERSE_V2',
  107: 'GATHER_ND',
  108: 'COS',
  111: 'ELU',
  114: 'QUANTIZE',
  116: 'ROUND',
  117: 'HARD_SWISH',
  123: 'SELECT_V2',
  126: 'BATCH_MATMUL',
  128: 'CUMSUM',
  130: 'BROADCAST_TO',
  150: 'GELU',
  152: 'RELU_0_TO_1',
  158: 'SIGN',
};

function nameOf(code: Table): string {
  // Numbers above 127 found no place in the first field; the second is the larger of the two.
  const number = Math.max(code.byte(0), code.int(3));
  const custom = code.word(1).replace(/[^\x20-\x7e]/g, '?');
  return number === 32 ? custom.slice(0, 60) : (names[number] ?? `operator ${number}`);
}

function tensorOf(table: Table, buffers: readonly Table[]): LiteTensor {
  const type = elementTypes[table.byte(1)] ?? 'other';
  const shape = table.ints(0);
  const buffer = buffers[table.int(2)];
  const bytes = buffer?.bytes(0);
  const quantised = table.table(4);
  const name = table.word(3).replace(/[^\x20-\x7e]/g, '?');
  const size = elementBytes[type];
  if (shape.some((length) => length < 0)) damaged(text(`“${name}” has a size below zero.`, `“${name}”的大小小于零。`));
  return {
    name,
    shape,
    type,
    isQuantised: (quantised?.ints(2).length ?? 0) > 0,
    read:
      bytes === undefined || bytes.sizeBytes === 0 || size === undefined
        ? null
        : () => {
            const count = elementCount(shape);
            if (bytes.sizeBytes !== count * size) {
              damaged(
                text(
                  `“${name}” has ${bytes.sizeBytes} bytes and needs ${count * size}.`,
                  `“${name}”有 ${bytes.sizeBytes} 字节，需要 ${count * size}。`,
                ),
              );
            }
            return storedTensor(shape, bytes, formOfType(type, size));
          },
  };
}

/** Reads a model of one graph. */
export function readLiteModel(file: RangedBytes): LiteModel {
  const model = rootTable(file);
  const codes = model.tables(1).map(nameOf);
  const buffers = model.tables(4);
  const [graph, ...others] = model.tables(2);
  if (graph === undefined) damaged(text('it has no graph.', '其中没有图。'));
  if (others.length > 0) damaged(text('it has several graphs, which call each other.', '它有多个相互调用的图。'));
  const tensors = graph.tables(0).map((tensor) => tensorOf(tensor, buffers));
  const known = (index: number): boolean => index >= -1 && index < tensors.length;
  const operators = graph.tables(3).map((operator): LiteOperator => {
    const [inputs, outputs] = [operator.ints(1), operator.ints(2)];
    if (![...inputs, ...outputs].every(known))
      damaged(text('an operator reads a tensor that is not there.', '有运算读取不存在的张量。'));
    return { op: codes[operator.int(0)] ?? 'operator', options: operator.table(4), inputs, outputs };
  });
  const [inputs, outputs] = [graph.ints(1), graph.ints(2)];
  if (![...inputs, ...outputs].every((index) => index >= 0 && known(index))) {
    damaged(text('its graph names a tensor that is not there.', '其图引用了不存在的张量。'));
  }
  return { tensors, inputs, outputs, operators };
}
