import { success, type Result } from '../../diagnostics/diagnostic';
import { text, type Text } from '../../text';
import type { FloatTensor } from '../../ops/tensor';
import { joined, readWhenAsked, valueCount, type RangedBytes } from '../arranged';
import { createDrafts, type Draft } from '../drafts';
import type { ImportedNetwork } from '../networkBuilder';
import { areFilled } from '../sameWeights';
import { damaged, keptOpaque, opaqueParams, orProblem, sampleShape, UnknownLayer, unknownLayer } from '../problem';
import { readLiteModel, type LiteModel, type LiteOperator } from './model';
import { operators, type Given, type OperatorUse } from './operations';

/** Reads a TensorFlow Lite model with its weights. */
export function readTflite(path: string, file: RangedBytes, name: string): Result<ImportedNetwork> {
  return orProblem(path, () => success(convert(readLiteModel(file), name)));
}

/** Types of sizes and axes, which belong to what is computed and are not it. */
const wholeTypes = ['int32', 'int64', 'bool'];

function convert(model: LiteModel, name: string): ImportedNetwork {
  const { tensors } = model;
  const drafts = createDrafts();
  const values = new Map<number, Given>();
  const readers = new Map<number, number>();
  for (const index of [...model.operators.flatMap(({ inputs }) => inputs), ...model.outputs]) {
    readers.set(index, (readers.get(index) ?? 0) + 1);
  }
  const inputs = new Map<Draft, string>();
  for (const index of model.inputs) {
    const draft = addInput(model, index, (...draft) => drafts.add(...draft));
    drafts.say(tensors[index]?.name ?? '', draft, 'same');
    inputs.set(draft, tensors[index]?.name ?? '');
    values.set(index, { draft });
  }
  const givenAt = (index: number): Given | null => {
    if (index < 0) return null;
    const known = values.get(index);
    if (known !== undefined) return known;
    const tensor = tensors[index];
    if (tensor?.read == null) {
      return damaged(
        text(`“${tensor?.name ?? ''}” is read before it is computed.`, `“${tensor?.name ?? ''}”在计算之前被读取。`),
      );
    }
    const constant: Given = { constant: tensor.read() };
    values.set(index, constant);
    return constant;
  };
  for (const operator of model.operators) {
    const [output] = operator.outputs;
    const tensor = output === undefined ? undefined : tensors[output];
    if (output === undefined || tensor === undefined)
      return damaged(text('an operator gives nothing.', '有运算没有输出。'));
    refuseQuantised(model, operator, tensor.name);
    if (wholeTypes.includes(tensor.type)) {
      values.set(output, { isSize: true });
      continue;
    }
    const given = operator.inputs.map(givenAt);
    const [first] = given;
    if (operator.op === 'DEQUANTIZE' && first !== undefined && first !== null) {
      // Weights of half precision, which were read as they are.
      values.set(output, first);
      continue;
    }
    const lines: Text[] = [];
    const use = createUse(operator, given, {
      source: tensor.name,
      add: (...draft) => drafts.add(...draft),
      lines,
      readers,
      sizes: tensor.shape,
    });
    const converter = Object.hasOwn(operators, operator.op) ? operators[operator.op] : undefined;
    const before = drafts.count();
    let draft: Draft;
    try {
      draft =
        converter === undefined
          ? use.refuse(text('There is no such layer here.', '这里没有这样的层。'))
          : converter(use);
    } catch (error) {
      if (!(error instanceof UnknownLayer) || drafts.count() > before || operator.outputs.length > 1) throw error;
      const stand = standIn(error, tensor, given, drafts);
      values.set(output, { draft: stand });
      drafts.say(tensor.name, stand, 'opaque', keptOpaque(error.why));
      continue;
    }
    values.set(output, { draft });
    for (const why of lines) drafts.say(tensor.name, draft, 'changed', why);
    if (lines.length === 0) drafts.say(tensor.name, draft, 'same');
  }
  const outputs = model.outputs.map((index) => {
    const value = values.get(index);
    const label = tensors[index]?.name ?? '';
    if (value === undefined || !('draft' in value))
      return damaged(text(`nothing computes its output “${label}”.`, `没有运算给出其输出“${label}”。`));
    return { draft: value.draft, name: label };
  });
  return drafts.finish({ name, inputs, outputs, hasWeights: true });
}

