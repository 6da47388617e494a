import { findLayer, readParams } from '../../layers';
import type { Shape } from '../../layers/define';
import type { FloatTensor } from '../../ops/tensor';
import { elementCount } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import { formatShape, text } from '../../text';
import type { Text } from '../../text';
import { joined, valueCount } from '../arranged';
import { createNetworkBuilder, type ImportedNetwork, type NetworkBuilder } from '../networkBuilder';
import { damaged, keptOpaque, opaqueParams, sampleShape, UnknownLayer, unknownLayer } from '../problem';
import type { ImportLine } from '../report';
import { isList, readConfig } from './config';
import type { Dialect, LayerUse, Value } from './context';
import { tensorsOf, tensorsOfCall, type Call, type KerasGraph, type KerasLayer, type TensorRef } from './graph';
import { findConverter } from './layers';
import { pickWeights, type KerasWeights } from './weights';

/** A model that is to become a network. */
export type KerasModel = {
  readonly graph: KerasGraph;
  readonly dialect: Dialect;
  /** Null where the file has none at all. */
  readonly weights: KerasWeights | null;
  /** What the file says of the whole that has no place here. */
  readonly left: readonly { readonly source: string; readonly why: Text }[];
};

/** What {@link convertModel} gives besides: which inputs and outputs have their channels first in the file. */
export type ConvertedModel = ImportedNetwork & { readonly channelsFirst: ReadonlySet<string> };

/** More layers than any model has, all nested ones counted as often as they are used. */
const mostCalls = 20_000;

type Conversion = {
  readonly model: KerasModel;
  readonly builder: NetworkBuilder;
  readonly isFirst: boolean;
  /** What each layer with weights became where it was first used, by its path and the part of it. */
  readonly owners: Map<string, string>;
  calls: number;
};

function keyOf({ layer, call, output }: TensorRef): string {
  return JSON.stringify([layer, call, output]);
}

/** Whether any layer of a model works on maps with the channels first: then all its maps are so. */
function hasChannelsFirst({ layers }: KerasGraph): boolean {
  return layers.some(
    ({ config, model }) =>
      config['data_format'] === 'channels_first' || (model === null ? false : hasChannelsFirst(model)),
  );
}

/** Writes a model of Keras or TensorFlow.js as a network. */
export function convertModel(model: KerasModel): ConvertedModel {
  const builder = createNetworkBuilder();
  const isFirst = hasChannelsFirst(model.graph);
  const conversion: Conversion = { model, builder, isFirst, owners: new Map(), calls: 0 };
  for (const { source, why } of model.left) builder.say(source, null, 'left', why);
  const inputs = model.graph.inputs.map((ref) => addInput(conversion, model.graph, ref));
  const given = runGraph(conversion, model.graph, inputs, []);
  const outputs = endAtOutputs(conversion, model.graph, given);
  const named = (refs: readonly TensorRef[], values: readonly Value[]): Map<string, string> =>
    new Map(values.flatMap(({ node }, at) => (refs[at] === undefined ? [] : [[node, refs[at].layer]])));
  const firsts = [...inputs, ...outputs].filter((value) => value.isFirst && value.shape.length === 3);
  return {
    document: builder.build(model.graph.name),
    weights: model.weights === null ? null : builder.weights,
    report: builder.report,
    inputs: named(model.graph.inputs, inputs),
    outputs: named(model.graph.outputs, outputs),
    channelsFirst: new Set(firsts.map(({ node }) => node)),
  };
}

function addInput({ builder, isFirst }: Conversion, { layers }: KerasGraph, ref: TensorRef): Value {
  const layer = layers.find(({ name }) => name === ref.layer);
  const given = layer?.config['batch_shape'] ?? layer?.config['batch_input_shape'];
  const isSize = (size: unknown): size is number | null =>
    size === null || (typeof size === 'number' && Number.isInteger(size) && size > 0);
  if (!isList(given) || given.length < 2) {
    unknownLayer(
      ref.layer,
      layer?.className ?? 'InputLayer',
      text(
        'The file does not say the shape of what goes in: build the model with one before it is saved.',
        '文件没有说明输入的形状：请在保存前用输入形状构建模型。',
      ),
    );
  }
  const sizes = given.slice(1);
  if (!sizes.every(isSize) || (sizes.length !== 1 && sizes.length !== 3)) {
    unknownLayer(
      ref.layer,
      'InputLayer',
      text(
        'Inputs here are pictures, [height, width, channels], or lists of values.',
        '这里的输入是图片 [高, 宽, 通道] 或一列数值。',
      ),
    );
  }
  const [channels = null, height = null, width = null] = sizes;
  const turned = isFirst && sizes.length === 3;
  const shape = turned ? [height, width, channels] : sizes;
  const params = { shape };
  const node = builder.add({ kind: 'input', params, source: ref.layer });
  if (turned) {
    builder.say(
      ref.layer,
      node,
      'changed',
      text('The file has the channels first, here they are last.', '文件中通道在前，这里通道在后。'),
    );
  } else builder.say(ref.layer, node, 'same');
  return { node, shape: shapeOf(node, 'input', params, []), isFirst: turned };
}

