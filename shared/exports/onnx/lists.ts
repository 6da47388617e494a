import type { NetworkAnalysis, NodeAnalysis } from '../../analysis/types';
import { sourcesOf } from '../../compile/lowering';
import type { Shape } from '../../layers/define';
import type { NetworkDocument } from '../../schema/document';

/**
 * The lists that may lie in ONNX's own order, channels first, because only fc kernels read them, which are turned to it; with the
 * shape of the map that each came from. A flatten needs no transpose then.
 */
export function channelsFirstLists(document: NetworkDocument, analysis: NetworkAnalysis): ReadonlyMap<string, Shape> {
  const consumers = new Map<string, string[]>();
  for (const id of analysis.order) {
    for (const source of sourcesOf(document, id)) consumers.set(source, [...(consumers.get(source) ?? []), id]);
  }
  const lists = new Map<string, Shape>();
  const isRead = new Map<string, boolean>();
  for (const id of analysis.order.toReversed()) {
    const readers = (consumers.get(id) ?? []).map((reader) => analysis.nodes.get(reader));
    const isFree = readers.length > 0 && readers.every((node) => node?.kind === 'fc' || passesOn(node, isRead));
    isRead.set(id, isFree);
  }
  for (const id of analysis.order) {
    const node = analysis.nodes.get(id);
    const [shape = null] = node?.inputShapes ?? [];
    if (isRead.get(id) !== true) continue;
    if (node?.kind === 'flatten' && shape?.length === 3) lists.set(id, shape);
    const before = lists.get(sourcesOf(document, id)[0] ?? '');
    if (before !== undefined && changesNoOrder(node)) lists.set(id, before);
  }
  return lists;
}

function passesOn(node: NodeAnalysis | undefined, isRead: ReadonlyMap<string, boolean>): boolean {
  return node !== undefined && changesNoOrder(node) && isRead.get(node.id) === true;
}

/** Treats each value alone and alike, wherever it lies. */
function changesNoOrder(node: NodeAnalysis | undefined): boolean {
  if (node?.kind === 'dropout') return true;
  const name = node?.params?.['function'];
  return node?.kind === 'activation' && name !== 'prelu' && name !== 'softmax' && name !== 'logSoftmax';
}
