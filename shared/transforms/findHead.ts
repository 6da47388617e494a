import type { NetworkAnalysis, NodeAnalysis } from '../analysis/types';
import { transformNoHead, transformNotReady } from '../diagnostics/catalog/transforms';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import type { LayerRole } from '../layers/define';
import { endsMaps, isLinearMap, standsInHead } from '../layers/traits';
import type { NetworkDocument } from '../schema/document';

/**
 * The ways to come from feature maps to one score per class: dense layers, the mean of each map and a dense layer, kernels that cover the
 * map, and a 1×1 conv to one map per class whose mean is the score (Lin, Chen and Yan, arXiv 1312.4400).
 */
export const headKinds = ['fc', 'gap', 'convGap', 'conv'] as const;
export type HeadKind = (typeof headKinds)[number];

/** A classifier head: the chain behind the last feature map. */
export type Head = {
  readonly kind: HeadKind;
  /** The node whose maps the head reads. */
  readonly trunkEnd: string;
  /** In order, first behind `trunkEnd`. */
  readonly nodes: readonly string[];
  /** Those of `nodes` that have weights to learn a map with (fc, or a conv that covers its input). */
  readonly layers: readonly string[];
  /** The last of `layers`: it gives the class scores, or the maps whose means they are. */
  readonly classifier: string;
  readonly classCount: number;
};

/**
 * Whether a conv reads its whole input in one position: kernel as large as the map, no padding, one group. Then its kernel
 * `[h, w, c, filters]` and an FC's `[h·w·c, units]` are the same row-major values.
 */
export function coversInput(node: NodeAnalysis): boolean {
  const [height, width] = node.inputShapes[0] ?? [];
  const output = node.outputShape;
  if (node.definition?.traits.role !== 'convolution' || output?.[0] !== 1 || output[1] !== 1) return false;
  const kernel = node.weights.find((weight) => weight.name === 'kernel')?.shape;
  const isDense = JSON.stringify(node.params?.['groups'] ?? 1) === '1';
  return isDense && kernel?.[0] === height && kernel?.[1] === width && isUnpadded(node);
}

/** 'valid', zeros, or 'same' under a 1×1 kernel. */
function isUnpadded(node: NodeAnalysis): boolean {
  const padding = node.params?.['padding'];
  if (padding === 'valid') return true;
  if (padding === 'same') return node.inputShapes[0]?.[0] === 1 && node.inputShapes[0][1] === 1;
  return (Array.isArray(padding) ? padding : [padding]).every((side) => side === 0);
}

/** Whether one position holds everything: a vector, or a 1×1 map. */
function isOnePosition(node: NodeAnalysis): boolean {
  const shape = node.outputShape;
  if (shape === null) return endsMaps(node.definition);
  return shape.length === 1 || (shape[0] === 1 && shape[1] === 1);
}

/** A conv that looks at one place at a time and mixes all channels. */
function isPerPosition(node: NodeAnalysis | undefined): boolean {
  const kernel = node?.weights.find((weight) => weight.name === 'kernel')?.shape;
  return (
    node?.definition?.traits.role === 'convolution' &&
    kernel?.[0] === 1 &&
    kernel[1] === 1 &&
    JSON.stringify(node.params?.['groups'] ?? 1) === '1'
  );
}

/**
 * What makes class maps in front of a global pool that ends the network: a 1×1 conv and what works on each value behind it, in order. Empty
 * where there is none; `from` is the node that the pool reads.
 */
function classMaps(document: NetworkDocument, analysis: NetworkAnalysis, from: string): readonly string[] {
  const nodes: string[] = [];
  for (let current = from; ;) {
    const node = analysis.nodes.get(current);
    const incoming = document.edges.filter((edge) => edge.to === current);
    const source = incoming[0]?.from;
    const consumers = document.edges.filter((edge) => edge.from === current);
    if (node === undefined || source === undefined || incoming.length !== 1 || consumers.length > 1) return [];
    nodes.unshift(current);
    if (isPerPosition(node)) return nodes;
    if (node.definition?.traits.isPointwise !== true) return [];
    current = source;
  }
}

/**
 * Finds the head by walking from the output back to the first node that still has a map. The walk stops at merges and at nodes with
 * several consumers, because a head is a chain.
 */
export function findHead(document: NetworkDocument, analysis: NetworkAnalysis): Result<Head> {
  const [output, second] = analysis.outputs;
  if (output === undefined || second !== undefined) return failure(transformNoHead(null));
  const nodes: string[] = [];
  let current: string = output;
  for (;;) {
    const node = analysis.nodes.get(current);
    const incoming = document.edges.filter((edge) => edge.to === current);
    const source = incoming[0]?.from;
    if (node === undefined || source === undefined || incoming.length !== 1) break;
    if (!standsInHead(node.definition) || !isOnePosition(node)) break;
    if (node.definition?.traits.role === 'convolution' && !coversInput(node)) break;
    nodes.unshift(current);
    current = source;
    if (document.edges.filter((edge) => edge.from === current).length > 1) break;
  }
  const has = (role: LayerRole): boolean =>
    nodes.some((id) => analysis.nodes.get(id)?.definition?.traits.role === role);
  const isPooled = has('globalPooling') && !nodes.some((id) => isLinearMap(analysis.nodes.get(id)?.definition));
  const maps = isPooled ? classMaps(document, analysis, current) : [];
  const [conv] = maps;
  if (conv !== undefined) {
    nodes.unshift(...maps);
    current = document.edges.find((edge) => edge.to === conv)?.from ?? current;
  }
  const layers = nodes.filter((id) => isLinearMap(analysis.nodes.get(id)?.definition));
  const classifier = layers.at(-1);
  const width = classifier === undefined ? undefined : analysis.nodes.get(classifier)?.outputShape?.at(-1);
  if (classifier === undefined || width === undefined || width === null) {
    const failed = [...analysis.nodes.values()].find((node) => node.state === 'failed');
    return failure(failed === undefined ? transformNoHead(output) : transformNotReady(failed.id));
  }
  return success({
    kind: conv !== undefined ? 'convGap' : has('globalPooling') ? 'gap' : has('dense') ? 'fc' : 'conv',
    trunkEnd: current,
    nodes,
    layers,
    classifier,
    classCount: width,
  });
}

/** What a head costs: parameters, multiply-adds and float32 bytes of its outputs for one sample. */
export type HeadCost = {
  readonly trainableParams: number;
  readonly macs: number;
  readonly activationBytes: number;
};

/** Sums the figures of the head's nodes; unknown ones count as 0, as in the network's totals. */
export function headCost(analysis: NetworkAnalysis, head: Pick<Head, 'nodes'>): HeadCost {
  const nodes = head.nodes.flatMap((id) => analysis.nodes.get(id) ?? []);
  const sum = (pick: (node: NodeAnalysis) => number | null): number =>
    nodes.reduce((total, node) => total + (pick(node) ?? 0), 0);
  return {
    trainableParams: sum((node) => node.trainableParams),
    macs: sum((node) => node.macs),
    activationBytes: sum((node) => node.activationBytes),
  };
}