/** The shape that a node gives, by the rule of its kind; params or inputs that it does not take end the import. */
export function shapeOf(
  source: string,
  kind: string,
  params: { readonly [name: string]: Json },
  inputs: readonly Shape[],
): Shape {
  const definition = findLayer(kind);
  if (definition === undefined) throw new Error(`No layer kind ${kind}.`);
  const values = readParams(definition, params, source);
  const shape = values.ok ? definition.inferShape({ nodeId: source, params: values.value, inputs }) : values;
  if (shape.ok) return shape.value;
  const [first] = shape.diagnostics;
  return unknownLayer(source, kind, first?.summary ?? text('It does not fit.', '它不合适。'));
}

/** Runs a model on values: all its layers in an order in which each finds what it reads. */
function runGraph(
  conversion: Conversion,
  graph: KerasGraph,
  inputs: readonly Value[],
  path: readonly string[],
): readonly Value[] {
  const values = new Map<string, Value>();
  for (const [at, ref] of graph.inputs.entries()) {
    const value = inputs[at];
    if (value !== undefined) values.set(keyOf(ref), value);
  }
  const declared = declaredIn(graph);
  for (const { layer, at } of callsInOrder(graph, values)) {
    conversion.calls += 1;
    if (conversion.calls > mostCalls) damaged(text('its models use each other too often.', '模型之间的引用过多。'));
    const call = layer.calls[at];
    if (call === undefined) continue;
    for (const [output, value] of useLayer(conversion, layer, call, {
      values,
      path,
      declared: declared.get(keyOf({ layer: layer.name, call: at, output: 0 })),
    }).entries()) {
      values.set(keyOf({ layer: layer.name, call: at, output }), value);
    }
  }
  return graph.outputs.map(
    (ref) =>
      values.get(keyOf(ref)) ??
      damaged(text(`nothing gives its output “${ref.layer}”.`, `没有层给出其输出“${ref.layer}”。`)),
  );
}

type LayerCall = { readonly layer: KerasLayer; readonly at: number };

