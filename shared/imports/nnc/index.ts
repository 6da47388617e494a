import { success, type Result } from '../../diagnostics/diagnostic';
import { elementCount } from '../../ops/tensor';
import { formatShape, text, type Text } from '../../text';
import { createDrafts, type Draft } from '../drafts';
import type { ImportedNetwork } from '../networkBuilder';
import { damaged, orProblem, unknownLayer } from '../problem';
import { messageAt, messagesAt, numbersAt, readProtoText, wordAt, wordsAt, type TextMessage } from '../protoText';
import { functionTypes, shapeLast, withParameters } from './functions';
import type { FunctionUse, Value } from './use';

/** Functions that compare with what is wanted: they belong to a training. */
const losses = /(CrossEntropy|Error|Loss|Accuracy|Divergence)$/;

type Variable = { readonly type: string; readonly sizes: readonly number[] };

/** Reads a network of Neural Network Console or nnabla in its text form. */
export function readNnc(path: string, words: string, name: string): Result<ImportedNetwork> {
  return orProblem(path, () => success(convert(readProtoText(words), name)));
}

/** Of several networks the one for use, else the first. */
function chooseNetwork(file: TextMessage): TextMessage {
  const networks = messagesAt(file, 'network');
  const runtime = networks.find((network) => /runtime/i.test(wordAt(network, 'name')));
  return runtime ?? networks[0] ?? damaged(text('it has no network.', '其中没有网络。'));
}

function shapeOf(message: TextMessage): readonly number[] {
  return numbersAt(messageAt(message, 'shape'), 'dim');
}

function convert(file: TextMessage, name: string): ImportedNetwork {
  const network = chooseNetwork(file);
  const variables = new Map<string, Variable>(
    messagesAt(network, 'variable').map((one) => [
      wordAt(one, 'name'),
      { type: wordAt(one, 'type'), sizes: shapeOf(one) },
    ]),
  );
  const stored = new Map(messagesAt(file, 'parameter').map((one) => [wordAt(one, 'variable_name'), one]));
  const functions = messagesAt(network, 'function');
  const made = new Set(functions.flatMap((one) => wordsAt(one, 'output')));
  const readers = new Map<string, number>();
  for (const input of functions.flatMap((one) => wordsAt(one, 'input')))
    readers.set(input, (readers.get(input) ?? 0) + 1);
  const drafts = createDrafts();
  const values = new Map<string, Value>();
  const inputs = new Map<Draft, string>();
  const open = new Map<string, Value>();
  const dropped = new Set<string>();

  const isParameter = (variable: string): boolean => variables.get(variable)?.type === 'Parameter';
  const addInput = (variable: string): Value => {
    const sizes = variables.get(variable)?.sizes ?? [];
    const shape = shapeLast(sizes);
    if (made.has(variable))
      damaged(
        text(
          `“${variable.slice(0, 80)}” is read before it is computed.`,
          `“${variable.slice(0, 80)}”在计算之前被读取。`,
        ),
      );
    if (shape === null) {
      const why = text(
        `Inputs here are pictures or lists, and it is ${formatShape(sizes)}.`,
        `这里的输入是图片或列表，而它是 ${formatShape(sizes)}。`,
      );
      unknownLayer(variable, 'Variable', why);
    }
    const draft = drafts.add(variable, 'input', { shape: [...shape] }, []);
    inputs.set(draft, variable);
    if (shape.length === 3)
      drafts.say(
        variable,
        draft,
        'changed',
        text('The file has the channels first, here they are last.', '文件中通道在前，这里通道在后。'),
      );
    else drafts.say(variable, draft, 'same');
    const value = { draft, map: null };
    values.set(variable, value);
    return value;
  };
  const parameterOf = (variable: string): FunctionUse['parameters'][number] => {
    const message = stored.get(variable);
    const sizes = message === undefined ? (variables.get(variable)?.sizes ?? []) : shapeOf(message);
    if (message === undefined) return { sizes, data: null };
    const data = Float32Array.from(numbersAt(message, 'data'));
    if (data.length !== elementCount(sizes)) {
      damaged(
        text(
          `“${variable.slice(0, 80)}” has ${data.length} values and says ${formatShape(sizes)}.`,
          `“${variable.slice(0, 80)}”有 ${data.length} 个值，却声明为 ${formatShape(sizes)}。`,
        ),
      );
    }
    return { sizes, data };
  };

  for (const message of functions) {
    const [own, type] = [wordAt(message, 'name'), wordAt(message, 'type')];
    const [reads, gives] = [wordsAt(message, 'input'), wordsAt(message, 'output')];
    const source = own === '' ? type : own;
    if (losses.test(type) || reads.some((input) => dropped.has(input))) {
      for (const output of gives) dropped.add(output);
      drafts.say(
        source,
        null,
        'left',
        text('It belongs to the training, and gives no answer.', '它属于训练，不产生输出。'),
      );
      continue;
    }
    const read = reads.filter((input) => !isParameter(input));
    const given = read.map((input) => values.get(input) ?? addInput(input));
    const refuse = (why: Text): never => unknownLayer(source, type === '' ? 'function' : type, why);
    const lines: { readonly status: 'changed' | 'left' | 'same' | 'opaque'; readonly why: Text }[] = [];
    const use: FunctionUse = {
      name: source,
      type,
      param: messageAt(
        message,
        message.fields.find((field) => field.name.endsWith('_param') && !/^(repeat|recurrent)_/.test(field.name))
          ?.name ?? '',
      ),
      inputs: given,
      parameters: reads.filter(isParameter).map(parameterOf),
      sizes: variables.get(gives[0] ?? '')?.sizes ?? [],
      input: (place = 0) => {
        const value = given[place];
        if (value === undefined) return refuse(text('It reads nothing.', '它没有输入。'));
        if (value.map === null) return value.draft;
        return refuse(
          text('It reads a flattened map in another order than it has here.', '它读取的展平次序与这里不同。'),
        );
      },
      isOnlyReader: (place) => readers.get(read[place] ?? '') === 1,
      add: (kind, params, from, weights) => {
        const draft = drafts.add(source, kind, params, from, weights);
        const own = reads.filter(isParameter);
        if (own.length > 0) draft.weightsName = own.join('\n');
        return draft;
      },
      remove: (...draft) => drafts.remove(...draft),
      say: (status, why) => void lines.push({ status, why }),
      refuse,
    };
    const converter = Object.hasOwn(functionTypes, type) ? functionTypes[type] : undefined;
    if (converter === undefined) return refuse(text('There is no such layer here.', '这里没有这样的层。'));
    if (!withParameters.has(type) && use.parameters.length > 0)
      return refuse(text('It computes with learned numbers of the file.', '它与文件中学习的参数进行运算。'));
    const value = converter(use);
    for (const input of read) open.delete(input);
    const [output] = gives;
    if (output === undefined) return refuse(text('It gives nothing.', '它没有输出。'));
    values.set(output, value);
    open.set(output, value);
    for (const { status, why } of lines) drafts.say(source, value.draft, status, why);
    if (lines.length === 0) drafts.say(source, value.draft, 'same');
  }
  if (open.size === 0) damaged(text('no function computes anything.', '没有任何函数进行计算。'));
  const outputs = [...open].map(([output, { draft }]) => ({ draft, name: output }));
  const title = wordAt(network, 'name');
  return drafts.finish({
    name: /^(Main\w*)?$/.test(title) ? name : title,
    inputs,
    outputs,
    hasWeights: stored.size > 0,
  });
}
