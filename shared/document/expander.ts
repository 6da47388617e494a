import {
  blocksTooLarge,
  cannotRepeat,
  portOutsideBlock,
  unknownBlock,
  wrongBinding,
  wrongRepeat,
} from '../diagnostics/catalog/blocks';
import { missingInput, noSuchPort, portTaken } from '../diagnostics/catalog/graph';
import { unknownParam } from '../diagnostics/catalog/params';
import type { Diagnostic, Fix, Place } from '../diagnostics/diagnostic';
import { nearestWord } from '../nearest';
import { formatCount, text, type Text } from '../text';
import type { Json, NetworkDocument, NetworkEdge, NetworkNode } from '../schema/document';
import {
  bindingOf,
  blockNamed,
  blockNodeParams,
  boundValue,
  readBinding,
  readBlocks,
  readScope,
  type BlockTable,
  type PlacedNode,
  type Scope,
} from './blocks';
import { passedOver } from './bypass';
import type { BlockInstance, Expansion, Origin } from './expansion';
import { childPath, describeValue } from './issues';

/** Most nodes, ports and copies that blocks may come to: as many nodes as anything here is made for. */
export const maxExpanded = 100_000;

/** Blocks in blocks beyond this are no design. */
const maxNesting = 32;

/** Whose value a wire carries: known once the block that gives it is expanded; null where a port has no wire. */
type Source = { id: string | null };

type Frame = {
  readonly scope: Scope;
  readonly prefix: string;
  readonly params: ReadonlyMap<string, Json>;
  /** What feeds each port of the block, in order. */
  readonly inputs: readonly Source[];
  readonly inside: readonly string[];
  /** Set within a block node that uses the weights of another: its id, and that one's. */
  readonly owner: { readonly own: string; readonly theirs: string } | null;
};

type Wires = readonly { readonly edge: NetworkEdge; readonly source: Source }[];

/** An instance while its inside is being expanded. */
type OpenInstance = { -readonly [Key in keyof BlockInstance]: BlockInstance[Key] };

/** A block node, the wires into it, and where its own value is to be noted. */
type BlockUse = { readonly frame: Frame; readonly placed: PlacedNode; readonly wires: Wires; readonly own: Source };

/** What a block node asks for: a block with its params, so many times. */
type Use = { readonly inner: Scope; readonly repeat: number; readonly params: ReadonlyMap<string, Json> };

type LooseEdge = { readonly source: Source; readonly to: string; readonly toPort: number | undefined };

class Expander {
  readonly #document: NetworkDocument;
  readonly #table: BlockTable;
  readonly #nodes: NetworkNode[] = [];
  readonly #edges: LooseEdge[] = [];
  readonly #origins = new Map<string, Origin>();
  readonly #instances: OpenInstance[] = [];
  readonly #bypassed = new Map<string, { readonly node: NetworkNode; readonly source: Source }>();
  readonly #opaque = new Set<string>();
  readonly #starved = new Set<string>();
  readonly #findings: Diagnostic[] = [];
  /** What was said of a place in a block is not said again for its other copies. */
  readonly #told = new Set<string>();
  readonly #firstUse = new Map<string, string>();
  #steps = 0;

  constructor(document: NetworkDocument) {
    this.#document = document;
    this.#table = readBlocks(document.blocks ?? {});
  }

