import type { NetworkAnalysis } from '../../analysis/types';
import { bindingOf, blockNamed, readBlocks, readScope, type Scope } from '../../document/blocks';
import { withoutBypassed } from '../../document/bypass';
import { expand, flatNetwork } from '../../document/expand';
import type { BlockInstance } from '../../document/expansion';
import { hasKernel, takesMaxima } from '../../layers/traits';
import { topologicalOrder } from '../../document/order';
import type { Json, NetworkDocument, NetworkNode } from '../../schema/document';
import { identifiersOf } from '../names';
import { ownerOf, sharingOwners } from '../../analysis/sharedWeights';
import { maximaContext } from '../../analysis/maxima';
import { sourcesOf } from '../../compile/lowering';
import { networkWeights } from '../../compile/networkWeights';
import type { PrintedCall } from './calls';
import type { CodeLanguage } from './language';

/** The network itself, or a block: what one function of the printed code is written for. */
export type CodeScope = {
  /** Null for the network itself. */
  readonly block: string | null;
  /** Without the ports, in the order in which values flow. */
  readonly nodes: readonly NetworkNode[];
  readonly ports: readonly string[];
  /** Whose values a node takes, in the order of its ports. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  readonly output: string | null;
  /** The variable of each node and port; also what a layer is called within its scope. */
  readonly names: ReadonlyMap<string, string>;
  /** The block's params in its own order, and what each is called in code. */
  readonly params: ReadonlyMap<string, string>;
};

/** A scope as it stands in the flat network: once for the network itself, and for each copy of a block. */
export type ScopeCopy = {
  readonly scope: CodeScope;
  /** Before the ids of its nodes in the flat network: empty, or `stage2/1/`. */
  readonly prefix: string;
  /** The same before the names of its layers, which are made of letters, digits and underscores. */
  readonly path: string;
  readonly params: ReadonlyMap<string, Json>;
  /** Which of them the block node gives itself. */
  readonly given: ReadonlySet<string>;
};

/** A node of the flat network in code. */
export type PrintedNode = {
  readonly layer: string;
  readonly calls: readonly PrintedCall[];
  /** Set where it has weights in common with others: the id of the node whose they are. */
  readonly owner?: string;
};

/** A network as it is written in code. */
export type CodeNetwork = {
  readonly language: CodeLanguage;
  readonly analysis: NetworkAnalysis;
  /** By block; those that hold others behind them. The network itself, under null, is last. */
  readonly scopes: ReadonlyMap<string | null, CodeScope>;
  readonly copies: readonly ScopeCopy[];
  readonly instances: ReadonlyMap<string, BlockInstance>;
  /** By flat id. */
  readonly nodes: ReadonlyMap<string, PrintedNode>;
};

/**
 * Reads a network for printing. One with an input inside a block is read flat: a function gives one value, and no input. So is one
 * with a bypassed node inside a block, which may leave nothing of the block to write a function of, or one that goes back through a pool
 * of another scope, or uses the weights of a layer there.
 */
export function readNetwork(source: NetworkDocument, analysis: NetworkAnalysis, language: CodeLanguage): CodeNetwork {
  const { origins, bypassed } = expand(source);
  const isInside = (id: string): boolean => (origins.get(id)?.inside.length ?? 0) > 0;
  const isFlat = [...analysis.inputs, ...bypassed.keys()].some(isInside) || reachesElsewhere(source, analysis);
  const document = isFlat ? flatNetwork(source) : withoutBypassed(source);
  const instances = new Map(expand(document).instances.map((instance) => [instance.id, instance]));
  const scopes = readScopes(document, language);
  const copies: ScopeCopy[] = [];
  const nodes = new Map<string, PrintedNode>();
  const owners = sharingOwners(analysis);
  const kernelStarts = new Map(
    networkWeights(document, analysis)
      .filter(({ shape }) => shape.length > 1)
      .map(({ nodeId, initializer }) => [nodeId, initializer]),
  );
  const visit = (copy: ScopeCopy): void => {
    copies.push(copy);
    for (const node of copy.scope.nodes) {
      const id = copy.prefix + node.id;
      const layer = copy.path + nameOf(copy.scope, node.id);
      const instance = instances.get(id);
      const inner = instance === undefined ? undefined : scopes.get(instance.block);
      const analysed = analysis.nodes.get(id);
      if (instance !== undefined && inner !== undefined) {
        const given = new Set(Object.keys(node.params));
        for (const part of copyParts(instance)) {
          visit({ scope: inner, prefix: id + part, path: layer + part, params: instance.params, given });
        }
      } else if (analysed !== undefined) {
        const isBound = (param: string): boolean => bindingOf(node.params[param]) !== undefined;
        const start = hasKernel(analysed.definition) ? (kernelStarts.get(ownerOf(analysed)) ?? null) : null;
        const sources = sourcesOf(flatNetwork(document), id).map((from) => analysis.nodes.get(from) ?? null);
        const maxima = analysed.definition === null ? {} : maximaContext(analysed.definition, sources);
        const calls = language.printNode({ node: analysed, start, isBound, ...maxima });
        const owner = owners.get(id);
        nodes.set(id, { layer, calls, ...(owner !== undefined && { owner }) });
      }
    }
  };
  const main = scopes.get(null);
  if (main !== undefined) visit({ scope: main, prefix: '', path: '', params: new Map(), given: new Set() });
  return { language, analysis, scopes, copies, instances, nodes };
}

