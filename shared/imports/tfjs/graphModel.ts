import type { Shape } from '../../layers/define';
import type { FloatTensor } from '../../ops/tensor';
import type { Json } from '../../schema/document';
import { text } from '../../text';
import type { Text } from '../../text';
import { isRecord, own, type JsonRecord } from '../keras/config';
import { shapeOf, type ConvertedModel } from '../keras/convert';
import { foldLayers } from '../keras/fold';
import type { StoredTensor } from '../keras/weights';
import { ownerOf } from '../drafts';
import { createNetworkBuilder } from '../networkBuilder';
import { areFilled } from '../sameWeights';
import { damaged, unknownLayer } from '../problem';
import { dimensionsOf, readNodes, type GraphNode } from './attributes';
import { operations } from './operations';

/** A node of ours while the graph is read: what stands behind it may still become a part of it. */
export type Draft = {
  readonly kind: string;
  readonly source: string;
  params: { readonly [name: string]: Json };
  weights: { readonly [name: string]: FloatTensor };
  readonly from: readonly Draft[];
  shape: Shape;
  /** What the file calls its weights: drafts of one kind with the same ones share them. */
  weightsName?: string;
};

/** What a node of the graph gives: values that are computed, or numbers that stand in the file. */
export type Given = { readonly draft: Draft } | { readonly constant: FloatTensor };

/** One node of the graph, and what an operation may do about it. */
export type OperationUse = {
  readonly node: GraphNode;
  readonly given: readonly Given[];
  /** Whether nothing else reads the values that it reads at a place, so that it may become a part of their layer. */
  isOnlyReader(place: number): boolean;
  /** Values at a place. */
  draft(place: number): Draft;
  /** Numbers at a place. */
  constant(place: number): FloatTensor;
  add(
    kind: string,
    params: { readonly [name: string]: Json | undefined },
    from: readonly Draft[],
    weights?: { readonly [name: string]: FloatTensor },
  ): Draft;
  refuse(why: Text): never;
};

/** Writes an operation as layers. */
export type Operation = (use: OperationUse) => Given;

