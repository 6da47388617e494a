import { flatNetwork } from '../../shared/document/expand';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkDocument, NetworkNode } from '../../shared/document';
import { resolvePadding, windowAxes } from '../../shared/layers/arithmetic';
import { findLayer, type LayerKind } from '../../shared/layers';
import type { Size2 } from '../../shared/layers/define';
import { isInput } from '../../shared/layers/traits';
import { chainDocument } from './chain';
import type { ChainLink } from './chain';
import type { opCaseIds } from './opCases';

/** One network to time, with the size of its batches. The task decides what the labels look like. */
export type BenchCase = {
  readonly id: (typeof benchCaseIds)[number] | (typeof opCaseIds)[number];
  readonly label: string;
  readonly document: NetworkDocument;
  readonly batchSize: number;
  readonly task: { readonly kind: 'classification' | 'segmentation'; readonly classCount: number };
};

/** The documents of the templates that the benchmark times. */
export type BenchTemplates = {
  readonly lenet: NetworkDocument;
  readonly smallUnet: NetworkDocument;
  readonly resnet18: NetworkDocument;
};

/** What `--case` can name. */
export const benchCaseIds = ['lenet', 'unet-small', 'vgg-cifar', 'resnet-18'] as const;

/** The four networks of the benchmark. */
export function benchCases({ lenet, smallUnet, resnet18 }: BenchTemplates): readonly BenchCase[] {
  return [
    {
      id: 'lenet',
      label: 'LeNet 20-50-500-10, 28x28, batch 128',
      document: lenet,
      batchSize: 128,
      task: { kind: 'classification', classCount: 10 },
    },
    {
      id: 'unet-small',
      label: 'Small U-Net, 64x64, batch 8',
      document: smallUnet,
      batchSize: 8,
      task: { kind: 'segmentation', classCount: 11 },
    },
    {
      id: 'vgg-cifar',
      label: 'VGG style, 32x32x3, batch 32',
      document: vggStyle(),
      batchSize: 32,
      task: { kind: 'classification', classCount: 10 },
    },
    {
      id: 'resnet-18',
      label: 'ResNet-18, 64x64x3, batch 8',
      document: withInputShape(resnet18, [64, 64, 3]),
      batchSize: 8,
      task: { kind: 'classification', classCount: 1000 },
    },
  ];
}

/** Three pairs of 3x3 convs with a pool each, and two fully connected layers: 2.9 million parameters' little sister of VGG. */
function vggStyle(): NetworkDocument {
  const blocks = [64, 128, 256].flatMap((filters, block): readonly ChainLink[] => {
    const conv = { filters, kernelSize: 3, padding: 'same', activation: 'relu' };
    return [
      [`c${block + 1}a`, 'conv', conv],
      [`c${block + 1}b`, 'conv', conv],
      [`p${block + 1}`, 'pool', { mode: 'max', poolSize: 2 }],
    ];
  });
  return chainDocument(
    'VGG style',
    [32, 32, 3],
    [...blocks, ['f1', 'fc', { units: 256, activation: 'relu' }], ['f2', 'fc', { units: 10 }]],
  );
}

function withInputShape(document: NetworkDocument, shape: readonly number[]): NetworkDocument {
  const nodes = document.nodes.map((node) =>
    isInput(findLayer(node.kind)) ? { ...node, params: { ...node.params, shape: [...shape] } } : node,
  );
  return { ...document, nodes };
}

/** A node in the plain terms that a peer framework needs to build it. Shapes are per sample, channels last. */
export type PeerLayer = {
  readonly id: string;
  readonly kind: PeerKind;
  readonly inputs: readonly string[];
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
  /** `[top, bottom, left, right]` */
  readonly pads: readonly number[];
  /** The pads are TensorFlow's 'same'. */
  readonly same: boolean;
  readonly mode: string;
  readonly activation: string;
  readonly useBias: boolean;
  /** Share of the values that dropout sets to zero. */
  readonly rate: number;
};

/** What peers build without words of their own; a network with more is timed without them. */
const peerKinds = [
  'input',
  'conv',
  'activation',
  'pool',
  'fc',
  'gap',
  'upconv',
  'flatten',
  'add',
  'concat',
  'batchnorm',
  'dropout',
] as const satisfies readonly LayerKind[];

/** A kind that every peer's builder has words for. */
export type PeerKind = (typeof peerKinds)[number];

function peerKind(kind: string): PeerKind | undefined {
  return peerKinds.find((known) => known === kind);
}

/** The network for a peer framework, in an order in which it can be built; or the kind that peers are not taught. */
export function peerLayers(source: NetworkDocument): readonly PeerLayer[] | { readonly lacking: string } {
  const document = flatNetwork(source);
  const analysis = analyzeNetwork(document);
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const shapeOf = (id: string): readonly number[] =>
    (analysis.nodes.get(id)?.outputShape ?? []).map((size) => size ?? 0);
  const lacking = document.nodes.find(({ kind }) => peerKind(kind) === undefined);
  if (lacking !== undefined) return { lacking: lacking.kind };
  return analysis.order.flatMap((id): PeerLayer[] => {
    const node = nodes.get(id);
    const kind = peerKind(node?.kind ?? '');
    if (node === undefined || kind === undefined) return [];
    const inputs = document.edges
      .filter((edge) => edge.to === id)
      .toSorted((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0))
      .map((edge) => edge.from);
    return [peerLayer(node, kind, inputs, shapeOf(inputs[0] ?? id), shapeOf(id))];
  });
}

function peerLayer(
  { id, params }: NetworkNode,
  kind: PeerKind,
  inputs: readonly string[],
  inputShape: readonly number[],
  outputShape: readonly number[],
): PeerLayer {
  const kernel = pair(params['kernelSize'] ?? params['poolSize'] ?? 2);
  const strides = pair(params['strides'] ?? (kind === 'pool' ? kernel : kind === 'upconv' ? 2 : 1));
  const dilation = pair(params['dilationRate'] ?? 1);
  const text = (name: string, otherwise: string): string => {
    const value = params[name];
    return typeof value === 'string' ? value : otherwise;
  };
  const same = params['padding'] === 'same';
  const count = params['filters'] ?? params['units'];
  return {
    id,
    kind,
    inputs,
    inputShape,
    outputShape,
    filters: typeof count === 'number' ? count : 0,
    kernel,
    strides,
    dilation,
    groups: Number(params['groups'] ?? 1),
    pads: same ? samePads(inputShape, kernel, strides, dilation) : explicitPads(params['padding'] ?? 0),
    same,
    mode: text('mode', kind === 'gap' ? 'avg' : 'max'),
    activation: text('activation', text('function', kind === 'activation' ? 'relu' : 'linear')),
    useBias: params['useBias'] !== false,
    rate: Number(params['rate'] ?? 0),
  };
}

function pair(value: unknown): readonly [number, number] {
  if (typeof value === 'number') return [value, value];
  const [height, width] = Array.isArray(value) ? value.map(Number) : [1, 1];
  return [height ?? 1, width ?? 1];
}

function explicitPads(padding: unknown): readonly number[] {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  if (!Array.isArray(padding)) return [0, 0, 0, 0];
  const sizes = padding.map(Number);
  const [height = 0, width = 0] = sizes;
  return sizes.length === 4 ? sizes : [height, height, width, width];
}

/** Zeros at the top, bottom, left and right under TensorFlow's 'same'. */
function samePads(shape: readonly number[], kernel: Size2, strides: Size2, dilation: Size2): readonly number[] {
  return windowAxes(shape, kernel, strides, dilation, 'same').flatMap((axis) => resolvePadding(axis) ?? [0, 0]);
}
