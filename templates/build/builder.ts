import type {
  BlockDefinition,
  Json,
  NetworkDocument,
  NetworkEdge,
  NetworkNode,
  ParamBinding,
} from '../../shared/schema/document';
import { layoutCell, layoutNetwork, type Layout } from '../../shared/layout/layoutNetwork';
import type { TrainingConfig } from '../../shared/schema/training';

type Params = { readonly [name: string]: Json };
type Count = number | ParamBinding;
type Size = Count | readonly [number, number];

/** The end of a chain of layers; every method adds one layer behind it and gives the new end. */
export type Chain = {
  readonly id: string;
  conv(id: string, filters: Count, kernelSize: Size, params?: Params): Chain;
  upconv(id: string, filters: Count, kernelSize: Size, params?: Params): Chain;
  relu(id: string): Chain;
  /** A layer of any kind of one input. */
  layer(id: string, kind: string, params: Params): Chain;
  batchnorm(id: string, params?: Params): Chain;
  pool(id: string, mode: 'max' | 'avg', poolSize: number, params?: Params): Chain;
  fc(id: string, units: number, params?: Params): Chain;
  gap(id: string): Chain;
  dropout(id: string, rate?: number): Chain;
  /** A block that was defined before, fed by this chain through its first port. */
  block(id: string, name: string, params?: Params): Chain;
  /** Cuts this chain to the height and width of `reference`. */
  cropTo(id: string, reference: Chain, offset: number | 'center'): Chain;
};

/** Brings chains together. */
type Merges = {
  /** Elementwise sum, ports in the order given. */
  readonly add: (id: string, ...chains: readonly Chain[]) => Chain;
  /** Elementwise product; a list or one position is stretched over a map. */
  readonly multiply: (id: string, ...chains: readonly Chain[]) => Chain;
  /** Along the channels, ports in the order given. */
  readonly concat: (id: string, ...chains: readonly Chain[]) => Chain;
  /** A layer of any kind of several inputs; a block is of kind `block` and named by its params. */
  readonly join: (id: string, kind: string, params: Params, ...chains: readonly Chain[]) => Chain;
};

/** Collects the inside of a block. */
export type BlockBuilder = Merges & { port(id: string): Chain };

/** Where nodes stand in a figure, in steps from its left and its top. */
export type Places = { readonly [id: string]: { readonly column: number; readonly row: number } };

/** Collects nodes and wires while a network is written down as chains and merges. */
export type NetworkBuilder = Merges & {
  input(id: string, shape: readonly (number | null)[]): Chain;
  /** Defines a block with its params and their defaults; a param of a node inside is bound to one by {@link bound}. */
  define(name: string, params: Params, build: (block: BlockBuilder) => void, places?: Places): void;
  /** The document, laid out; `places` puts nodes into the columns and rows of a published figure instead. */
  finish(train: Partial<TrainingConfig>, places?: Places): NetworkDocument;
};

/** In place of a value inside a block: the block's param, times a number. */
export function bound(param: string, times?: number): ParamBinding {
  return times === undefined ? { param } : { param, times };
}

type Scope = Merges & {
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
  place(id: string, kind: string, params: Params): Chain;
};

function createScope(): Scope {
  const nodes: NetworkNode[] = [];
  const edges: NetworkEdge[] = [];
  const add = (id: string, kind: string, params: Params, sources: readonly Chain[]): Chain => {
    if (nodes.some((node) => node.id === id)) throw new Error(`Two nodes are called ${id}.`);
    nodes.push({ id, kind, params });
    for (const [port, { id: from }] of sources.entries()) {
      edges.push(port === 0 ? { from, to: id } : { from, to: id, toPort: port });
    }
    return chainFrom(id);
  };
  const chainFrom = (id: string): Chain => {
    const chain: Chain = {
      id,
      conv: (next, filters, kernelSize, params = {}) => add(next, 'conv', { filters, kernelSize, ...params }, [chain]),
      upconv: (next, filters, kernelSize, params = {}) =>
        add(next, 'upconv', { filters, kernelSize, ...params }, [chain]),
      layer: (next, kind, params) => add(next, kind, params, [chain]),
      relu: (next) => add(next, 'activation', { function: 'relu' }, [chain]),
      batchnorm: (next, params = {}) => add(next, 'batchnorm', params, [chain]),
      pool: (next, mode, poolSize, params = {}) => add(next, 'pool', { mode, poolSize, ...params }, [chain]),
      fc: (next, units, params = {}) => add(next, 'fc', { units, ...params }, [chain]),
      gap: (next) => add(next, 'gap', {}, [chain]),
      dropout: (next, rate = 0.5) => add(next, 'dropout', { rate }, [chain]),
      block: (next, name, params = {}) => add(next, 'block', { block: name, ...params }, [chain]),
      cropTo: (next, reference, offset) => add(next, 'crop', { offset }, [chain, reference]),
    };
    return chain;
  };
  return {
    nodes,
    edges,
    place: (id, kind, params) => add(id, kind, params, []),
    add: (id, ...chains) => add(id, 'add', {}, chains),
    multiply: (id, ...chains) => add(id, 'multiply', {}, chains),
    concat: (id, ...chains) => add(id, 'concat', {}, chains),
    join: (id, kind, params, ...chains) => add(id, kind, params, chains),
  };
}

/** Starts a network. Params that equal a layer's default are left to the caller to omit, so that files stay short. */
export function createNetwork(name: string): NetworkBuilder {
  const scope = createScope();
  const blocks = new Map<string, BlockDefinition>();
  return {
    input: (id, shape) => scope.place(id, 'input', { shape }),
    add: scope.add,
    multiply: scope.multiply,
    concat: scope.concat,
    join: scope.join,
    define: (block, params, build, places) => {
      const inner = createScope();
      const { add, multiply, concat, join } = inner;
      build({ add, multiply, concat, join, port: (id) => inner.place(id, 'port', {}) });
      const nodes = places === undefined ? inner.nodes : placed(inner.nodes, layoutFigure(places));
      blocks.set(block, { params, nodes, edges: inner.edges });
    },
    finish: (train, places) => {
      const { nodes, edges } = scope;
      const bare: NetworkDocument = {
        format: 'convloom.network',
        name,
        ...(blocks.size === 0 ? { version: 1 } : { version: 2, blocks: Object.fromEntries(blocks) }),
        nodes,
        edges,
        train,
      };
      const layout = places === undefined ? layoutNetwork(bare) : layoutFigure(places);
      return { ...bare, nodes: placed(nodes, layout) };
    },
  };
}

function layoutFigure(places: Places): Layout {
  const left = Math.min(...Object.values(places).map(({ column }) => column));
  return Object.fromEntries(
    Object.entries(places).map(([id, { column, row }]) => [
      id,
      { x: (column - left) * layoutCell.pitchX, y: Math.round(row * layoutCell.pitchY) },
    ]),
  );
}

function placed(nodes: readonly NetworkNode[], layout: Layout): readonly NetworkNode[] {
  return nodes.map((node) => {
    const position = layout[node.id];
    return position === undefined ? node : { ...node, position };
  });
}