/** A node with the declared shape in the place of what is not understood; its constants are its weights. */
function standIn(
  error: UnknownLayer,
  { name, shape }: LiteModel['tensors'][number],
  given: readonly (Given | null)[],
  drafts: ReturnType<typeof createDrafts>,
): Draft {
  const sample = sampleShape(shape.slice(1));
  const from = [...new Set(given.flatMap((value) => (value !== null && 'draft' in value ? [value.draft] : [])))];
  if (sample === null || from.length === 0 || sample.includes(0)) throw error;
  const constants = given.flatMap((value) =>
    value !== null && 'constant' in value && valueCount(value.constant) > 1 ? [value.constant] : [],
  );
  const count = constants.reduce((sum, constant) => sum + valueCount(constant), 0);
  const read = (): Float32Array => joined(constants.map(({ data }) => data));
  const weights: { readonly [name: string]: FloatTensor } = count === 0 ? {} : { values: readWhenAsked([count], read) };
  return drafts.add(name, 'opaque', opaqueParams(error.operation, sample, count), from, weights);
}

function addInput({ tensors }: LiteModel, index: number, add: ReturnType<typeof createDrafts>['add']): Draft {
  const tensor = tensors[index];
  const sizes = tensor?.shape.slice(1) ?? [];
  const label = tensor?.name ?? '';
  if (tensor?.type !== 'float32') {
    unknownLayer(
      label,
      'input',
      text(
        `It takes ${tensor?.type ?? 'nothing'}; values here are float32.`,
        `其输入为 ${tensor?.type ?? ''}；这里的数值为 float32。`,
      ),
    );
  }
  if (sizes.length !== 1 && sizes.length !== 3) {
    unknownLayer(
      label,
      'input',
      text(
        'Inputs here are pictures, [height, width, channels], or lists of values.',
        '这里的输入是图片 [高, 宽, 通道] 或一列数值。',
      ),
    );
  }
  return add(label, 'input', { shape: sizes }, []);
}

/** Whole numbers that stand for others by a scale: what they compute is rounded, and nothing here rounds. */
function refuseQuantised({ tensors }: LiteModel, { op, inputs, outputs }: LiteOperator, source: string): void {
  const isQuantised = [...inputs, ...outputs].some((index) => {
    const tensor = tensors[index];
    return tensor !== undefined && tensor.isQuantised && ['int8', 'uint8', 'int16', 'int32'].includes(tensor.type);
  });
  if (!isQuantised) return;
  unknownLayer(
    source,
    op,
    text(
      'The model is quantised: it computes with rounded whole numbers. Convert it without quantisation, or with float16 weights.',
      '该模型已量化：它用取整后的整数计算。请不带量化，或以 float16 权值重新转换。',
    ),
  );
}

function createUse(
  operator: LiteOperator,
  given: readonly (Given | null)[],
  about: {
    readonly source: string;
    readonly add: ReturnType<typeof createDrafts>['add'];
    readonly lines: Text[];
    readonly readers: ReadonlyMap<number, number>;
    readonly sizes: readonly number[];
  },
): OperatorUse {
  const { source } = about;
  const refuse = (why: Text): never => unknownLayer(source, operator.op, why);
  return {
    op: operator.op,
    given,
    sizes: about.sizes,
    option: (read, standard) => (operator.options === null ? standard : read(operator.options)),
    draft: (place) => {
      const value = given[place];
      if (value !== undefined && value !== null && 'draft' in value) return value.draft;
      return refuse(text('It reads numbers in the place of values.', '其输入是固定数而非计算值。'));
    },
    constant: (place) => {
      const value = given[place];
      if (value !== undefined && value !== null && 'constant' in value) return value.constant;
      return refuse(
        text('What it is told is computed, and not a number of the file.', '其参数是计算得到的，而不是文件中的数。'),
      );
    },
    isOnlyReader: (place) => about.readers.get(operator.inputs[place] ?? -1) === 1,
    add: (kind, params, from, weights) => {
      const draft = about.add(source, kind, params, from, weights);
      const held = operator.inputs.filter((_, place) => 'constant' in (given[place] ?? {}));
      if (Object.keys(draft.weights).length > 0 && !areFilled(draft.weights)) draft.weightsName = held.join();
      return draft;
    },
    say: (why) => void about.lines.push(why),
    refuse,
  };
}
