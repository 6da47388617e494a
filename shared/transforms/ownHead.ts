import { analyzeNetwork } from '../analysis/analyze';
import { findNode } from '../analysis/blocks';
import type { NetworkAnalysis } from '../analysis/types';
import { transformNoOwnHead } from '../diagnostics/catalog/transforms';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import { flatNetwork } from '../document/expand';
import { freeId } from '../document/ids';
import { edgePort } from '../editing/connect';
import { deepEqual } from '../editing/equal';
import type { Shape } from '../layers/define';
import type { KeptBlock, NetworkDocument, NetworkEdge, NetworkNode } from '../schema/document';
import type { Edit } from '../schema/edits';
import { text } from '../text';
import { findHead, type Head } from './findHead';
import { nextInRow, nodeById } from './headParts';
import { planTransform, type TransformPlan } from './plan';

/** A head that somebody drew: a network whose head is taken, or that is all head. */
export type OwnHead = { readonly name: string; readonly document: NetworkDocument };

/** A trunk under a head of one's own; `nodes` are the head's. */
export type GraftedHead = { readonly plan: TransformPlan; readonly nodes: readonly string[] };

/** What of a network becomes the head: these nodes of it, and the node that stands for the trunk's end. */
type Scion = { readonly nodes: readonly string[]; readonly stem: string; readonly classifier: string | null };

/** A network whose one input has the very shape of the trunk's maps is all head; of any other it is what stands behind its maps. */
function scionOf(flat: NetworkDocument, analysis: NetworkAnalysis, trunk: Shape | null): Scion | null {
  const head = findHead(flat, analysis);
  const classifier = head.ok ? head.value.classifier : null;
  const [input, second] = analysis.inputs;
  const isAllHead = second === undefined && deepEqual(findNode(analysis, input ?? '')?.outputShape, trunk);
  if (input !== undefined && isAllHead) {
    const nodes = analysis.order.filter((id) => id !== input);
    return nodes.length === 0 ? null : { nodes, stem: input, classifier };
  }
  return head.ok ? { nodes: head.value.nodes, stem: head.value.trunkEnd, classifier } : null;
}

/** The node with as many scores as the trunk's network has classes. */
function withClasses(node: NetworkNode, role: string | undefined, classCount: number): NetworkNode {
  const name = role === 'dense' ? 'units' : 'filters';
  return { ...node, params: { ...node.params, [name]: classCount } };
}

/**
 * Puts the head of another network in the place of this one's. It gets this network's count of classes, ids that are free here, and
 * weights that begin anew; blocks in it come as the layers that they stand for.
 */
export function graftHead(document: NetworkDocument, analysis: NetworkAnalysis, own: OwnHead): Result<GraftedHead> {
  const found = findHead(document, analysis);
  if (!found.ok) return found;
  const head = found.value;
  const flat = flatNetwork(own.document);
  const donor = analyzeNetwork(flat, undefined, analysis.layers);
  const scion = scionOf(flat, donor, findNode(analysis, head.trunkEnd)?.outputShape ?? null);
  if (scion === null) return failure(transformNoOwnHead(own.name));
  const taken = new Set(document.nodes.map(({ id }) => id));
  const ids = new Map(scion.nodes.map((id) => [id, freeId(id.replaceAll('/', '-'), taken)]));
  const edits: Edit[] = [{ type: 'removeNodes', ids: head.nodes }];
  for (const [index, id] of scion.nodes.entries()) {
    const node = nodeById(flat, id);
    if (node === undefined) continue;
    const role = donor.nodes.get(id)?.definition?.traits.role;
    const counted = id === scion.classifier ? withClasses(node, role, head.classCount) : node;
    edits.push({ type: 'addNode', node: placed({ ...counted, id: ids.get(id) ?? id }, document, head, index) });
  }
  for (const edge of flat.edges) {
    const to = ids.get(edge.to);
    const from = edge.from === scion.stem ? head.trunkEnd : ids.get(edge.from);
    if (to !== undefined && from !== undefined) edits.push({ type: 'connect', edge: wire(from, to, edgePort(edge)) });
  }
  const title = text(`Switch the head to that of ${own.name}`, `将分类头换成 ${own.name} 的`);
  const plan = planTransform(document, analysis, edits, title, { equivalent: false });
  return plan.ok ? success({ plan: plan.value, nodes: [...ids.values()] }) : plan;
}

function wire(from: string, to: string, toPort: number): NetworkEdge {
  return toPort === 0 ? { from, to } : { from, to, toPort };
}

/** In a row from where the head began. */
function placed(node: NetworkNode, document: NetworkDocument, head: Head, index: number): NetworkNode {
  const { position: _, label: __, ...bare } = node;
  const start = head.nodes.flatMap((id) => nodeById(document, id)?.position ?? [])[0];
  const label = node.label === undefined ? {} : { label: node.label };
  if (start === undefined) return { ...bare, ...label };
  return { ...bare, ...label, position: { x: start.x + index * nextInRow, y: start.y } };
}

/**
 * A block as a head for this trunk: it reads the maps, and where it does not give one score per class, one FC behind it does. Null for a
 * block with several inputs.
 */
export function blockAsHead(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  { name, blocks }: KeptBlock,
): OwnHead | null {
  const head = findHead(document, analysis);
  const shape = head.ok ? findNode(analysis, head.value.trunkEnd)?.outputShape : null;
  if (!head.ok || shape == null) return null;
  const alone: NetworkDocument = {
    format: 'convloom.network',
    version: 2,
    name,
    blocks,
    nodes: [
      { id: 'maps', kind: 'input', params: { shape } },
      { id: name, kind: 'block', params: { block: name } },
    ],
    edges: [{ from: 'maps', to: name }],
  };
  const seen = analyzeNetwork(alone, undefined, analysis.layers);
  const [output, second] = seen.outputs;
  if (!seen.ok || output === undefined || second !== undefined) return null;
  if (deepEqual(seen.nodes.get(output)?.outputShape, [head.value.classCount])) return { name, document: alone };
  return {
    name,
    document: {
      ...alone,
      nodes: [...alone.nodes, { id: 'scores', kind: 'fc', params: { units: head.value.classCount } }],
      edges: [...alone.edges, { from: name, to: 'scores' }],
    },
  };
}
