import type { FloatTensor, FloatTensors } from '../ops/tensor';
import type { Json, NetworkDocument } from '../schema/document';
import type { Text } from '../text';
import type { ImportLine } from './report';

/** What a format's folder makes of a file: a network of ours, its weights by `nodeId/weight`, and what became of each part. */
export type ImportedNetwork = {
  readonly document: NetworkDocument;
  /** Null where the file has none at all; else every weight of the network. */
  readonly weights: FloatTensors | null;
  readonly report: readonly ImportLine[];
  /** The file's own names of its inputs and outputs by node id, for running it beside the network. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
};

type AddedNode = {
  readonly kind: string;
  readonly params?: { readonly [name: string]: Json };
  /** The part of the file that it stands for; its id is made from this name. */
  readonly source: string;
  /** Ids of the nodes on its input ports, in order. */
  readonly from?: readonly string[];
  readonly weights?: { readonly [name: string]: FloatTensor };
  /** The id of the node whose weights it uses, in place of weights of its own. */
  readonly weightsOf?: string;
};

/** Collects a network while a file is read. Ids are made from the file's names, and stay the same for the same file. */
export type NetworkBuilder = {
  /** Adds a node and the wires to it; returns its id. */
  add(node: AddedNode): string;
  /** Says what became of a part of the file. */
  say(source: string, nodeId: string | null, status: ImportLine['status'], why?: Text, isFinding?: true): void;
  readonly weights: FloatTensors;
  readonly report: readonly ImportLine[];
  build(name: string): NetworkDocument;
};

/** The longest id made here; the rest of a long path says less than its end. */
const mostCharacters = 60;

/** A name of a file as an id: `/` is kept for blocks, and what a path has in common with all others says nothing. */
function idFrom(source: string, kind: string): string {
  const plain = source
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .slice(-mostCharacters)
    .replace(/^_+/, '');
  return plain === '' ? kind : plain;
}

/** Starts an empty network. */
export function createNetworkBuilder(): NetworkBuilder {
  const nodes: NetworkDocument['nodes'][number][] = [];
  const edges: NetworkDocument['edges'][number][] = [];
  const taken = new Set<string>();
  const weights = new Map<string, FloatTensor>();
  const report: ImportLine[] = [];
  return {
    add: ({ kind, params = {}, source, from = [], weights: own = {}, weightsOf }) => {
      const base = idFrom(source, kind);
      let id = base;
      for (let count = 2; taken.has(id); count++) id = `${base}_${count}`;
      taken.add(id);
      nodes.push({ id, kind, params, ...(weightsOf !== undefined && { weightsOf }) });
      for (const [port, origin] of from.entries()) {
        edges.push(port === 0 ? { from: origin, to: id } : { from: origin, to: id, toPort: port });
      }
      for (const [name, tensor] of Object.entries(own)) weights.set(`${id}/${name}`, tensor);
      return id;
    },
    say: (source, nodeId, status, why, isFinding) =>
      void report.push({ source, nodeId, status, why: why ?? null, ...(isFinding === true ? { isFinding } : {}) }),
    get weights() {
      return Object.fromEntries(weights);
    },
    report,
    build: (name) => ({ format: 'convloom.network', version: 1, name: name === '' ? 'Untitled' : name, nodes, edges }),
  };
}