function known(params: { readonly [name: string]: Json | undefined }): { readonly [name: string]: Json } {
  return Object.fromEntries(Object.entries(params).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** The nodes that give the outputs, each behind what it reads. Without recursion: graphs are long chains. */
function inOrder(nodes: ReadonlyMap<string, GraphNode>, outputs: readonly string[]): readonly GraphNode[] {
  const order: GraphNode[] = [];
  const state = new Map<string, 'begun' | 'done'>();
  const stack = outputs.toReversed().map((name) => ({ name, isBack: false }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { name, isBack } = next;
    const node = nodes.get(name);
    if (node === undefined)
      damaged(
        text(`a node reads “${name.slice(0, 80)}”, which is not there.`, `有节点读取不存在的“${name.slice(0, 80)}”。`),
      );
    if (isBack) {
      state.set(name, 'done');
      order.push(node);
      continue;
    }
    if (state.get(name) === 'done') continue;
    if (state.get(name) === 'begun')
      damaged(text(`“${name.slice(0, 80)}” reads what hangs on itself.`, `“${name.slice(0, 80)}”的输入依赖它自己。`));
    state.set(name, 'begun');
    stack.push({ name, isBack: true }, ...node.inputs.toReversed().map((input) => ({ name: input, isBack: false })));
  }
  return order;
}

/** The names of a graph's outputs: those of its signature, else the nodes that nothing reads. */
function outputsOf(model: JsonRecord, nodes: ReadonlyMap<string, GraphNode>): readonly string[] {
  const signature =
    own(model, 'signature') ??
    (isRecord(own(model, 'userDefinedMetadata'))
      ? own(own(model, 'userDefinedMetadata') as JsonRecord, 'signature')
      : undefined);
  const outputs = isRecord(signature) ? own(signature, 'outputs') : undefined;
  const named = isRecord(outputs)
    ? Object.values(outputs).map((output) => (isRecord(output) ? own(output, 'name') : undefined))
    : [];
  const found = named.filter((name): name is string => typeof name === 'string').map((name) => name.replace(/:0$/, ''));
  if (found.length > 0) return found;
  const read = new Set([...nodes.values()].flatMap(({ inputs }) => inputs));
  const ends = [...nodes.values()].filter(({ name, op }) => !read.has(name) && op !== 'Const' && op !== 'NoOp');
  if (ends.length === 0)
    damaged(
      text('its graph has no end: each node is read by another one.', '其计算图没有终点：每个节点都被其他节点读取。'),
    );
  return ends.map(({ name }) => name);
}

/** Writes a graph of TensorFlow's operations as a network. */
export function convertTfGraph(model: JsonRecord, weights: readonly StoredTensor[]): ConvertedModel {
  const topology = own(model, 'modelTopology');
  const nodes = readNodes(isRecord(topology) ? topology : {});
  const outputs = outputsOf(model, nodes);
  const stored = new Map(weights.map((weight) => [weight.name, weight]));
  const readers = new Map<string, number>();
  for (const { inputs } of nodes.values())
    for (const input of inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  for (const name of outputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  const results = new Map<string, Given>();
  const drafts: Draft[] = [];
  const parts: { readonly source: string; readonly draft: Draft }[] = [];
  const inputs: Draft[] = [];
  for (const node of inOrder(nodes, outputs)) {
    const use = createUse(node, { results, readers, drafts });
    const result = node.op === 'Const' ? constantOf(node, stored) : convertNode(node, use);
    results.set(node.name, result);
    if ('draft' in result) parts.push({ source: node.name, draft: result.draft });
    if (node.op === 'Placeholder' && 'draft' in result) inputs.push(result.draft);
  }
  return foldLayers(
    build({
      model,
      nodes,
      outputs,
      results,
      drafts,
      parts,
      inputs,
      hasWeights: own(model, 'weightsManifest') !== undefined,
    }),
  );
}

function constantOf({ name }: GraphNode, stored: ReadonlyMap<string, StoredTensor>): Given {
  const tensor = stored.get(name);
  if (tensor === undefined)
    damaged(text(`its weight “${name.slice(0, 80)}” is not there.`, `缺少权值“${name.slice(0, 80)}”。`));
  return { constant: tensor.read() };
}

function convertNode(node: GraphNode, use: OperationUse): Given {
  if (node.op === 'Placeholder') {
    const sizes = dimensionsOf(node)?.slice(1) ?? [];
    if (sizes.length !== 1 && sizes.length !== 3) {
      use.refuse(
        text(
          'Inputs here are pictures, [height, width, channels], or lists of values.',
          '这里的输入是图片 [高, 宽, 通道] 或一列数值。',
        ),
      );
    }
    return { draft: use.add('input', { shape: sizes }, []) };
  }
  const operation = Object.hasOwn(operations, node.op) ? operations[node.op] : undefined;
  return operation === undefined
    ? use.refuse(text('There is no such layer here.', '这里没有这样的层。'))
    : operation(use);
}

function createUse(
  node: GraphNode,
  about: {
    readonly results: ReadonlyMap<string, Given>;
    readonly readers: ReadonlyMap<string, number>;
    readonly drafts: Draft[];
  },
): OperationUse {
  const given = node.inputs.map(
    (name) => about.results.get(name) ?? damaged(text(`“${node.name}” reads nothing.`, `“${node.name}”没有输入。`)),
  );
  const refuse = (why: Text): never => unknownLayer(node.name, node.op, why);
  return {
    node,
    given,
    isOnlyReader: (place) => about.readers.get(node.inputs[place] ?? '') === 1,
    draft: (place) => {
      const value = given[place];
      return value !== undefined && 'draft' in value
        ? value.draft
        : refuse(text('It reads numbers in the place of values.', '其输入是固定数而非计算值。'));
    },
    constant: (place) => {
      const value = given[place];
      return value !== undefined && 'constant' in value
        ? value.constant
        : refuse(
            text(
              'What it is told is computed, and not a number of the file.',
              '其参数是计算得到的，而不是文件中的数。',
            ),
          );
    },
    add: (kind, params, from, weights = {}) => {
      const own = known(params);
      const shape = shapeOf(
        node.name,
        kind,
        own,
        from.map((draft) => draft.shape),
      );
      const draft: Draft = { kind, source: node.name, params: own, weights, from, shape };
      const held = node.inputs.filter((_, place) => 'constant' in (given[place] ?? {}));
      if (Object.keys(weights).length > 0 && !areFilled(weights)) draft.weightsName = held.join('\n');
      about.drafts.push(draft);
      return draft;
    },
    refuse,
  };
}

type Built = {
  readonly model: JsonRecord;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly outputs: readonly string[];
  readonly results: ReadonlyMap<string, Given>;
  readonly drafts: readonly Draft[];
  readonly parts: readonly { readonly source: string; readonly draft: Draft }[];
  readonly inputs: readonly Draft[];
  readonly hasWeights: boolean;
};

function build({ outputs, results, drafts, parts, inputs, hasWeights }: Built): ConvertedModel {
  const builder = createNetworkBuilder();
  const ids = new Map<Draft, string>();
  const owners = new Map<string, Draft>();
  for (const draft of drafts) {
    const { kind, params, source, weights } = draft;
    const from = draft.from.map((one) => ids.get(one) ?? '');
    const weightsOf = ids.get(ownerOf(draft, owners));
    const held = weightsOf === undefined ? { weights } : { weightsOf };
    ids.set(draft, builder.add({ kind, params, source, from, ...held }));
  }
  const several = text('Several operations of the file are one layer here.', '文件中的多个运算在这里是一层。');
  for (const { source, draft } of parts) {
    const isOwn = draft.source === source;
    builder.say(source, ids.get(draft) ?? null, isOwn ? 'same' : 'changed', ...(isOwn ? [] : [several]));
  }
  const read = new Set(drafts.flatMap((draft) => draft.from));
  const ends = outputs.flatMap((name): [string, string][] => {
    const result = results.get(name);
    if (result === undefined || !('draft' in result)) return [];
    const id = ids.get(result.draft) ?? '';
    if (!read.has(result.draft)) return [[id, name]];
    const end = builder.add({
      kind: 'activation',
      params: { function: 'linear' },
      source: `${name}_output`,
      from: [id],
    });
    builder.say(
      name,
      end,
      'changed',
      text(
        'The model gives out what other layers go on with: a node behind it stands for that.',
        '模型输出了其他层继续使用的值：由其后的一个节点表示。',
      ),
    );
    return [[end, name]];
  });
  return {
    document: builder.build('graph'),
    weights: hasWeights ? builder.weights : null,
    report: builder.report,
    inputs: new Map(inputs.map((draft) => [ids.get(draft) ?? '', draft.source])),
    outputs: new Map(ends),
    channelsFirst: new Set(),
  };
}
