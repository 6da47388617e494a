import type { Diagnostic, Fix } from '../diagnostics/diagnostic';
import {
  bindingOf,
  blockNamed,
  findBlock,
  isBlockNode,
  isPort,
  readScope,
  withBoundValues,
  type Scope,
} from '../document/blocks';
import { expand } from '../document/expand';
import type { BlockInstance } from '../document/expansion';
import { edgePort } from '../editing/connect';
import type { Shape } from '../layers/define';
import type { BlockDefinition, Json, NetworkDocument, NetworkNode } from '../schema/document';
import type { Edit } from '../schema/edits';
import { bySeverity } from '../schema/severities';
import { analyzeNetwork } from './analyze';
import { findNode } from './blocks';
import type { NetworkAnalysis, NodeAnalysis } from './types';

/** The way into a block: the node that uses it, and which copy of a repeat, from 1 on. */
export type BlockStep = { readonly nodeId: string; readonly copy: number };

/** The network itself, or the inside of one of its blocks as one node uses it. */
export type Level = {
  /** What is drawn there: of a block its nodes and wires, in a document that has the same blocks, name and settings. */
  readonly document: NetworkDocument;
  /** With what the block gets there: the shapes at its ports, the values of its params. */
  readonly analysis: NetworkAnalysis;
  /** The block that it is the inside of; null for the network itself. */
  readonly block: string | null;
  readonly params: ReadonlyMap<string, Json>;
  readonly portShapes: readonly (Shape | null)[];
};

/** The analysis of a block as a network of its own, behind what is shown of it. */
const closedOf = new WeakMap<NetworkAnalysis, NetworkAnalysis>();

/** The outermost level. */
export function outermostLevel(document: NetworkDocument, analysis: NetworkAnalysis): Level {
  return { document, analysis, block: null, params: new Map(), portShapes: [] };
}

/** Goes into a block node of a level; null where there is none, or no such block. `previous` is what it was before an edit. */
export function enterBlock(outer: Level, { nodeId, copy }: BlockStep, previous?: Level): Level | null {
  const node = outer.document.nodes.find(({ id }) => id === nodeId);
  const block = node !== undefined && isBlockNode(node) ? blockNamed(node) : null;
  const definition = findBlock(outer.document, block);
  if (node === undefined || block === null || definition === undefined) return null;
  const given = withBoundValues(node.params, outer.params);
  const params = new Map(
    Object.keys(definition.params).map((name) => [name, given[name] ?? definition.params[name] ?? null]),
  );
  const { frames: _outer, ...rest } = outer.document;
  const { nodes, edges, frames } = definition;
  const document = { ...rest, nodes, edges, ...(frames !== undefined && { frames }) };
  const scope = readScope(block, definition);
  return blockLevel(document, { block, params, portShapes: shapesAt(outer, nodeId, copy, scope) }, previous);
}

/** The shapes at the ports of a block node; in a later copy the first is what the copy before gives. */
function shapesAt(outer: Level, nodeId: string, copy: number, scope: Scope): readonly (Shape | null)[] {
  const wires = outer.document.edges.filter(({ to }) => to === nodeId);
  return scope.ports.map((_, port) => {
    const source =
      port === 0 && copy > 1
        ? `${nodeId}/${copy - 1}/${scope.output ?? ''}`
        : wires.find((edge) => edgePort(edge) === port)?.from;
    return source === undefined ? null : (findNode(outer.analysis, source)?.outputShape ?? null);
  });
}

type Inside = Pick<Level, 'params' | 'portShapes'> & { readonly block: string };

/** The inside of a block whose nodes and wires are those of `document`. */
export function blockLevel(document: NetworkDocument, inside: Inside, previous?: Level): Level {
  const { block, params, portShapes } = inside;
  const ports = new Map(document.nodes.filter(isPort).map(({ id }, at) => [id, portShapes[at] ?? null]));
  const closed = analyzeNetwork(
    { ...document, version: 2, nodes: document.nodes.map((node) => closedNode(node, ports, params)) },
    previous === undefined ? undefined : closedOf.get(previous.analysis),
  );
  const definition: BlockDefinition = {
    params: findBlock(document, block)?.params ?? {},
    nodes: document.nodes,
    edges: document.edges,
  };
  const own = readScope(block, definition, new Map(Object.entries(definition.params))).findings;
  const found = closed.diagnostics.filter(
    ({ at }) => at.nodeId !== undefined && !ports.has(at.nodeId) && !own.some((other) => isSamePlace(other, at)),
  );
  const analysis: NetworkAnalysis = {
    ...closed,
    nodes: new Map([...closed.nodes].map(([id, node]) => [id, ports.has(id) ? portAnalysis(node) : node])),
    diagnostics: [...own, ...found.map((finding) => opened(finding, document))].sort(bySeverity),
  };
  closedOf.set(analysis, closed);
  return { document, analysis, block, params, portShapes };
}

