import { cannotBypass, duplicateId, emptyId, noSuchPort, unknownEdge, unknownNode } from '../diagnostics/catalog/graph';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import { builtInLayers } from '../layers';
import type { LayerRegistry } from '../layers/registry';
import { canBypass, isInput } from '../layers/traits';
import { canConnect, isSameEdge } from './connect';
import { withoutPlaces } from '../document/version';
import { unshared, withoutOwners } from '../document/sharedWeights';
import { addFrame, removeFrames, setFrames } from './frames';
import { inSecondVersion } from './secondVersion';
import type { NetworkDocument, NetworkEdge, NetworkNode } from '../schema/document';
import type { Edit } from '../schema/edits';
import { text } from '../text';

type EditOf<T extends Edit['type']> = Extract<Edit, { type: T }>;
type Changed = Result<NetworkDocument>;

/**
 * Applies edits in order, all or nothing: the first that cannot be applied gives its reasons, and the document that was passed in
 * is never changed. Whatever an edit does not touch keeps its identity, so that analysis and canvas can tell by `===`.
 */
export function applyEdits(
  document: NetworkDocument,
  edits: readonly Edit[],
  layers: LayerRegistry = builtInLayers,
): Changed {
  let current = document;
  for (const edit of edits) {
    const next = applyEdit(current, edit, layers);
    if (!next.ok) return next;
    current = next.value;
  }
  return success(current);
}

function applyEdit(document: NetworkDocument, edit: Edit, layers: LayerRegistry): Changed {
  switch (edit.type) {
    case 'addNode':
      return addNode(document, edit.node);
    case 'removeNodes':
      return removeNodes(document, edit);
    case 'setParams':
      return changeNode(document, edit.id, (node) => {
        const kept = Object.entries(node.params).filter(([name]) => edit.unset?.includes(name) !== true);
        return { ...node, params: { ...Object.fromEntries(kept), ...edit.params } };
      });
    case 'setKind':
      return setKind(document, edit);
    case 'setLabel':
      return changeNode(document, edit.id, (node) => withText(node, 'label', edit.label));
    case 'setNote':
      return changeNode(document, edit.id, (node) => withText(node, 'note', edit.note));
    case 'setBypass':
      return setBypass(document, edit, layers);
    case 'setWeightsOf':
      return setWeightsOf(document, edit);
    case 'setPinned':
      return setPinned(document, edit);
    case 'moveNodes':
      return moveNodes(document, edit);
    case 'connect':
      return connect(document, edit.edge, layers);
    case 'disconnect':
      return disconnect(document, edit.edge);
    case 'insertOnEdge':
      return insertOnEdge(document, edit, layers);
    case 'insertAfter':
      return insertAfter(document, edit, layers);
    case 'leadEdge':
      return leadEdge(document, edit);
    case 'addFrame':
      return addFrame(document, edit.frame);
    case 'removeFrames':
      return removeFrames(document, edit.ids);
    case 'setFrames':
      return setFrames(document, edit.frames);
    case 'renameNetwork':
      return success({ ...document, name: edit.name });
    case 'setTraining':
      return success(setTraining(document, edit));
    case 'replaceDocument':
      return success(edit.document);
  }
}

/** The settings that an edit names; every other one stays. */
function setTraining(document: NetworkDocument, { train: change, unset = [] }: EditOf<'setTraining'>): NetworkDocument {
  const { train: before, ...rest } = document;
  const kept = Object.entries({ ...before, ...change }).filter(([name]) => !unset.some((one) => one === name));
  return kept.length === 0 ? rest : { ...rest, train: Object.fromEntries(kept) };
}

function addNode(document: NetworkDocument, node: NetworkNode): Changed {
  if (node.id === '') return failure(emptyId());
  if (document.nodes.some(({ id }) => id === node.id)) return failure(duplicateId(node.id, null));
  return success({ ...document, nodes: [...document.nodes, node] });
}

function changeNode(document: NetworkDocument, id: string, change: (node: NetworkNode) => NetworkNode): Changed {
  const at = document.nodes.findIndex((node) => node.id === id);
  const node = document.nodes[at];
  if (node === undefined) return failure(unknownNode(id));
  return success({ ...document, nodes: document.nodes.with(at, change(node)) });
}

function withText(node: NetworkNode, field: 'label' | 'note', value: string | null): NetworkNode {
  if (value !== null) return { ...node, [field]: value };
  const { [field]: _dropped, ...rest } = node;
  return rest;
}

function setBypass(document: NetworkDocument, edit: EditOf<'setBypass'>, layers: LayerRegistry): Changed {
  if (!edit.bypass) {
    return changeNode(document, edit.id, ({ bypass: _used, ...node }) => node);
  }
  const wires = document.edges.filter(({ to }) => to === edit.id).length;
  const kind = document.nodes.find(({ id }) => id === edit.id)?.kind ?? '';
  const definition = layers.find(kind);
  if (wires > 1 || !canBypass(definition)) {
    return failure(cannotBypass(edit.id, definition?.label ?? text(kind, kind), wires));
  }
  return changeNode(document, edit.id, (node) => ({ ...node, bypass: true }));
}

