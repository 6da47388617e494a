import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { Json, NetworkDocument, NetworkNode } from '../../shared/schema/document';

type Params = { readonly [name: string]: Json };

const widths = ['filters', 'units'];

/** The params of blocks that a width is read from. */
function widthParams(document: NetworkDocument): ReadonlySet<string> {
  const names = new Set<string>();
  const read = (nodes: readonly NetworkNode[]): void => {
    for (const { params } of nodes) {
      for (const [name, value] of Object.entries(params)) {
        const isWidth = widths.includes(name) || names.has(name);
        if (!isWidth || typeof value !== 'object' || value === null || !('param' in value)) continue;
        if (typeof value['param'] === 'string') names.add(value['param']);
      }
    }
  };
  const all = [document.nodes, ...Object.values(document.blocks ?? {}).map(({ nodes }) => nodes)];
  // A block in a block in a block hands a width on through as many names.
  for (let depth = 0; depth < 4; depth += 1) all.forEach(read);
  return names;
}

/** A gate of one channel stays one. */
function narrowWidth(width: number, share: number): number {
  return width <= 8 ? width : Math.max(6, Math.ceil(width / share));
}

function narrowed(document: NetworkDocument, share: number): NetworkDocument {
  const names = new Set([...widths, ...widthParams(document)]);
  const scale = (params: Params): Params =>
    Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        names.has(name) && typeof value === 'number' ? narrowWidth(value, share) : value,
      ]),
    );
  const scaleNodes = (nodes: readonly NetworkNode[]): NetworkNode[] =>
    nodes.map((node) => ({ ...node, params: scale(node.params) }));
  const blocks = Object.entries(document.blocks ?? {}).map(([name, block]) => [
    name,
    { ...block, params: scale(block.params), nodes: scaleNodes(block.nodes) },
  ]);
  return {
    ...document,
    nodes: scaleNodes(document.nodes),
    ...(blocks.length === 0 ? {} : { blocks: Object.fromEntries(blocks) as NonNullable<NetworkDocument['blocks']> }),
  };
}

/** Of pictures of another side; maps that are resized to a size of their own keep their share of the picture. */
function withSide(document: NetworkDocument, side: number): NetworkDocument {
  const shapes = document.nodes.flatMap(({ kind, params: { shape } }) => (kind === 'input' ? [shape] : []));
  const [whole] = Array.isArray(shapes[0]) && typeof shapes[0][0] === 'number' ? [shapes[0][0]] : [side];
  const resized = (params: Params): Params => {
    const { size } = params;
    return typeof size === 'number' ? { ...params, size: Math.max(1, Math.round((size * side) / whole)) } : params;
  };
  const sized = (node: NetworkNode): NetworkNode => {
    const { shape } = node.params;
    if (node.kind === 'input' && Array.isArray(shape) && shape.length === 3)
      return { ...node, params: { ...node.params, shape: [side, side, shape[2] ?? 1] } };
    return node.kind === 'upsample' ? { ...node, params: resized(node.params) } : node;
  };
  const blocks = Object.entries(document.blocks ?? {}).map(([name, block]) => [
    name,
    { ...block, params: resized(block.params), nodes: block.nodes.map(sized) },
  ]);
  return {
    ...document,
    nodes: document.nodes.map(sized),
    ...(blocks.length === 0 ? {} : { blocks: Object.fromEntries(blocks) as NonNullable<NetworkDocument['blocks']> }),
  };
}

/** The same layers in the same order for pictures as small, and with layers as narrow, as the network bears: a step takes seconds. */
export function shrink(document: NetworkDocument): NetworkDocument {
  const { inputs, totals, ok } = analyzeNetwork(document);
  if (ok && totals.macs < 20_000_000) return document;
  const sizes = inputs.length === 1 ? [32, 48, 64, 76, 96, 128, 192, 224, 299] : [];
  for (const share of [16, 8, 4, 2, 1]) {
    const narrow = narrowed(document, share);
    for (const side of sizes) {
      const small = withSide(narrow, side);
      if (analyzeNetwork(small).ok) return small;
    }
    if (analyzeNetwork(narrow).ok) return narrow;
  }
  return document;
}
