import { analyzeNetwork } from '../../shared/analysis/analyze';
import { createRandom } from '../../shared/ops/random';
import type { Json, NetworkDocument, NetworkEdge, NetworkNode } from '../../shared/schema/document';

type Pick = { <T>(values: readonly T[]): T };
type Params = { readonly [name: string]: Json };

/** Kinds with params to pick. */
type Kinds = readonly (readonly [kind: string, params: (pick: Pick) => Params])[];

/** What may stand behind any value; whatever does not fit there is taken back. */
const layers: Kinds = [
  [
    'conv',
    (pick) => ({
      filters: pick([2, 4, 6]),
      kernelSize: pick([1, 2, 3, 5]),
      strides: pick([1, 2]),
      dilationRate: pick([1, 1, 2]),
      groups: pick([1, 1, 2]),
      padding: pick<Json>(['same', 'valid', 1, [0, 1, 2, 1]]),
      useBias: pick([true, false]),
      activation: pick(['linear', 'relu', 'gelu', 'hardswish', 'mish', 'leakyRelu', 'softmax']),
    }),
  ],
  [
    'pool',
    (pick) => ({
      mode: pick(['max', 'avg', 'l2', 'sum']),
      poolSize: pick([2, 3]),
      strides: pick([1, 2, 3]),
      dilationRate: pick([1, 1, 1, 2]),
      countIncludePad: pick([true, false]),
      ...pick<Params>([
        { padding: 'same' },
        { padding: 1, rounding: 'ceil' },
        { rounding: 'ceil' },
        { padding: [1, 0] },
      ]),
    }),
  ],
  [
    'upconv',
    (pick) => ({
      filters: pick([2, 4]),
      kernelSize: pick([1, 2, 3, 4]),
      strides: pick([1, 2]),
      groups: pick([1, 2]),
      ...pick<Params>([{ padding: 'same' }, { padding: 1, outputPadding: 1 }, { padding: [0, 1, 1, 0] }]),
    }),
  ],
  [
    'upsample',
    (pick) => ({
      mode: pick(['nearest', 'bilinear', 'bicubic']),
      coordinates: pick(['halfPixel', 'alignCorners', 'asymmetric']),
      ...pick<Params>([{ factor: 2 }, { size: [7, 11] }]),
    }),
  ],
  ['activation', (pick) => ({ function: pick(['prelu', 'elu', 'selu', 'softplus', 'hardsigmoid', 'logSoftmax']) })],
  ['activation', (pick) => ({ function: 'softmax', axis: pick(['channels', 'height', 'width']) })],
  ['activation', (pick) => ({ function: 'clip', min: pick([0, -0.5]), max: pick<Json>([0.5, null]) })],
  ['pool', (pick) => ({ mode: pick(['max', 'avg']), outputSize: pick<Json>([2, 3, [3, 5]]) })],
  ['depthToSpace', (pick) => ({ blockSize: 2, order: pick(['DCR', 'CRD']) })],
  ['spaceToDepth', (pick) => ({ blockSize: 2, order: pick(['DCR', 'CRD']) })],
  ['batchnorm', (pick) => ({ scale: pick([true, false]), center: pick([true, false]) })],
  ['layernorm', (pick) => ({ axis: pick(['channels', 'all']), scale: pick([true, false]), epsilon: 0.01 })],
  ['rmsnorm', (pick) => ({ scale: pick([true, false]), epsilon: 0.01 })],
  ['grn', () => ({})],
  ['groupnorm', (pick) => ({ groups: pick([1, 2, 4]), center: pick([true, false]), epsilon: 0.01 })],
  ['lrn', (pick) => ({ radius: pick([1, 2, 9]), alpha: 0.1 })],
  ['scale', (pick) => ({ scale: pick([1, 0.5]), shift: pick([0, -1]), learned: pick<Json>([false, 'channel']) })],
  ['pad', (pick) => ({ top: 1, left: pick([0, 2]), mode: pick(['zero', 'constant', 'reflect', 'edge']), value: 2 })],
  ['crop', (pick) => ({ top: pick([0, 1]), right: pick([0, 2]) })],
  ['slice', (pick) => ({ axis: pick(['channels', 'height', 'width']), from: pick([0, 1]), to: pick<Json>([2, 4]) })],
  ['shuffle', (pick) => ({ groups: pick([2, 4]) })],
  [
    'permute',
    (pick) => ({
      order: pick<Json>([
        [2, 1, 3],
        [3, 1, 2],
        [1, 3, 2],
      ]),
    }),
  ],
  ['reshape', () => ({ shape: [null] })],
  ['dropout', () => ({})],
  ['flatten', () => ({})],
  ['gap', (pick) => ({ mode: pick(['avg', 'max']), keepDims: pick([true, false]) })],
  ['fc', (pick) => ({ units: pick([3, 5]), activation: pick(['relu', 'sigmoid']) })],
];

/** What transformers are made of, among the others. */
export const withTransformers: Kinds = [
  ...layers,
  ...Array.from(
    { length: 6 },
    () =>
      [
        'attention',
        (pick: Pick) => ({ heads: pick([1, 2]), headSize: pick<Json>([null, 3]), useBias: pick([true, false]) }),
      ] as const,
  ),
  ...Array.from({ length: 3 }, () => ['position', () => ({})] as const),
  ...Array.from({ length: 3 }, () => ['classToken', () => ({})] as const),
];

const merges: readonly (readonly [kind: string, params: Params])[] = [
  ['add', {}],
  ['multiply', {}],
  ['concat', {}],
  ['merge', { mode: 'average' }],
  ['merge', { mode: 'maximum' }],
  ['crop', {}],
];

/**
 * A network without errors that is the same for the same seed: `count` layers, each behind one or two values that are there.
 * `accepts`: what the network may be at each step, such as what a file of some kind can say.
 * `kinds`: what it is made of.
 */
export function randomNetwork(
  seed: number,
  count: number,
  accepts: (document: NetworkDocument) => boolean = () => true,
  kinds: Kinds = layers,
): NetworkDocument {
  const random = createRandom(seed);
  const pick: Pick = (values) => values[Math.floor(random.uniform() * values.length)]!;
  let document: NetworkDocument = {
    format: 'convloom.network',
    version: 1,
    name: `Random ${seed}`,
    nodes: [{ id: 'image', kind: 'input', params: { shape: [pick([8, 11]), pick([9, 12]), pick([2, 4])] } }],
    edges: [],
  };
  for (let tries = 0; document.nodes.length <= count && tries < 20 * count; tries++) {
    const ids = document.nodes.map(({ id }) => id);
    const recent = ids.slice(-3);
    const isMerge = random.uniform() < 0.25;
    const [kind, params] = isMerge
      ? pick(merges)
      : ((): readonly [string, Params] => {
          const [name, make] = pick(kinds);
          return [name, make(pick)];
        })();
    const sources = isMerge ? [pick(recent), pick(ids)] : [pick(recent)];
    const node: NetworkNode = { id: `n${ids.length}`, kind, params };
    const edges = sources.map((from, toPort): NetworkEdge => ({
      from,
      to: node.id,
      ...(toPort === 0 ? {} : { toPort }),
    }));
    const longer = { ...document, nodes: [...document.nodes, node], edges: [...document.edges, ...edges] };
    const { ok, nodes } = analyzeNetwork(longer);
    const size = nodes.get(node.id)?.outputShape?.reduce<number>((product, one) => product * (one ?? 1), 1) ?? 0;
    if (ok && size <= 4096 && accepts(longer)) document = longer;
  }
  return document;
}