/** Another kind has other weights: those of the former one are handed on. */
function setKind(document: NetworkDocument, { id, kind, params }: EditOf<'setKind'>): Changed {
  const node = document.nodes.find((one) => one.id === id);
  if (node === undefined || node.kind === kind) return changeNode(document, id, (one) => ({ ...one, kind, params }));
  const others = new Map(withoutOwners(document.nodes, new Set([id])).map((one) => [one.id, one]));
  const nodes = document.nodes.map((one) =>
    one === node ? { ...unshared(node), kind, params } : (others.get(one.id) ?? one),
  );
  return success({ ...document, nodes });
}

/** Whether the weights fit is the analyser's to say. */
function setWeightsOf(document: NetworkDocument, { id, weightsOf }: EditOf<'setWeightsOf'>): Changed {
  return changeNode(document, id, (node) => (weightsOf === null ? unshared(node) : { ...node, weightsOf }));
}

function setPinned(document: NetworkDocument, { ids, pinned }: EditOf<'setPinned'>): Changed {
  let changed: Changed = success(document);
  for (const id of ids) {
    if (!changed.ok) return changed;
    changed = changeNode(changed.value, id, ({ pinned: _was, ...node }) => (pinned ? { ...node, pinned } : node));
  }
  return changed;
}

function moveNodes(document: NetworkDocument, edit: EditOf<'moveNodes'>): Changed {
  const positions = new Map(Object.entries(edit.positions));
  const known = new Set(document.nodes.map(({ id }) => id));
  for (const id of positions.keys()) if (!known.has(id)) return failure(unknownNode(id));
  const nodes = document.nodes.map((node) => {
    const position = positions.get(node.id);
    return position === undefined ? node : { ...node, position };
  });
  return success({ ...document, nodes });
}

function removeNodes(document: NetworkDocument, edit: EditOf<'removeNodes'>): Changed {
  const known = new Set(document.nodes.map(({ id }) => id));
  for (const id of edit.ids) if (!known.has(id)) return failure(unknownNode(id));
  let edges = document.edges;
  for (const id of edit.ids) edges = edit.heal === true ? bridge(edges, id) : without(edges, id);
  const gone = new Set(edit.ids);
  const nodes = withoutOwners(document.nodes, gone);
  return success({ ...document, nodes, edges: edges.length === document.edges.length ? document.edges : edges });
}

function without(edges: readonly NetworkEdge[], id: string): readonly NetworkEdge[] {
  return edges.filter((edge) => edge.from !== id && edge.to !== id);
}

/** The wires without a node, its one source now feeding its consumers. */
function bridge(edges: readonly NetworkEdge[], id: string): readonly NetworkEdge[] {
  const incoming = edges.filter((edge) => edge.to === id && edge.from !== id);
  const [only] = incoming;
  if (only === undefined || incoming.length > 1) return without(edges, id);
  return edges.flatMap((edge) => {
    if (edge.to === id) return [];
    return edge.from === id ? [{ ...edge, from: only.from }] : [edge];
  });
}

function connect(document: NetworkDocument, edge: NetworkEdge, layers: LayerRegistry): Changed {
  const allowed = canConnect(document, edge, undefined, layers);
  return allowed.ok ? success({ ...document, edges: [...document.edges, edge] }) : allowed;
}

function disconnect(document: NetworkDocument, edge: NetworkEdge): Changed {
  // Only the first of equals: with two wires in one port, taking one away is the mend.
  const at = document.edges.findIndex((other) => isSameEdge(other, edge));
  if (at < 0) return failure(unknownEdge(edge));
  return success({ ...document, edges: document.edges.toSpliced(at, 1) });
}

function leadEdge(document: NetworkDocument, { edge, via }: EditOf<'leadEdge'>): Changed {
  const led = via.length === 0 ? document : inSecondVersion(document);
  const at = document.edges.findIndex((other) => isSameEdge(other, edge));
  const known = led.edges[at];
  if (known === undefined) return failure(unknownEdge(edge));
  const changed = via.length === 0 ? withoutPlaces(known) : { ...known, via };
  return success({ ...led, edges: led.edges.with(at, changed) });
}

function insertOnEdge(document: NetworkDocument, edit: EditOf<'insertOnEdge'>, layers: LayerRegistry): Changed {
  const at = document.edges.findIndex((edge) => isSameEdge(edge, edit.edge));
  const edge = document.edges[at];
  if (edge === undefined) return failure(unknownEdge(edit.edge));
  const refused = refuseInput(edit.node, layers);
  if (refused !== null) return refused;
  const added = addNode(document, edit.node);
  if (!added.ok) return added;
  const edges = document.edges.toSpliced(
    at,
    1,
    { from: edge.from, to: edit.node.id },
    { ...withoutPlaces(edge), from: edit.node.id },
  );
  return success({ ...added.value, edges });
}

function insertAfter(document: NetworkDocument, edit: EditOf<'insertAfter'>, layers: LayerRegistry): Changed {
  if (!document.nodes.some(({ id }) => id === edit.after)) return failure(unknownNode(edit.after));
  const refused = refuseInput(edit.node, layers);
  if (refused !== null) return refused;
  const added = addNode(document, edit.node);
  if (!added.ok) return added;
  const moved = document.edges.map((edge) => (edge.from === edit.after ? { ...edge, from: edit.node.id } : edge));
  return success({ ...added.value, edges: [...moved, { from: edit.after, to: edit.node.id }] });
}

/** A node without input ports cannot stand in a wire. */
function refuseInput(node: NetworkNode, layers: LayerRegistry): Changed | null {
  const definition = layers.find(node.kind);
  if (definition === undefined || !isInput(definition)) return null;
  return failure(noSuchPort(node.id, 0, definition.label, 0));
}
