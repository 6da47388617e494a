import { text } from '../../text';
import { damaged } from '../problem';
import { isList, isRecord, own, type JsonRecord } from './config';

/** An output of a call of a layer. */
export type TensorRef = {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
  /** Its shape with the batch, where the file says it. */
  readonly shape?: readonly unknown[];
};

/** An argument of a call: a tensor, a list of arguments, or a plain value. */
export type Argument =
  | { readonly type: 'tensor'; readonly ref: TensorRef }
  | { readonly type: 'list'; readonly items: readonly Argument[] }
  | { readonly type: 'value'; readonly value: unknown };

/** One use of a layer. */
export type Call = { readonly positional: readonly Argument[]; readonly named: ReadonlyMap<string, Argument> };

/** A layer as its model lists it. */
export type KerasLayer = {
  readonly name: string;
  readonly className: string;
  readonly config: JsonRecord;
  /** An operation of `keras.ops` and no layer: it holds no weights and is not counted among the layers. */
  readonly isOperation: boolean;
  /** Set where the layer is a model of its own. */
  readonly model: KerasGraph | null;
  readonly calls: readonly Call[];
};

/** A model as a graph, whichever of Keras' classes and versions wrote it. */
export type KerasGraph = {
  readonly name: string;
  readonly isSequential: boolean;
  readonly layers: readonly KerasLayer[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
};

const modelClasses: ReadonlySet<string> = new Set(['Functional', 'Model', 'Sequential']);

/** Models in models, lists in lists: more than anyone writes, less than a stack holds. */
const deepestModel = 16;
const deepestList = 12;

/** A model from its serialised form: `{class_name, config}`. */
export function readGraph(serialised: unknown, depth = 0): KerasGraph {
  if (depth > deepestModel) damaged(text('its models are nested too deeply.', '模型嵌套过深。'));
  const className = isRecord(serialised) ? own(serialised, 'class_name') : undefined;
  const config = isRecord(serialised) ? own(serialised, 'config') : undefined;
  if (typeof className !== 'string') damaged(text('it has no model in it.', '其中没有模型。'));
  if (!modelClasses.has(className)) {
    damaged(
      text(
        `its model is a class of its own (${className.slice(0, 60)}), whose layers stand in Python code and not in the file. Export it as ONNX.`,
        `其模型是自定义类（${className.slice(0, 60)}），各层写在 Python 代码中而不在文件里。请导出为 ONNX。`,
      ),
    );
  }
  // The first versions of Keras wrote a sequential model as the bare list of its layers.
  const record = isRecord(config) ? config : { layers: config };
  const name = own(record, 'name');
  const listed = own(record, 'layers');
  if (!isList(listed)) damaged(text('its model lists no layers.', '模型没有列出各层。'));
  const isSequential = className === 'Sequential';
  const layers = listed.map((layer, at) => readLayer(layer, at, depth));
  const names = new Set(layers.map((layer) => layer.name));
  if (names.size < layers.length) damaged(text('two layers have the same name.', '有两个层同名。'));
  const shown = typeof name === 'string' ? name : '';
  if (isSequential) return sequence(shown, layers, own(record, 'build_input_shape'));
  return {
    name: shown,
    isSequential,
    layers,
    inputs: refsOf(own(record, 'input_layers')),
    outputs: refsOf(own(record, 'output_layers')),
  };
}

function readLayer(given: unknown, at: number, depth: number): KerasLayer {
  const className = isRecord(given) ? own(given, 'class_name') : undefined;
  const config = isRecord(given) ? own(given, 'config') : undefined;
  if (!isRecord(given) || typeof className !== 'string') {
    damaged(text(`layer ${at + 1} of its model has no class.`, `模型的第 ${at + 1} 层没有类名。`));
  }
  const record = isRecord(config) ? config : {};
  const name = own(given, 'name') ?? own(record, 'name');
  const [calls, module] = [own(given, 'inbound_nodes'), own(given, 'module')];
  return {
    name: typeof name === 'string' ? name : `${className.toLowerCase()}_${at + 1}`,
    className,
    config: record,
    isOperation: typeof module === 'string' && /(^|\.)ops(\.|$)/.test(module),
    model: modelClasses.has(className) ? readGraph(given, depth + 1) : null,
    calls: isList(calls) ? calls.map(readCall) : [],
  };
}

/** A chain of layers as a graph: each reads the one before it. An input is put before it where the first layer says its shape. */
function sequence(name: string, layers: readonly KerasLayer[], built: unknown): KerasGraph {
  const [first] = layers;
  const known = first?.config['batch_input_shape'] ?? first?.config['batch_shape'] ?? built;
  const hasInput = first?.className === 'InputLayer';
  const input: KerasLayer = {
    name: layers.some((layer) => layer.name === 'input') ? 'model_input' : 'input',
    className: 'InputLayer',
    config: { batch_shape: known },
    isOperation: false,
    model: null,
    calls: [],
  };
  const all = hasInput ? layers : [input, ...layers];
  const chained = all.map((layer, at) => {
    const before = all[at - 1];
    return { ...layer, calls: before === undefined ? [] : [callOf([refTo(before.name)])] };
  });
  const last = chained.at(-1);
  return {
    name,
    isSequential: true,
    layers: chained,
    inputs: chained.slice(0, 1).map((layer) => refTo(layer.name)),
    outputs: last === undefined ? [] : [refTo(last.name)],
  };
}

function refTo(layer: string): TensorRef {
  return { layer, call: 0, output: 0 };
}

function callOf(refs: readonly TensorRef[]): Call {
  return { positional: refs.map((ref) => ({ type: 'tensor', ref })), named: new Map() };
}

/** `[name, call, output]`, with Keras 2's named arguments behind. */
function asRef(given: unknown): TensorRef | null {
  if (!isList(given)) return null;
  const [layer, call, output] = given;
  if (typeof layer !== 'string' || !Number.isInteger(call) || !Number.isInteger(output)) return null;
  return { layer, call: Number(call), output: Number(output) };
}

/** The tensors of a model's ends: one, a list, or by name. */
function refsOf(given: unknown, depth = 0): readonly TensorRef[] {
  const ref = asRef(given);
  if (ref !== null) return [ref];
  if (depth > deepestList) damaged(text('its lists are nested too deeply.', '列表嵌套过深。'));
  const items = isList(given) ? given : isRecord(given) ? Object.values(given) : [];
  return items.flatMap((item) => refsOf(item, depth + 1));
}

function readCall(given: unknown): Call {
  // Keras 3.
  if (isRecord(given)) {
    const args = own(given, 'args');
    const named = own(given, 'kwargs');
    return {
      positional: isList(args) ? args.map((arg) => readArgument(arg)) : [],
      named: new Map(isRecord(named) ? Object.entries(named).map(([name, arg]) => [name, readArgument(arg)]) : []),
    };
  }
  // Keras 2: a list of tensors, or of one tensor without the list around it.
  const isOne = isList(given) && typeof given[0] === 'string';
  const items = isOne ? [given] : isList(given) ? given : [];
  const named = new Map<string, Argument>();
  const tensors = items.map((item): Argument => {
    const more = isList(item) ? item[3] : undefined;
    if (isRecord(more)) for (const [name, value] of Object.entries(more)) named.set(name, readArgument(value));
    return readArgument(item);
  });
  return { positional: tensors.length > 1 ? [{ type: 'list', items: tensors }] : tensors, named };
}

/** Keras 2 writes a plain value in the place of a tensor as one of a layer that is called so. */
const constantLayer = '_CONSTANT_VALUE';

function readArgument(given: unknown, depth = 0): Argument {
  if (depth > deepestList) damaged(text('its lists are nested too deeply.', '列表嵌套过深。'));
  if (isList(given) && given[0] === constantLayer) return { type: 'value', value: given[2] };
  const ref = asRef(given);
  if (ref !== null) return { type: 'tensor', ref };
  if (isRecord(given) && own(given, 'class_name') === '__keras_tensor__') {
    const config = own(given, 'config');
    const history = asRef(isRecord(config) ? own(config, 'keras_history') : undefined);
    if (history === null) damaged(text('a tensor of its model comes from nowhere.', '模型中有张量来源不明。'));
    const shape = isRecord(config) ? own(config, 'shape') : undefined;
    return { type: 'tensor', ref: isList(shape) ? { ...history, shape } : history };
  }
  if (isList(given)) return { type: 'list', items: given.map((item) => readArgument(item, depth + 1)) };
  return { type: 'value', value: given };
}

/** The tensors of an argument, in order. */
export function tensorsOf(argument: Argument): readonly TensorRef[] {
  if (argument.type === 'tensor') return [argument.ref];
  return argument.type === 'list' ? argument.items.flatMap(tensorsOf) : [];
}

/** The tensors that a call reads. */
export function tensorsOfCall({ positional, named }: Call): readonly TensorRef[] {
  return [...positional, ...named.values()].flatMap(tensorsOf);
}