/** The calls that the outputs hang on, each behind those that it reads. Without recursion: chains may be long. */
function callsInOrder(graph: KerasGraph, known: ReadonlyMap<string, Value>): readonly LayerCall[] {
  const layers = new Map(graph.layers.map((layer) => [layer.name, layer]));
  const order: LayerCall[] = [];
  const state = new Map<string, 'begun' | 'done'>();
  const isKnown = (ref: TensorRef): boolean => known.has(keyOf(ref));
  const stack: { readonly ref: TensorRef; readonly isBack: boolean }[] = graph.outputs
    .toReversed()
    .map((ref) => ({ ref, isBack: false }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { ref, isBack } = next;
    if (isKnown(ref)) continue;
    const key = JSON.stringify([ref.layer, ref.call]);
    const layer = layers.get(ref.layer);
    const call = layer?.calls[ref.call];
    if (layer === undefined || call === undefined) {
      damaged(text(`a layer reads “${ref.layer}”, which is not there.`, `有层读取不存在的“${ref.layer}”。`));
    }
    if (isBack) {
      state.set(key, 'done');
      order.push({ layer, at: ref.call });
      continue;
    }
    if (state.get(key) === 'done') continue;
    if (state.get(key) === 'begun')
      damaged(text(`“${ref.layer}” reads what hangs on itself.`, `“${ref.layer}”的输入依赖它自己。`));
    state.set(key, 'begun');
    stack.push({ ref, isBack: true });
    for (const read of tensorsOfCall(call).toReversed()) stack.push({ ref: read, isBack: false });
  }
  return order;
}

function useLayer(
  conversion: Conversion,
  layer: KerasLayer,
  call: Call,
  {
    values,
    path,
    declared,
  }: {
    readonly values: ReadonlyMap<string, Value>;
    readonly path: readonly string[];
    readonly declared: readonly unknown[] | undefined;
  },
): readonly Value[] {
  const inputs = tensorsOfCall(call).map(
    (ref) => values.get(keyOf(ref)) ?? damaged(text(`“${layer.name}” reads nothing.`, `“${layer.name}”没有输入。`)),
  );
  const own = [...path, layer.name];
  if (layer.model !== null) {
    const outputs = runGraph(conversion, layer.model, inputs, own);
    const why = text('A model within the model: its layers stand in its place.', '模型中的模型：其各层直接列在此处。');
    conversion.builder.say(own.join('/'), outputs[0]?.node ?? null, 'changed', why);
    return outputs;
  }
  return [convertLayer(conversion, layer, call, { inputs, values, path: own, declared })];
}

function convertLayer(
  conversion: Conversion,
  layer: KerasLayer,
  call: Call,
  given: {
    readonly inputs: readonly Value[];
    readonly values: ReadonlyMap<string, Value>;
    readonly path: readonly string[];
    readonly declared: readonly unknown[] | undefined;
  },
): Value {
  const { builder, model, owners } = conversion;
  const source = given.path.join('/');
  const { className } = layer;
  const converter = findConverter(className, layer.isOperation, layer.config['function'], model);
  const lines: { readonly status: ImportLine['status']; readonly why: Text }[] = [];
  const config = readConfig(source, className, layer.config);
  let added = 0;
  const use: LayerUse = {
    config,
    dialect: model.dialect,
    inputs: given.inputs,
    positional: call.positional,
    named: call.named,
    valueOf: (argument) => {
      const [ref] = argument === undefined ? [] : tensorsOf(argument);
      return ref === undefined ? null : (given.values.get(keyOf(ref)) ?? null);
    },
    input: () => given.inputs[0] ?? config.refuse(text('It reads nothing.', '它没有输入。')),
    add: (kind, node) => {
      added += 1;
      return addNode(builder, source, kind, node, owners);
    },
    weights: (names) => {
      if (model.weights === null || names.length === 0) return model.weights === null ? null : [];
      return pickWeights(source, model.weights.of(given.path), names);
    },
    say: (status, why) => void lines.push({ status, why }),
  };
  let value: Value;
  try {
    if (converter === null) {
      const operation =
        className === 'TFOpLambda' ? String(layer.config['function']).slice(0, 60) : className.slice(0, 60);
      return unknownLayer(source, operation, text('There is no such layer here.', '这里没有这样的层。'));
    }
    value = converter(use);
  } catch (error) {
    // What was begun cannot be taken back.
    if (!(error instanceof UnknownLayer) || added > 0) throw error;
    return standIn(conversion, error, given);
  }
  for (const line of [...lines, ...notesOf(layer)]) builder.say(source, value.node, line.status, line.why);
  if (lines.length === 0 && notesOf(layer).length === 0) builder.say(source, value.node, 'same');
  return value;
}

/** Shapes that a file says of what its layers give, by {@link keyOf}: each where it is read, in files of Keras 3. */
function declaredIn({ layers }: KerasGraph): ReadonlyMap<string, readonly unknown[]> {
  const refs = layers.flatMap(({ calls }) => calls.flatMap(tensorsOfCall));
  return new Map(refs.flatMap((ref) => (ref.shape === undefined ? [] : [[keyOf(ref), ref.shape] as const])));
}

/** A node with the declared shape in the place of what is not understood, with its weights; without a shape the import ends. */
function standIn(
  { builder, model }: Conversion,
  error: UnknownLayer,
  { inputs, path, declared }: Parameters<typeof convertLayer>[3],
): Value {
  const isSize = (size: unknown): size is number | null =>
    size === null || (typeof size === 'number' && Number.isInteger(size) && size > 0);
  const sizes = declared?.slice(1) ?? [];
  const sample = sizes.every(isSize) ? sampleShape(sizes) : null;
  if (sample === null || inputs.length === 0) throw error;
  const isFirst = sizes.length === 3 && inputs.some((value) => value.isFirst);
  const [first = null, second = null, third = null] = sample;
  const stored = model.weights?.of(path) ?? [];
  const data = joined(stored.map((tensor) => tensor.read().data));
  const source = path.join('/');
  const params = opaqueParams(error.operation, isFirst ? [second, third, first] : sample, data.length);
  const values: FloatTensor = { dtype: 'float32', shape: [data.length], data };
  const value = addNode(builder, source, 'opaque', {
    params,
    from: inputs,
    ...(data.length === 0 ? {} : { weights: { values } }),
  });
  builder.say(source, value.node, 'opaque', keptOpaque(error.why));
  return { ...value, isFirst, isSequence: sizes.length === 2 };
}

/** What a config says that has no place here. */
function notesOf({ config }: KerasLayer): readonly { readonly status: 'changed'; readonly why: Text }[] {
  const lost = Object.keys(config).filter((name) => /_(regularizer|constraint)$/.test(name) && config[name] != null);
  if (lost.length === 0) return [];
  const names = lost.join(', ');
  return [
    {
      status: 'changed',
      why: text(
        `Its ${names} is left out; decay of weights is a setting of the training.`,
        `其 ${names} 已略去；权值衰减是训练设置。`,
      ),
    },
  ];
}

/** Adds a node for a layer. One that is used again, at another place, uses the weights that it has where it was first used. */
function addNode(
  builder: NetworkBuilder,
  source: string,
  kind: string,
  node: Parameters<LayerUse['add']>[1],
  owners: Map<string, string> = new Map(),
): Value {
  const from = node.from ?? [];
  const params = Object.fromEntries(
    Object.entries(node.params ?? {}).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
  const shape = shapeOf(
    source,
    kind,
    params,
    from.map((value) => value.shape),
  );
  checkWeightShapes(source, kind, params, from, shape, node.weights ?? {});
  const own = node.suffix === undefined ? source : `${source}_${node.suffix}`;
  const isWeighted = hasWeights(kind, { nodeId: own, params, inputs: from.map((value) => value.shape), output: shape });
  const weightsOf = isWeighted ? owners.get(`${kind} ${own}`) : undefined;
  const held = weightsOf !== undefined ? { weightsOf } : node.weights == null ? {} : { weights: node.weights };
  const id = builder.add({ kind, params, source: own, from: from.map((value) => value.node), ...held });
  if (isWeighted && weightsOf === undefined) owners.set(`${kind} ${own}`, id);
  const inherits = (one: 'isFirst' | 'isSequence'): boolean => from.some((value) => value[one]) && shape.length === 3;
  return { node: id, shape, isFirst: inherits('isFirst'), isSequence: inherits('isSequence') };
}

function hasWeights(
  kind: string,
  given: {
    readonly nodeId: string;
    readonly params: { readonly [name: string]: Json };
    readonly inputs: readonly Shape[];
    readonly output: Shape;
  },
): boolean {
  const definition = findLayer(kind);
  const values = definition === undefined ? null : readParams(definition, given.params, given.nodeId);
  return (
    definition !== undefined && values?.ok === true && definition.weights({ ...given, params: values.value }).length > 0
  );
}

/** A weight of another shape than the layer has would not be found wrong before it is computed with. */
function checkWeightShapes(
  source: string,
  kind: string,
  params: { readonly [name: string]: Json },
  from: readonly Value[],
  output: Shape,
  weights: { readonly [name: string]: FloatTensor },
): void {
  const definition = findLayer(kind);
  const values = definition === undefined ? null : readParams(definition, params, source);
  if (definition === undefined || values?.ok !== true || Object.keys(weights).length === 0) return;
  const inputs = from.map((value) => value.shape);
  for (const { name, shape } of definition.weights({ nodeId: source, params: values.value, inputs, output })) {
    const tensor = weights[name];
    const fits =
      tensor !== undefined &&
      tensor.shape.length === shape.length &&
      tensor.shape.every((size, axis) => size === shape[axis]);
    if (fits && valueCount(tensor) === elementCount(shape)) continue;
    const found = tensor === undefined ? '—' : formatShape(tensor.shape);
    damaged(
      text(
        `the ${name} of “${source}” is ${found} and its layer needs ${formatShape(shape)}.`,
        `“${source}”的 ${name} 为 ${found}，而该层需要 ${formatShape(shape)}。`,
      ),
    );
  }
}

/** Outputs here are nodes that nothing reads: one that is read all the same gets a node behind it. */
function endAtOutputs({ builder }: Conversion, graph: KerasGraph, values: readonly Value[]): readonly Value[] {
  const ended = new Map<string, Value>();
  const read = new Set(builder.build('').edges.map(({ from }) => from));
  const inputs = new Set(
    builder
      .build('')
      .nodes.filter(({ kind }) => kind === 'input')
      .map(({ id }) => id),
  );
  return values.map((value, at) => {
    const known = ended.get(value.node);
    if (known !== undefined) return known;
    const isOpen = !read.has(value.node) && !inputs.has(value.node);
    const source = `${graph.outputs[at]?.layer ?? 'output'}_output`;
    const end = isOpen
      ? value
      : addNode(builder, source, 'activation', { params: { function: 'linear' }, from: [value] });
    if (!isOpen) {
      builder.say(
        source,
        end.node,
        'changed',
        text(
          'The model gives out what other layers go on with: a node behind it stands for that.',
          '模型输出了其他层继续使用的值：由其后的一个节点表示。',
        ),
      );
    }
    ended.set(value.node, end);
    return end;
  });
}
