import { analyzeNetwork } from '../../analysis/analyze';
import type { Shape } from '../../layers/define';
import type { Json, NetworkDocument, NetworkNode } from '../../schema/document';
import { text } from '../../text';
import type { ImportLine } from '../report';
import type { ConvertedModel } from './convert';
import { rules } from './rules';

/** A node while a network is folded; `from` are its inputs in order. */
export type FoldNode = {
  readonly id: string;
  kind: string;
  params: { readonly [name: string]: Json };
  from: readonly string[];
};

/** A network that rules rewrite. */
export type FoldGraph = {
  node(id: string | undefined): FoldNode | undefined;
  /** What reads a node. */
  readers(id: string): readonly FoldNode[];
  /** The one input of a node, if it has one and nothing else reads that. */
  source(node: FoldNode | undefined): FoldNode | undefined;
  /** The shape that a node gives in the file, before anything was folded. */
  shape(id: string | undefined): Shape;
  /** Takes a node out: what read it reads its first input, and its part of the file is told to stand in `keeper`. */
  remove(node: FoldNode, keeper: FoldNode): void;
};

/** Rewrites the part of the network that ends at a node; false where it is not what the rule is for. */
export type Rule = (graph: FoldGraph, node: FoldNode) => boolean;

/** Brings parts that stand for one layer of ours together: what formats without such a layer write in several. */
export function foldLayers(model: ConvertedModel): ConvertedModel {
  const nodes = new Map(model.document.nodes.map((node) => [node.id, foldNode(node, model.document)]));
  const readers = new Map<string, Set<FoldNode>>([...nodes.keys()].map((id) => [id, new Set()]));
  for (const node of nodes.values()) for (const id of node.from) readers.get(id)?.add(node);
  const moved = new Map<string, string>();
  let shapes: ReadonlyMap<string, { readonly outputShape: Shape | null }> | null = null;
  const graph: FoldGraph = {
    node: (id) => (id === undefined ? undefined : nodes.get(id)),
    readers: (id) => [...(readers.get(id) ?? [])],
    source: (node) => {
      const [id, ...others] = node?.from ?? [];
      const found = id === undefined ? undefined : nodes.get(id);
      return found !== undefined && others.length === 0 && readers.get(found.id)?.size === 1 ? found : undefined;
    },
    shape: (id) => {
      shapes ??= analyzeNetwork(model.document).nodes;
      return (id === undefined ? null : shapes.get(id)?.outputShape) ?? [];
    },
    remove: (node, keeper) => {
      const [origin] = node.from;
      for (const reader of readers.get(node.id) ?? []) {
        reader.from = reader.from.flatMap((id) => (id === node.id ? (origin ?? []) : id));
        if (origin !== undefined) readers.get(origin)?.add(reader);
      }
      for (const id of node.from) readers.get(id)?.delete(node);
      nodes.delete(node.id);
      readers.delete(node.id);
      moved.set(node.id, keeper.id);
    },
  };
  for (const rule of rules) {
    for (const node of [...nodes.values()]) if (nodes.has(node.id)) rule(graph, node);
  }
  return moved.size === 0 ? model : rebuilt(model, nodes, moved);
}

function foldNode({ id, kind, params }: NetworkNode, { edges }: NetworkDocument): FoldNode {
  const from = edges
    .filter(({ to }) => to === id)
    .toSorted((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0))
    .map((edge) => edge.from);
  return { id, kind, params, from };
}

function rebuilt(
  model: ConvertedModel,
  nodes: ReadonlyMap<string, FoldNode>,
  moved: ReadonlyMap<string, string>,
): ConvertedModel {
  const keeperOf = (id: string): string => {
    const next = moved.get(id);
    return next === undefined ? id : keeperOf(next);
  };
  const kept = [...nodes.values()];
  const owners = new Map(model.document.nodes.map(({ id, weightsOf }) => [id, weightsOf]));
  const why = text('Several layers of the file are one here.', '文件中的多个层在这里是一层。');
  const report = model.report.map((line): ImportLine => {
    if (line.nodeId === null || !moved.has(line.nodeId)) return line;
    return { ...line, nodeId: keeperOf(line.nodeId), status: 'changed', why };
  });
  const renamed = (ends: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
    new Map([...ends].map(([id, name]) => [keeperOf(id), name]));
  return {
    ...model,
    document: {
      ...model.document,
      nodes: kept.map(({ id, kind, params }) => {
        const owner = owners.get(id);
        return { id, kind, params, ...(owner !== undefined && { weightsOf: keeperOf(owner) }) };
      }),
      edges: kept.flatMap(({ id, from }) =>
        from.map((origin, port) => (port === 0 ? { from: origin, to: id } : { from: origin, to: id, toPort: port })),
      ),
    },
    report,
    inputs: renamed(model.inputs),
    outputs: renamed(model.outputs),
    channelsFirst: new Set([...model.channelsFirst].map(keeperOf)),
  };
}
