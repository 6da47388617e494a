import { cannotUngroup, cannotUngroupOwner, notABlock } from '../../diagnostics/catalog/blockEditing';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import {
  bindingOf,
  blockNamed,
  blockNodeParams,
  findBlock,
  isBlockNode,
  readBinding,
  readScope,
} from '../../document/blocks';
import type { Scope } from '../../document/blocks';
import { freeId } from '../../document/ids';
import { inOldestVersion, withoutPlaces } from '../../document/version';
import type {
  BlockDefinition,
  Frame,
  Json,
  NetworkDocument,
  NetworkEdge,
  NetworkNode,
  Position,
} from '../../schema/document';
import { edgePort } from '../connect';
import { renamedNode } from '../../document/sharedWeights';
import { usesOf, withoutBlock } from './definitions';
import { pathAfterUngroup } from './sharing';

/** A document in which a block node has become the nodes that it stood for. */
export type Ungrouped = { readonly document: NetworkDocument; readonly nodeIds: readonly string[] };

/** Null where not everything has a place. */
type Shift = Position | null;

type Params = NetworkNode['params'];

/**
 * Puts the nodes of a block in the place of a node that uses it: one level, each copy of a repeat, with the values of its params. The
 * definition goes where nothing else uses it, as `isUsed` says of a document that is but a part of the network.
 */
export function ungroupNode(
  document: NetworkDocument,
  id: string,
  isUsed: (inlined: NetworkDocument, block: string) => boolean = (inlined, block) => usesOf(inlined, block) > 0,
): Result<Ungrouped> {
  const node = document.nodes.find((one) => one.id === id);
  const name = node !== undefined && isBlockNode(node) ? blockNamed(node) : null;
  const definition = findBlock(document, name);
  if (node === undefined || name === null || definition === undefined) return failure(notABlock(id));
  const scope = readScope(name, definition);
  const repeat = node.params['repeat'] ?? 1;
  const isCount = typeof repeat === 'number' && Number.isSafeInteger(repeat) && repeat >= 1;
  if (scope.output === null || !isCount || (repeat > 1 && scope.ports.length === 0)) {
    return failure(cannotUngroup(id, name));
  }
  const users = document.nodes.filter(({ weightsOf }) => weightsOf === id);
  if (users.length > 0)
    return failure(
      cannotUngroupOwner(
        id,
        users.map((one) => one.id),
      ),
    );
  const copies = copiesOf(document, node, { scope, definition, repeat });
  const at = document.nodes.indexOf(node);
  const outer = document.edges.filter(({ from, to }) => from !== id && to !== id);
  const readers = document.edges
    .filter(({ from, to }) => from === id && to !== id)
    .map((edge) => ({ ...edge, from: copies.output }));
  const frames = [...(document.frames ?? []), ...copies.frames];
  const inlined: NetworkDocument = {
    ...document,
    ...(frames.length > 0 && { frames }),
    nodes: document.nodes.toSpliced(at, 1, ...copies.nodes).map((one) => {
      if (one.weightsOf === undefined) return one;
      return { ...one, weightsOf: pathAfterUngroup(one.weightsOf, { id, repeat }, copies.idIn) };
    }),
    edges: [...outer, ...copies.edges, ...readers],
  };
  return success({
    document: inOldestVersion(isUsed(inlined, name) ? inlined : withoutBlock(inlined, name)),
    nodeIds: copies.nodes.map((one) => one.id),
  });
}

type Use = { readonly scope: Scope; readonly definition: BlockDefinition; readonly repeat: number };

