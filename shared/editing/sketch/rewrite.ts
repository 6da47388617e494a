import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { builtInLayers } from '../../layers';
import type { LayerRegistry } from '../../layers/registry';
import type { NetworkDocument } from '../../schema/document';
import type { Edit } from '../../schema/edits';
import { freshNodeId } from '../../document';
import type { SketchedLayer } from './layer';
import { parseSketch } from './parse';
import { printChain, type SketchedNode } from './print';

/** What becomes of the layers of a chain: each old one stays, changes or goes, each new one is put behind the one before it. */
type Step = { readonly old: SketchedNode | null; readonly layer: SketchedLayer | null };

/** A sketched layer as its node would be printed, to tell what was left as it was. */
function sameLayer({ node }: SketchedNode, { definition, params, label }: SketchedLayer, printed: string): boolean {
  const again = printChain([{ id: node.id, kind: definition.kind, params, ...(label === undefined ? {} : { label }) }]);
  return again.ok && again.value[0]?.item === printed;
}

/** Pairs the layers of a chain with those of a sketch: what is alike at both ends, then what is of one kind, in order. */
function align(old: readonly SketchedNode[], layers: readonly SketchedLayer[]): readonly Step[] {
  const isSame = (a: SketchedNode | undefined, b: SketchedLayer | undefined): boolean =>
    a !== undefined && b !== undefined && sameLayer(a, b, a.item);
  let head = 0;
  while (head < Math.min(old.length, layers.length) && isSame(old[head], layers[head])) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, layers.length) - head && isSame(old.at(-1 - tail), layers.at(-1 - tail)))
    tail += 1;
  const pair = (a: SketchedNode | undefined, b: SketchedLayer | undefined): Step => ({
    old: a ?? null,
    layer: b ?? null,
  });
  const between = [old.slice(head, old.length - tail), layers.slice(head, layers.length - tail)] as const;
  return [
    ...old.slice(0, head).map((one, at) => pair(one, layers[at])),
    ...alignKinds(...between),
    ...old.slice(old.length - tail).map((one, at) => pair(one, layers[layers.length - tail + at])),
  ];
}

/** The longest common run of kinds, by dynamic programming over both lists. */
function alignKinds(old: readonly SketchedNode[], layers: readonly SketchedLayer[]): readonly Step[] {
  const isAlike = (i: number, j: number): boolean => old[i]?.node.kind === layers[j]?.definition.kind;
  const longest = Array.from({ length: old.length + 1 }, () => new Array<number>(layers.length + 1).fill(0));
  const lengthAt = (i: number, j: number): number => longest[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = layers.length - 1; j >= 0; j--) {
      const row = longest[i];
      if (row === undefined) continue;
      row[j] = isAlike(i, j) ? 1 + lengthAt(i + 1, j + 1) : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < layers.length) {
    if (i < old.length && j < layers.length && isAlike(i, j))
      steps.push({ old: old[i++] ?? null, layer: layers[j++] ?? null });
    else if (j >= layers.length || (i < old.length && lengthAt(i + 1, j) >= lengthAt(i, j + 1)))
      steps.push({ old: old[i++] ?? null, layer: null });
    else steps.push({ old: null, layer: layers[j++] ?? null });
  }
  return steps;
}

/** What changes a node into the layer that stands in its place. */
function changeOf({ node, item }: SketchedNode, layer: SketchedLayer): readonly Edit[] {
  const { params, label } = layer;
  if (sameLayer({ node, item }, layer, item)) return [];
  const unset = Object.keys(node.params).filter((name) => !(name in params));
  const isRenamed = (label ?? '') !== (node.label ?? '');
  return [
    { type: 'setParams', id: node.id, params, ...(unset.length === 0 ? {} : { unset }) },
    ...(isRenamed ? [{ type: 'setLabel', id: node.id, label: label ?? null } as const] : []),
  ];
}

/**
 * The edits that make a network the chain of a sketch: layers that stay keep their ids, places and notes, and only what was changed in the
 * sketch is changed. Refused where the network is no chain, or the sketch is none.
 */
export function rewriteEdits(
  document: NetworkDocument,
  source: string,
  registry: LayerRegistry = builtInLayers,
): Result<readonly Edit[]> {
  const old = printChain(document.nodes, document.edges, registry);
  if (!old.ok) return old;
  const parsed = parseSketch(source, registry);
  if (!parsed.ok) return failure(...parsed.diagnostics);
  const taken = new Set<string>();
  const steps = align(old.value, parsed.value);
  let before: string | null = null;
  const kept: Edit[] = [];
  for (const { old: was, layer } of steps) {
    if (was !== null && layer !== null) kept.push(...changeOf(was, layer));
    if (was === null && layer !== null) {
      const id = freshNodeId(document, layer.definition.kind, taken);
      taken.add(id);
      const { label, params } = layer;
      const node = { id, kind: layer.definition.kind, params, ...(label === undefined ? {} : { label }) };
      kept.push(before === null ? { type: 'addNode', node } : { type: 'insertAfter', after: before, node });
      const first = before === null ? old.value[0]?.node.id : undefined;
      if (first !== undefined) kept.push({ type: 'connect', edge: { from: id, to: first } });
      before = id;
      continue;
    }
    before = was?.node.id ?? before;
  }
  // Last, so that what was put behind a layer that goes stands behind the one before it.
  const gone = steps.flatMap(({ old: was, layer }) => (was !== null && layer === null ? [was.node.id] : []));
  return success(gone.length === 0 ? kept : [...kept, { type: 'removeNodes', ids: gone, heal: true }]);
}