  run(): Expansion {
    const document = this.#document;
    const scope = readScope(null, document);
    this.#scope({ scope, prefix: '', params: new Map(), inputs: [], inside: [], owner: null });
    const edges = this.#edges.flatMap(({ source, to, toPort }): NetworkEdge[] => {
      if (source.id !== null) return [{ from: source.id, to, ...(toPort !== undefined && { toPort }) }];
      this.#starved.add(to);
      return [];
    });
    const { train, name, format } = document;
    return {
      source: document,
      document: { format, version: 1, name, nodes: this.#nodes, edges, ...(train !== undefined && { train }) },
      origins: this.#origins,
      instances: this.#instances,
      bypassed: new Map([...this.#bypassed].map(([id, { node, source }]) => [id, { node, source: source.id }])),
      opaque: this.#opaque,
      starved: this.#starved,
      findings: [...scope.findings, ...this.#table.findings, ...this.#blockFindings(), ...this.#findings],
    };
  }

  /** What is wrong with the blocks by themselves, at the first copy of each where there is one. */
  #blockFindings(): readonly Diagnostic[] {
    return [...this.#table.scopes].flatMap(([name, { findings }]) => {
      const prefix = this.#firstUse.get(name);
      return findings.map((finding) => {
        const { nodeId, ...at } = finding.at;
        if (prefix === undefined || nodeId === undefined) return nodeId === undefined ? finding : { ...finding, at };
        return { ...finding, at: { ...at, nodeId: prefix + nodeId } };
      });
    });
  }

  /** Writes the nodes of a scope; gives whose value each of its ids stands for. */
  #scope(frame: Frame): ReadonlyMap<string, Source> {
    const { scope, prefix } = frame;
    const sources = new Map<string, Source>(scope.ports.map((id, port) => [id, frame.inputs[port] ?? { id: null }]));
    for (const { node } of scope.nodes) sources.set(node.id, { id: node.kind === 'block' ? null : prefix + node.id });
    const nodes = [...scope.ports.map((id) => ({ id })), ...scope.nodes.map(({ node }) => node)];
    const passed = passedOver({ nodes, edges: scope.edges });
    for (const [id, from] of passed) sources.set(id, sources.get(from) ?? { id: null });
    const incoming = new Map<string, NetworkEdge[]>();
    for (const edge of scope.edges) {
      const list = incoming.get(edge.to);
      if (list === undefined) incoming.set(edge.to, [edge]);
      else list.push(edge);
    }
    for (const id of scope.starved) this.#starved.add(prefix + id);
    for (const placed of scope.nodes) {
      if (passed.has(placed.node.id)) {
        this.#pass(frame, placed, sources.get(placed.node.id) ?? { id: null });
        continue;
      }
      const wires = (incoming.get(placed.node.id) ?? []).map((edge) => ({
        edge,
        source: sources.get(edge.from) ?? { id: null },
      }));
      if (placed.node.kind === 'block') {
        const own = sources.get(placed.node.id);
        if (own !== undefined) this.#block({ frame, placed, wires, own });
        continue;
      }
      if (scope.block !== null) this.#steps += 1;
      if (this.#isFull() && scope.block !== null) break;
      const id = this.#layer(frame, placed);
      for (const { edge, source } of wires) this.#edges.push({ source, to: id, toPort: edge.toPort });
    }
    return sources;
  }

  #pass({ scope, prefix, inside }: Frame, { node, index }: PlacedNode, source: Source): void {
    const id = prefix + node.id;
    this.#origins.set(id, { block: scope.block, index, inside });
    this.#bypassed.set(id, { node: { ...node, id }, source });
  }

  #layer(frame: Frame, placed: PlacedNode): string {
    const { node } = placed;
    const id = frame.prefix + node.id;
    this.#origins.set(id, { block: frame.scope.block, index: placed.index, inside: frame.inside });
    if (frame.scope.block === null) {
      this.#nodes.push(node);
      if (node.kind === 'port') {
        this.#opaque.add(id);
        this.#tell(portOutsideBlock({ nodeId: id, path: `nodes[${placed.index}]` }));
      }
      return id;
    }
    const params = this.#bound(frame, placed, id);
    if (params === null) this.#opaque.add(id);
    const { position: _drawnInBlock, ...rest } = node;
    const weightsOf = ownerInFlat(frame, node);
    this.#nodes.push({ ...rest, id, params: params ?? node.params, ...(weightsOf !== undefined && { weightsOf }) });
    return id;
  }

  /** A node's params with the block's own in place of bindings; null, with its finding, where one gives no value. */
  #bound({ scope, params }: Frame, { node, index }: PlacedNode, id: string): NetworkNode['params'] | null {
    if (!Object.values(node.params).some((value) => bindingOf(value) !== undefined)) return node.params;
    const values: [string, Json][] = [];
    for (const [name, value] of Object.entries(node.params)) {
      const raw = bindingOf(value);
      const binding = raw === undefined ? undefined : readBinding(raw);
      if (binding === undefined) values.push([name, value]);
      else {
        // A binding in a wrong form, or to no param, was found with the block itself.
        const given = binding === null ? undefined : params.get(binding.param);
        if (binding === null || given === undefined) return null;
        const { times } = binding;
        if (times !== undefined && typeof given !== 'number') {
          const at = { nodeId: id, param: name, path: `${scope.path}nodes[${index}].params` };
          this.#tell(wrongBinding(at, timesNeedsNumber(binding.param, given)));
          return null;
        }
        values.push([name, boundValue(binding, params) ?? given]);
      }
    }
    return Object.fromEntries(values);
  }

  #block({ frame, placed, wires, own }: BlockUse): void {
    const { scope } = frame;
    const { node, index } = placed;
    const id = frame.prefix + node.id;
    const at: Place = { nodeId: id, path: `${scope.path}nodes[${index}]` };
    const origin: Origin = { block: scope.block, index, inside: frame.inside };
    const start = this.#nodes.length;
    const instance: OpenInstance = {
      id,
      block: blockNamed(node) ?? '',
      origin,
      repeat: 1,
      params: noParams,
      output: id,
      from: start,
      to: start,
    };
    this.#instances.push(instance);
    const mark = { nodes: start, edges: this.#edges.length, instances: this.#instances.length };
    const read = this.#read(frame, placed, id, at);
    if (read !== null) {
      instance.repeat = read.repeat;
      instance.params = read.params;
    }
    const output = read === null ? null : this.#copies(frame, node, read, this.#portSources(read.inner, wires, at));
    // What became too large is taken back as a whole by the outermost block node, so that the network has no half of a block.
    if (frame.inside.length === 0 && this.#isFull()) {
      this.#takeBack(mark);
      this.#tell(blocksTooLarge(at, manyNodes));
    }
    if (output === null || this.#isFull()) {
      this.#origins.set(id, origin);
      this.#opaque.add(id);
      this.#nodes.push({ id, kind: 'block', params: node.params });
      for (const { edge, source } of wires) this.#edges.push({ source, to: id, toPort: edge.toPort });
    }
    own.id = this.#isFull() ? id : (output ?? id);
    instance.output = own.id;
    instance.to = this.#nodes.length;
  }

  #isFull(): boolean {
    return this.#steps > maxExpanded;
  }

  #takeBack(mark: { readonly nodes: number; readonly edges: number; readonly instances: number }): void {
    for (const { id } of this.#nodes.splice(mark.nodes)) {
      this.#origins.delete(id);
      this.#opaque.delete(id);
      this.#starved.delete(id);
    }
    this.#edges.length = mark.edges;
    this.#instances.length = mark.instances;
  }

  /** What a block node asks for; null, with its finding, where that cannot be had. */
  #read(frame: Frame, placed: PlacedNode, id: string, at: Place): Use | null {
    const { node } = placed;
    const name = blockNamed(node);
    const inner = name === null ? undefined : this.#table.scopes.get(name);
    if (name === null || inner === undefined) {
      this.#tell(this.#unknownBlock(node, id, at));
      return null;
    }
    if (frame.inside.length >= maxNesting) {
      this.#tell(blocksTooLarge(at, deepBlocks));
      return null;
    }
    if (this.#isFull() || this.#table.recursive.has(name) || inner.output === null) return null;
    const params = this.#bound(frame, placed, id);
    if (params === null) return null;
    const repeat = Object.hasOwn(params, 'repeat') ? (params['repeat'] ?? null) : 1;
    if (typeof repeat !== 'number' || !Number.isInteger(repeat) || repeat < 1) {
      this.#tell(wrongRepeat({ ...at, param: 'repeat' }, describeValue(repeat)));
      return null;
    }
    if (repeat > 1 && inner.ports.length === 0) {
      this.#tell(cannotRepeat({ ...at, param: 'repeat' }, name));
      return null;
    }
    const given = Object.entries(params).filter(([param]) => !blockNodeParams.includes(param));
    for (const [param] of given) {
      if (!inner.params.has(param)) this.#tell(refuseParam(inner, id, param, at));
    }
    return { inner, repeat, params: new Map([...inner.params, ...given]) };
  }

  #unknownBlock(node: NetworkNode, id: string, at: Place): Diagnostic {
    const known = [...this.#table.scopes.keys()];
    const name = blockNamed(node);
    const nearest = name === null ? null : nearestWord(name, known.slice(0, 1_000));
    const found = name === null ? { value: describeValue(node.params['block']) } : { name };
    const fixes: readonly Fix[] = (nearest === null ? known.slice(0, 3) : [nearest]).map((block) => ({
      title: text(`Use the block “${block}”`, `使用块“${block}”`),
      edits: [{ type: 'setParams', id, params: { block } }],
    }));
    return unknownBlock({ ...at, param: 'block' }, found, known, nearest, fixes);
  }

  /** What feeds each port, in order. A port takes one wire. */
  #portSources(inner: Scope, wires: Wires, at: Place): readonly Source[] {
    const nodeId = at.nodeId ?? '';
    const byPort = new Map<number, Source[]>();
    const names = new Map<number, string[]>();
    for (const { edge, source } of wires) {
      const port = edge.toPort ?? 0;
      byPort.set(port, [...(byPort.get(port) ?? []).slice(0, 1), source]);
      const list = names.get(port);
      if (list === undefined) names.set(port, [edge.from]);
      else list.push(edge.from);
    }
    const label = text(`the block “${inner.block ?? ''}”`, `块“${inner.block ?? ''}”`);
    for (const [port, from] of names) {
      if (port >= inner.ports.length) this.#tell(withPath(noSuchPort(nodeId, port, label, inner.ports.length), at));
      else if (from.length > 1) this.#tell(withPath(portTaken(nodeId, port, from), at));
    }
    return inner.ports.map((name, port) => {
      const source = byPort.get(port)?.[0];
      if (source !== undefined) return source;
      this.#tell(withPath(missingInput(nodeId, port, text(name, name), []), at));
      return { id: null };
    });
  }

  /** Copies a block, each behind the one before it; gives the flat id of the last one's output, or null when there is no room. */
  #copies(frame: Frame, node: NetworkNode, { inner, repeat, params }: Use, inputs: readonly Source[]): string | null {
    const id = frame.prefix + node.id;
    const inside = [...frame.inside, id];
    const theirs = ownerInFlat(frame, node);
    const owner = theirs === undefined ? null : { own: id, theirs };
    let first = inputs[0];
    let output: string | null = null;
    for (let copy = 1; copy <= repeat; copy++) {
      this.#steps += 1;
      if (this.#isFull()) return null;
      const prefix = repeat === 1 ? `${id}/` : `${id}/${copy}/`;
      if (inner.block !== null && !this.#firstUse.has(inner.block)) this.#firstUse.set(inner.block, prefix);
      const own = first === undefined ? inputs : [first, ...inputs.slice(1)];
      const sources = this.#scope({ scope: inner, prefix, params, inputs: own, inside, owner });
      output = sources.get(inner.output ?? '')?.id ?? null;
      first = { id: output };
    }
    return output;
  }

  #tell(finding: Diagnostic): void {
    const { path, port, param } = finding.at;
    const key = [finding.code, path, port, param].join('\n');
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#findings.push(finding);
  }
}