function copiesOf(document: NetworkDocument, node: NetworkNode, { scope, definition, repeat }: Use) {
  const taken = new Set(document.nodes.map(({ id }) => id).filter((id) => id !== node.id));
  const feeds = document.edges.filter(({ to, from }) => to === node.id && from !== node.id);
  const given = new Map(
    Object.entries({ ...definition.params, ...node.params }).filter(([name]) => !blockNodeParams.includes(name)),
  );
  const nodes: NetworkNode[] = [];
  const edges: NetworkEdge[] = [];
  const frames: Frame[] = [];
  const takenFrames = new Set((document.frames ?? []).map(({ id }) => id));
  const idsOf: ReadonlyMap<string, string>[] = [];
  let output = '';
  for (let copy = 0; copy < repeat; copy++) {
    const ids = new Map(scope.nodes.map(({ node: { id } }) => [id, freeId(id, taken)]));
    idsOf.push(ids);
    /** What an id inside stands for outside: a node of this copy, or what feeds a port of it. */
    const sourceOf = (id: string): string | undefined => {
      const port = scope.ports.indexOf(id);
      if (port < 0) return ids.get(id);
      return port === 0 && copy > 0 ? output : feeds.find((edge) => edgePort(edge) === port)?.from;
    };
    const shift = shiftOf(node, definition, copy);
    for (const { node: inner } of scope.nodes) {
      const own = renamedNode(placed(inner, shift), (one) => ids.get(one) ?? one);
      const part = repeat === 1 ? '' : `${copy + 1}/`;
      const weightsOf = own.weightsOf ?? (node.weightsOf && `${node.weightsOf}/${part}${inner.id}`);
      nodes.push({
        ...own,
        params: filled(inner.params, given),
        ...(weightsOf !== undefined && { weightsOf }),
      });
    }
    for (const edge of scope.edges) {
      const from = sourceOf(edge.from);
      const to = ids.get(edge.to);
      if (from !== undefined && to !== undefined) edges.push({ ...led(edge, shift), from, to });
    }
    for (const frame of definition.frames ?? []) {
      if (shift === null) break;
      frames.push({ ...frame, id: freeId(frame.id, takenFrames), position: moved(frame.position, shift) });
    }
    output = ids.get(scope.output ?? '') ?? '';
  }
  const idIn = (copy: number, inner: string): string | undefined => idsOf[copy - 1]?.get(inner);
  return { nodes, edges, frames, output, idIn };
}

/** Params with what the block node gives in place of bindings: values, or its own bindings to the block around it. */
function filled(params: Params, given: ReadonlyMap<string, Json>): Params {
  const entries = Object.entries(params).map(([name, value]): [string, Json] => {
    const raw = bindingOf(value);
    const binding = raw === undefined ? null : readBinding(raw);
    const own = binding === null ? undefined : given.get(binding.param);
    if (binding === null || own === undefined) return [name, value];
    const { times = 1 } = binding;
    if (typeof own === 'number') return [name, own * times];
    const outerRaw = bindingOf(own);
    const outer = outerRaw === undefined ? null : readBinding(outerRaw);
    if (outer === null) return [name, own];
    const factor = (outer.times ?? 1) * times;
    return [name, factor === 1 ? { param: outer.param } : { param: outer.param, times: factor }];
  });
  return Object.fromEntries(entries);
}

/** Distance between a copy and the next, beyond what one covers. */
const gap = 240;

/** How far the drawing of a block is from where it comes to stand: the block node is its corner, and copies stand side by side. */
function shiftOf(node: NetworkNode, definition: BlockDefinition, copy: number): Shift {
  const own = definition.nodes.filter(({ kind }) => kind !== 'port').map(({ position }) => position);
  if (node.position === undefined || own.includes(undefined)) return null;
  const places = own.flatMap((place) => place ?? []);
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const left = Math.min(...xs);
  const width = Math.max(...xs) - left + gap;
  return { x: node.position.x - left + copy * width, y: node.position.y - Math.min(...ys) };
}

function moved({ x, y }: Position, by: Position): Position {
  return { x: x + by.x, y: y + by.y };
}

function placed({ position, ...rest }: NetworkNode, shift: Shift): NetworkNode {
  return position === undefined || shift === null ? rest : { ...rest, position: moved(position, shift) };
}

function led(edge: NetworkEdge, shift: Shift): NetworkEdge {
  if (edge.via === undefined || shift === null) return withoutPlaces(edge);
  return { ...edge, via: edge.via.map((place) => moved(place, shift)) };
}
