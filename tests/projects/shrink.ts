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

function withSide(document: NetworkDocument, side: number): NetworkDocument {
  return {
    ...document,
    nodes: document.nodes.map((node) => {
      const shape = node.params['shape'];
      if (node.kind !== 'input' || !Array.isArray(shape) || shape.length !== 3) return node;
      return { ...node, params: { ...node.params, shape: [side, side, shape[2] ?? 1] } };
    }),
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