/**
 * The flat id of the node whose weights a node uses: ids are those of the block around it, so that each copy has an owner of its own.
 * Within a block node that uses another's weights, that of the same place in the other.
 */
function ownerInFlat({ prefix, owner }: Frame, { id, weightsOf }: NetworkNode): string | undefined {
  if (weightsOf !== undefined) return prefix + weightsOf;
  return owner === null ? undefined : owner.theirs + (prefix + id).slice(owner.own.length);
}

/** The network that a document of version 2 stands for. */
export function expandBlocks(document: NetworkDocument): Expansion {
  return new Expander(document).run();
}

const noParams: ReadonlyMap<string, Json> = new Map();

const manyNodes = text(
  `its blocks come to more than ${formatCount(maxExpanded)} nodes`,
  `其中的块展开后超过 ${formatCount(maxExpanded)} 个节点`,
);
const deepBlocks = text(`blocks nest deeper than ${maxNesting}`, `块的嵌套超过 ${maxNesting} 层`);

function withPath(finding: Diagnostic, { path }: Place): Diagnostic {
  return path === undefined ? finding : { ...finding, at: { ...finding.at, path } };
}

function refuseParam(inner: Scope, id: string, param: string, at: Place): Diagnostic {
  const known = [...inner.params.keys()];
  const label = text(`the block “${inner.block ?? ''}”`, `块“${inner.block ?? ''}”`);
  const place = { nodeId: id, param, path: childPath(`${at.path ?? ''}.params`, param) };
  return unknownParam(place, label, known, nearestWord(param, known.slice(0, 1_000)), [
    {
      title: text(`Remove ${param}`, `移除 ${param}`),
      edits: [{ type: 'setParams', id, params: {}, unset: [param] }],
    },
  ]);
}

function timesNeedsNumber(param: string, given: Json): Text {
  const shown = describeValue(given);
  return text(
    `times multiplies a number, and ${param} is ${shown} here.`,
    `times 只能乘以数，而这里 ${param} 是 ${shown}。`,
  );
}
