import { inMoreCopies } from '../diagnostics/catalog/blocks';
import type { Diagnostic } from '../diagnostics/diagnostic';
import type { BlockInstance, Expansion, Origin } from '../document/expansion';
import type { Shape } from '../layers/define';
import type { BlockAnalysis, NetworkAnalysis, NodeAnalysis } from './types';

/** The block nodes of a network, each as one. Linear in the nodes times how deep they nest. */
export function summarizeBlocks(
  { source, document, instances }: Expansion,
  nodes: ReadonlyMap<string, NodeAnalysis>,
): ReadonlyMap<string, BlockAnalysis> {
  const outputs = new Map(instances.map(({ id, output }) => [id, output]));
  const shapeOf = (id: string): Shape | null => nodes.get(outputs.get(id) ?? id)?.outputShape ?? null;
  const fed = new Map<string, (Shape | null)[]>();
  for (const { from, to, toPort = 0 } of instances.length === 0 ? [] : source.edges) {
    if (!outputs.has(to)) continue;
    const shapes = fed.get(to) ?? [];
    while (shapes.length < toPort && shapes.length < mostPorts) shapes.push(null);
    if (toPort < mostPorts) shapes[toPort] = shapeOf(from);
    fed.set(to, shapes);
  }
  return new Map(
    instances.map((instance) => {
      const inside = document.nodes.slice(instance.from, instance.to).flatMap(({ id }) => nodes.get(id) ?? []);
      return [instance.id, summarize(instance, inside, nodes.get(instance.output), fed.get(instance.id) ?? [])];
    }),
  );
}

/** A broken file may name any port; no more are told apart. */
const mostPorts = 64;

function summarize(
  { id, block, repeat }: BlockInstance,
  inside: readonly NodeAnalysis[],
  output: NodeAnalysis | undefined,
  inputShapes: readonly (Shape | null)[],
): BlockAnalysis {
  const sum = (pick: (node: NodeAnalysis) => number | null): number | null => {
    let total = 0;
    for (const node of inside) {
      const value = pick(node);
      if (value === null) return null;
      total += value;
    }
    return total;
  };
  const hasFailed = inside.some(({ state }) => state === 'failed');
  return {
    id,
    block,
    repeat,
    kind: 'block',
    state: hasFailed ? 'failed' : inside.every(({ state }) => state === 'ok') ? 'ok' : 'blocked',
    definition: null,
    params: null,
    inputShapes,
    outputShape: output?.outputShape ?? null,
    knownShape: output?.knownShape ?? null,
    weights: [],
    paramCount: sum((node) => node.paramCount),
    trainableParams: sum((node) => node.trainableParams),
    macs: sum((node) => node.macs),
    activationBytes: sum((node) => node.activationBytes),
    receptiveField: output?.receptiveField ?? null,
    basis: null,
    nodeCount: inside.length,
  };
}

/** A block drawn as one node; undefined for a layer. */
export function asBlock(node: NodeAnalysis | undefined): BlockAnalysis | undefined {
  return node !== undefined && 'nodeCount' in node ? (node as BlockAnalysis) : undefined;
}

/** What is known of a node as it is drawn: a layer, a block as one, or what flows through a bypassed node. */
export function findNode(analysis: NetworkAnalysis, id: string): NodeAnalysis | undefined {
  return analysis.nodes.get(id) ?? analysis.blocks.get(id) ?? analysis.bypassed.get(id);
}

/** The node of the document itself that a flat node is drawn as: itself, or the block node that it is in. */
export function drawnAs({ blocks }: NetworkAnalysis, id: string): string {
  if (blocks.size === 0) return id;
  for (let at = id.indexOf('/'); at >= 0; at = id.indexOf('/', at + 1)) {
    if (blocks.has(id.slice(0, at))) return id.slice(0, at);
  }
  return id;
}

/** The number that a path within a block begins with; NaN where it begins with none. */
function copyNumber(path: string): number {
  return Number(/^\d+(?=\/)/.exec(path)?.[0]);
}

/** An id as the copy that `nodeId` is in sees it: within the innermost block that holds both, copies counted from its own. */
function idInCopy(id: string, nodeId: string, { inside }: Origin): string {
  const shared = inside.findLast((block) => id.startsWith(`${block}/`));
  if (shared === undefined) return id;
  const path = id.slice(shared.length + 1);
  const copiesBehind = copyNumber(path) - copyNumber(nodeId.slice(shared.length + 1));
  // Of a block that does not repeat there is one copy, without a number.
  return Number.isNaN(copiesBehind) ? path : `${copiesBehind}${path.slice(path.indexOf('/'))}`;
}

/** What is said of a node in words that are the same in each copy: ids differ, its own and those of its neighbours. */
function wordsInCopy(words: string, nodeId: string, origin: Origin): string {
  const prefix = nodeId.slice(0, nodeId.lastIndexOf('/') + 1);
  return words.replace(/“([^”]*)”/g, (_, id: string) => `“${idInCopy(id, nodeId, origin)}”`).replaceAll(prefix, '');
}

/** Tells once what is wrong in the same words with several copies of a block's node, with how many more there are. */
export function groupCopies(findings: readonly Diagnostic[], { origins }: Expansion): readonly Diagnostic[] {
  if (origins.size === 0) return findings;
  const kept: { readonly finding: Diagnostic; readonly block: string | null; copies: number }[] = [];
  const known = new Map<string, number>();
  for (const finding of findings) {
    const { nodeId } = finding.at;
    const origin = nodeId === undefined ? undefined : origins.get(nodeId);
    if (nodeId === undefined || origin?.block == null) {
      kept.push({ finding, block: null, copies: 0 });
      continue;
    }
    const words = wordsInCopy(finding.summary.en, nodeId, origin);
    const key = [finding.code, origin.block, origin.index, finding.at.port, finding.at.param, words].join('\n');
    const at = known.get(key);
    const first = at === undefined ? undefined : kept[at];
    if (first === undefined) {
      known.set(key, kept.length);
      kept.push({ finding, block: origin.block, copies: 0 });
    } else first.copies += 1;
  }
  return kept.map(({ finding, block, copies }) =>
    block === null || copies === 0 ? finding : inMoreCopies(finding, block, copies),
  );
}
