import {
  blockInItself,
  blockWithoutOutput,
  blockWithOutputs,
  reservedParam,
  unknownBinding,
  unusedPort,
  wrongBinding,
} from '../diagnostics/catalog/blocks';
import { danglingEdge, duplicateId, noSuchPort } from '../diagnostics/catalog/graph';
import type { Diagnostic, Place } from '../diagnostics/diagnostic';
import { nearestWord } from '../nearest';
import { text } from '../text';
import type { BlockDefinition, Json, NetworkEdge, NetworkNode, ParamBinding } from '../schema/document';
import { childPath } from './issues';

/** A node with its place in the list that it was written in. */
export type PlacedNode = { readonly node: NetworkNode; readonly index: number };

/** The network itself, or one block, read once: ids that are taken and wires that lead nowhere are left out, and found. */
export type Scope = {
  /** Null for the network itself. */
  readonly block: string | null;
  /** Where its nodes and edges are in the file: empty, or `blocks.pair.`. */
  readonly path: string;
  readonly params: ReadonlyMap<string, Json>;
  /** Without the ports. */
  readonly nodes: readonly PlacedNode[];
  /** Ids of the ports, in order. */
  readonly ports: readonly string[];
  readonly edges: readonly NetworkEdge[];
  /** Nodes that a wire from nowhere leads into: they lack an input, and the wire's finding says so. */
  readonly starved: ReadonlySet<string>;
  /** The id of the node whose value the block gives; null when it is not clear. */
  readonly output: string | null;
  /** What is wrong with it by itself. `at.nodeId` is the id inside. */
  readonly findings: readonly Diagnostic[];
};

/** Params that every block node has besides those of its block. */
export const blockNodeParams: readonly string[] = ['block', 'repeat'];

/** Reads the network's own nodes (`block` null) or those of a block. Linear in their number. */
export function readScope(
  block: string | null,
  definition: Omit<BlockDefinition, 'params'>,
  params = new Map<string, Json>(),
): Scope {
  const path = block === null ? '' : `${childPath('blocks', block)}.`;
  const findings: Diagnostic[] = [];
  const byId = new Map<string, NetworkNode>();
  const nodes: PlacedNode[] = [];
  const ports: string[] = [];
  for (const [index, node] of definition.nodes.entries()) {
    if (byId.has(node.id)) {
      findings.push(duplicateId(node.id, `${path}nodes[${index}].id`));
      continue;
    }
    byId.set(node.id, node);
    if (block !== null && node.kind === 'port') ports.push(node.id);
    else nodes.push({ node, index });
  }
  const { edges, starved, consumed } = readEdges(definition.edges, path, byId, new Set(ports), findings);
  const scope = { block, path, params, nodes, ports, edges, starved };
  if (block === null) {
    // A layer refuses a binding as it does any other wrong value; a block node would hand it on.
    for (const placed of nodes) if (placed.node.kind === 'block') checkBindings(scope, placed, findings);
    return { ...scope, output: null, findings };
  }
  for (const name of blockNodeParams)
    if (params.has(name)) findings.push(reservedParam(block, name, `${path}params.${name}`));
  for (const placed of nodes) checkBindings(scope, placed, findings);
  for (const id of ports) if (!consumed.has(id)) findings.push(unusedPort({ nodeId: id, path: `${path}nodes` }, block));
  const ends = nodes.filter(({ node }) => !consumed.has(node.id)).map(({ node }) => node.id);
  if (ends.length === 0) findings.push(blockWithoutOutput(block, { path: `${path}nodes` }));
  if (ends.length > 1) findings.push(blockWithOutputs(block, ends, { path: `${path}nodes` }));
  return { ...scope, output: ends.length === 1 ? (ends[0] ?? null) : null, findings };
}

function readEdges(
  given: readonly NetworkEdge[],
  path: string,
  byId: ReadonlyMap<string, NetworkNode>,
  ports: ReadonlySet<string>,
  findings: Diagnostic[],
): {
  readonly edges: readonly NetworkEdge[];
  readonly starved: ReadonlySet<string>;
  readonly consumed: ReadonlySet<string>;
} {
  const edges: NetworkEdge[] = [];
  const starved = new Set<string>();
  const consumed = new Set<string>();
  for (const [index, edge] of given.entries()) {
    const missing = !byId.has(edge.from) ? edge.from : byId.has(edge.to) ? null : edge.to;
    if (missing !== null) {
      findings.push(danglingEdge(edge, missing, `${path}edges[${index}].${missing === edge.from ? 'from' : 'to'}`, []));
      starved.add(edge.to);
    } else if (ports.has(edge.to)) {
      findings.push(noSuchPort(edge.to, edge.toPort ?? 0, text('Port', '端口'), 0));
    } else {
      edges.push(edge);
      consumed.add(edge.from);
    }
  }
  return { edges, starved, consumed };
}

type JsonRecord = { readonly [key: string]: Json };

/** A param's value as a binding, well formed or not; undefined for any other value. */
export function bindingOf(value: Json | undefined): JsonRecord | undefined {
  return isRecord(value) && Object.hasOwn(value, 'param') ? value : undefined;
}

function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A binding whose form is right. */
export function readBinding(raw: JsonRecord): ParamBinding | null {
  const { param, times, ...others } = raw;
  if (typeof param !== 'string' || Object.keys(others).length > 0) return null;
  if (times === undefined) return { param };
  return typeof times === 'number' ? { param, times } : null;
}

/** The value that a binding gives; undefined where its param is not given, or is no number and would have to be multiplied. */
export function boundValue({ param, times }: ParamBinding, given: ReadonlyMap<string, Json>): Json | undefined {
  const value = given.get(param);
  if (times === undefined) return value;
  return typeof value === 'number' ? value * times : undefined;
}