/**
 * Whether a layer goes back through a pool of another scope, or has its weights there: its function has neither the map that the pool was
 * given nor the other's layer.
 */
function reachesElsewhere(source: NetworkDocument, { nodes }: NetworkAnalysis): boolean {
  const scopeOf = (id: string): string => id.slice(0, id.lastIndexOf('/') + 1);
  if ([...nodes.values()].some(({ id, shared }) => shared !== undefined && scopeOf(shared.owner) !== scopeOf(id))) {
    return true;
  }
  return flatNetwork(source).edges.some(
    ({ from, to, toPort = 0 }) => takesMaxima(nodes.get(to)?.definition, toPort) && scopeOf(from) !== scopeOf(to),
  );
}

/** What stands between a block node's id and those inside it: `/`, or `/1/`, `/2/` and so on. */
export function copyParts({ repeat }: BlockInstance): readonly string[] {
  return repeat === 1 ? ['/'] : Array.from({ length: repeat }, (_, at) => `/${at + 1}/`);
}

/** The variable of a node or port. */
export function nameOf({ names }: CodeScope, id: string): string {
  return names.get(id) ?? '';
}

/** The variable of a port; one that nothing reads starts with an underscore, which the compiler lets pass. */
export function portVariable(scope: CodeScope, id: string): string {
  const isRead = [...scope.sources.values()].some((sources) => sources.includes(id));
  return isRead ? nameOf(scope, id) : `_${nameOf(scope, id)}`;
}

/** What a call's layer is called in its scope: the node's name for the last; two underscores keep the others apart from every node. */
export function callName(name: string, calls: readonly PrintedCall[], at: number): string {
  return at === calls.length - 1 ? name : `${name}__${calls[at]?.step ?? ''}`;
}

function readScopes(document: NetworkDocument, language: CodeLanguage): ReadonlyMap<string | null, CodeScope> {
  const blocks = readBlocks(document.blocks ?? {}).scopes;
  const scopes = new Map<string | null, CodeScope>();
  const visit = (scope: Scope): void => {
    for (const { node } of scope.nodes) {
      const inner = node.kind === 'block' ? blocks.get(blockNamed(node) ?? '') : undefined;
      if (inner !== undefined && !scopes.has(inner.block)) visit(inner);
    }
    scopes.set(scope.block, codeScope(scope, language));
  };
  visit(readScope(null, document));
  return scopes;
}

function codeScope(scope: Scope, language: CodeLanguage): CodeScope {
  const byId = new Map(scope.nodes.map(({ node }) => [node.id, node]));
  const ports = scope.ports.map((id) => ({ id }));
  const { order } = topologicalOrder({ nodes: [...ports, ...byId.values()], edges: scope.edges });
  const nodes = order.flatMap((id) => byId.get(id) ?? []);
  const kinds = new Map([
    ...nodes.map(({ id, kind }) => [id, kind] as const),
    ...ports.map(({ id }) => [id, 'port'] as const),
  ]);
  const names = new Map(identifiersOf([...language.ownNames, ...nodes.map(({ id }) => id), ...scope.ports], kinds));
  const [port] = scope.ports;
  // The one value that a function takes has the usual name.
  if (port !== undefined && ports.length === 1 && ![...names.values()].includes('x')) names.set(port, 'x');
  return {
    block: scope.block,
    nodes,
    ports: scope.ports,
    sources: sourcesByPort(scope),
    output: scope.output,
    names,
    params: paramNames([...scope.params.keys()], language),
  };
}

function paramNames(params: readonly string[], { ownParams, paramName }: CodeLanguage): ReadonlyMap<string, string> {
  const plain = identifiersOf([...ownParams, ...params]);
  const taken = new Set([...plain.values()]);
  const styled = (param: string): string => {
    const name = plain.get(param) ?? '';
    const better = paramName(name);
    if (better === name || taken.has(better)) return name;
    taken.add(better);
    return better;
  };
  return new Map(params.map((param) => [param, styled(param)]));
}

/** The sources of every node's inputs, in port order. */
export function sourcesByPort({ edges }: Pick<Scope, 'edges'>): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  for (const { from, to } of [...edges].sort((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0))) {
    const list = sources.get(to);
    if (list === undefined) sources.set(to, [from]);
    else list.push(from);
  }
  return sources;
}