function isSamePlace({ at }: Diagnostic, { nodeId, param }: Diagnostic['at']): boolean {
  return at.nodeId === nodeId && at.param !== undefined && at.param === param;
}

/** A node as it is in one use of its block: a port gives what is wired to it, a binding is its value. */
function closedNode(
  node: NetworkNode,
  ports: ReadonlyMap<string, Shape | null>,
  params: ReadonlyMap<string, Json>,
): NetworkNode {
  const shape = ports.get(node.id);
  if (shape !== undefined) return { id: node.id, kind: 'input', params: shape === null ? {} : { shape } };
  const bound = withBoundValues(node.params, params);
  return bound === node.params ? node : { ...node, params: bound };
}

function portAnalysis(node: NodeAnalysis): NodeAnalysis {
  const isKnown = node.outputShape !== null;
  return { ...node, kind: 'port', state: isKnown ? 'ok' : 'blocked', definition: null, params: null, basis: null };
}

/** A finding of the closed network with fixes for what is drawn. They are worked out when they are first read. */
function opened(finding: Diagnostic, document: NetworkDocument): Diagnostic {
  const { code, severity, at, summary, why, related, lesson } = finding;
  return {
    code,
    severity,
    at,
    summary,
    ...(why === undefined ? {} : { why }),
    ...(related === undefined ? {} : { related }),
    ...(lesson === undefined ? {} : { lesson }),
    get fixes() {
      return finding.fixes.flatMap((fix) => openedFix(fix, document) ?? []);
    },
  };
}

/** A fix without its effect on the closed network; null where it would change a port, or what follows a param of the block. */
function openedFix({ title, edits }: Fix, document: NetworkDocument): Fix | null {
  const lifted: Edit[] = [];
  for (const edit of edits) {
    if (edit.type === 'replaceDocument') {
      const { blocks = {} } = edit.document;
      lifted.push({ type: 'replaceDocument', document: { ...document, blocks } });
      continue;
    }
    if (edit.type === 'setParams' || edit.type === 'setKind') {
      const node = document.nodes.find(({ id }) => id === edit.id);
      const names =
        edit.type === 'setKind'
          ? Object.keys(node?.params ?? {})
          : [...Object.keys(edit.params), ...(edit.unset ?? [])];
      if (node === undefined || isPort(node) || names.some((name) => bindingOf(node.params[name]) !== undefined))
        return null;
    }
    lifted.push(edit);
  }
  return { title, edits: lifted };
}

/** The document whose block has become what is drawn at a level. */
export function leaveBlock(outer: NetworkDocument, block: string, inside: NetworkDocument): NetworkDocument {
  const { nodes, edges, frames, blocks = {}, ...rest } = inside;
  const params = findBlock(inside, block)?.params ?? {};
  const definition = { params, nodes, edges, ...(frames !== undefined && { frames }) };
  return {
    ...rest,
    version: 2,
    nodes: outer.nodes,
    edges: outer.edges,
    ...(outer.frames !== undefined && { frames: outer.frames }),
    blocks: { ...blocks, [block]: definition },
  };
}

/** How many copies of a block the network has, those in other blocks and each of a repeat: all of them, or those of some nodes. */
export function copiesInNetwork(
  document: NetworkDocument,
  name: string,
  isCounted: (instance: BlockInstance) => boolean = () => true,
): number {
  const counted = expand(document).instances.filter((one) => one.block === name && isCounted(one));
  return counted.reduce((sum, { repeat }) => sum + repeat, 0);
}

/** The way to a node of the flat network: the blocks to go into, and its id in the last of them. */
export function wayInto(
  document: NetworkDocument,
  flatId: string,
): { readonly path: readonly BlockStep[]; readonly nodeId: string } {
  const repeats = new Map(expand(document).instances.map(({ id, repeat }) => [id, repeat]));
  const path: BlockStep[] = [];
  let start = 0;
  for (let end = flatId.indexOf('/'); end >= 0; end = flatId.indexOf('/', end + 1)) {
    const repeat = repeats.get(flatId.slice(0, end));
    if (repeat === undefined) continue;
    const nodeId = flatId.slice(start, end);
    const copyEnd = repeat > 1 ? flatId.indexOf('/', end + 1) : end;
    path.push({ nodeId, copy: repeat > 1 ? Number(flatId.slice(end + 1, copyEnd)) : 1 });
    end = copyEnd;
    start = copyEnd + 1;
  }
  return { path, nodeId: flatId.slice(start) };
}