/** Params with the values of their bindings in place of them; a binding that gives none stays. */
export function withBoundValues(params: JsonRecord, given: ReadonlyMap<string, Json>): JsonRecord {
  if (!Object.values(params).some((value) => bindingOf(value) !== undefined)) return params;
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const raw = bindingOf(value);
      const binding = raw === undefined ? null : readBinding(raw);
      return [name, (binding === null ? undefined : boundValue(binding, given)) ?? value];
    }),
  );
}

const outsideBlock = text(
  'A binding takes a param of the block that its node stands in, and this node stands in none. Write the value itself.',
  '绑定取自节点所在块的参数，而该节点不在任何块中。请直接写出数值。',
);

function checkBindings(
  scope: Pick<Scope, 'block' | 'path' | 'params'>,
  { node, index }: PlacedNode,
  findings: Diagnostic[],
): void {
  for (const [name, value] of Object.entries(node.params)) {
    const raw = bindingOf(value);
    if (raw === undefined) continue;
    const at: Place = { nodeId: node.id, param: name, path: childPath(`${scope.path}nodes[${index}].params`, name) };
    const binding = readBinding(raw);
    if (binding === null) {
      findings.push(
        wrongBinding(
          at,
          text(
            'A binding is { "param": NAME } or { "param": NAME, "times": NUMBER }, and nothing else.',
            '绑定写作 { "param": 名称 } 或 { "param": 名称, "times": 数 }，不能有其他字段。',
          ),
        ),
      );
    } else if (scope.block === null) {
      findings.push(wrongBinding(at, outsideBlock));
    } else if (!scope.params.has(binding.param)) {
      const known = [...scope.params.keys()];
      findings.push(unknownBinding(at, scope.block, binding.param, known, nearestWord(binding.param, known)));
    }
  }
}

/** All blocks of a document by name, and what is wrong with the way they hold each other. */
export type BlockTable = {
  readonly scopes: ReadonlyMap<string, Scope>;
  /** Blocks that stand on a circle of blocks: none of them can be expanded. */
  readonly recursive: ReadonlySet<string>;
  readonly findings: readonly Diagnostic[];
};

/** Reads every block of a document, used or not. */
export function readBlocks(blocks: { readonly [name: string]: BlockDefinition }): BlockTable {
  const scopes = new Map<string, Scope>();
  for (const [name, definition] of Object.entries(blocks)) {
    scopes.set(name, readScope(name, definition, new Map(Object.entries(definition.params))));
  }
  const { circles, recursive } = findCircles(scopes);
  const findings = circles.map((names) => {
    const path = `${childPath('blocks', names[0] ?? '')}.nodes`;
    return blockInItself(names, { path });
  });
  return { scopes, recursive, findings };
}

/** True for a node that stands for a block. */
export function isBlockNode({ kind }: Pick<NetworkNode, 'kind'>): boolean {
  return kind === 'block';
}

/** True for a node that is an input of the block around it. */
export function isPort({ kind }: Pick<NetworkNode, 'kind'>): boolean {
  return kind === 'port';
}

/** The definition of a name; undefined where the document has none. */
export function findBlock(
  { blocks = {} }: { readonly blocks?: { readonly [name: string]: BlockDefinition } },
  name: string | null,
): BlockDefinition | undefined {
  return name !== null && Object.hasOwn(blocks, name) ? blocks[name] : undefined;
}

/** The names of all blocks that a block holds, itself first and however deep. */
export function heldBlocks(
  document: { readonly blocks?: { readonly [name: string]: BlockDefinition } },
  name: string,
): readonly string[] {
  const found = new Set([name]);
  // A set hands out what is added to it while it is walked.
  for (const one of found) {
    for (const node of findBlock(document, one)?.nodes ?? []) {
      const inner = isBlockNode(node) ? blockNamed(node) : null;
      if (inner !== null) found.add(inner);
    }
  }
  return [...found];
}

/** The block that a node names; null when it names none. */
export function blockNamed(node: NetworkNode): string | null {
  const name = Object.hasOwn(node.params, 'block') ? node.params['block'] : undefined;
  return typeof name === 'string' ? name : null;
}

/** Depth-first over who holds whom, without recursion; each circle once, with every block on one. */
function findCircles(scopes: ReadonlyMap<string, Scope>): {
  readonly circles: readonly (readonly string[])[];
  readonly recursive: ReadonlySet<string>;
} {
  const held = (name: string): readonly string[] => [
    ...new Set(
      (scopes.get(name)?.nodes ?? []).flatMap(({ node }) => (node.kind === 'block' ? (blockNamed(node) ?? []) : [])),
    ),
  ];
  const circles: (readonly string[])[] = [];
  const recursive = new Set<string>();
  const done = new Set<string>();
  for (const start of scopes.keys()) {
    if (done.has(start)) continue;
    const path = [start];
    const depth = new Map([[start, 0]]);
    const stack = [[...held(start)]];
    for (let rest = stack.at(-1); rest !== undefined; rest = stack.at(-1)) {
      const next = rest.pop();
      if (next === undefined) {
        stack.pop();
        const left = path.pop();
        if (left === undefined) break;
        depth.delete(left);
        done.add(left);
        continue;
      }
      const at = depth.get(next);
      // A circle whose ends are on one already is not told again: blocks that all hold each other would give no end of them.
      if (at !== undefined && recursive.has(next) && recursive.has(path.at(-1) ?? '')) continue;
      if (at !== undefined) {
        const circle = path.slice(at);
        circles.push(circle);
        for (const name of circle) recursive.add(name);
      } else if (!done.has(next) && scopes.has(next)) {
        depth.set(next, path.length);
        path.push(next);
        stack.push([...held(next)]);
      }
    }
  }
  return { circles, recursive };
}
