import type { OpFunction, OpNode } from './graph';
import { elementsPerSample } from './inference';
import { updateValues } from './prune';

/** Bytes of a value in a batch of this size. */
export function bytesOf({ shape, dtype }: OpNode, batch: number): number {
  const perSample = elementsPerSample(shape) * (dtype === 'uint8' ? 1 : 4);
  return shape[0] === 'batch' ? perSample * batch : perSample;
}

/** Values that are there before the run and after it: nothing is gained by letting them go. */
export function isLeaf({ op }: OpNode): boolean {
  return op === 'input' || op === 'variable' || op === 'constant';
}

/** The same bytes under another name. */
function isView({ op }: OpNode): boolean {
  return op === 'reshape' || op === 'after';
}

const inPlaceOps: ReadonlySet<string> = new Set<OpNode['op']>([
  ...(['neg', 'exp', 'log', 'sqrt', 'square', 'abs', 'sign', 'step', 'relu', 'sigmoid', 'tanh'] as const),
  ...(['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'greaterEqual', 'equal', 'select'] as const),
]);

/** For each value the one whose bytes it shows: itself but for views. */
export function rootsOf(nodes: readonly OpNode[]): readonly number[] {
  const roots: number[] = [];
  nodes.forEach((node, id) => roots.push(isView(node) ? (roots[node.inputs[0] ?? id] ?? id) : id));
  return roots;
}

/**
 * The most bytes that the values of a function take at once, its nodes computed in order and each value let go after its last use; an
 * elementwise op writes over an input that nothing else needs. An estimate from below: engines add working memory of their own.
 */
export function peakBytes(definition: Pick<OpFunction, 'nodes' | 'outputs' | 'updates'>, batch: number): number {
  const { nodes, outputs, updates } = definition;
  const roots = rootsOf(nodes);
  const lastUses = nodes.map((_, id) => id);
  nodes.forEach((node, id) => {
    for (const input of [id, ...node.inputs]) lastUses[roots[input] ?? input] = id;
  });
  for (const id of [...Object.values(outputs), ...updates.flatMap(updateValues)]) lastUses[roots[id] ?? id] = Infinity;
  let live = 0;
  let peak = 0;
  nodes.forEach((node, id) => {
    const isOwn = roots[id] === id;
    const bytes = isOwn ? bytesOf(node, batch) : 0;
    live += bytes;
    const dying = [...new Set(node.inputs.map((input) => roots[input] ?? input))].filter(
      (root) => lastUses[root] === id && !isLeaf(nodes[root] ?? node),
    );
    const sizes = dying.map((root) => bytesOf(nodes[root] ?? node, batch));
    const isInPlace = inPlaceOps.has(node.op) && sizes.includes(bytes);
    peak = Math.max(peak, isInPlace ? live - bytes : live);
    live -= sizes.reduce((sum, size) => sum + size, 0);
    if (isOwn && lastUses[id] === id && !isLeaf(node)) live -= bytes;
  });
  return peak;
}
