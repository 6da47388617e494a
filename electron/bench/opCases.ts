import type { NetworkDocument, NetworkNode } from '../../shared/document';
import { chainDocument } from './chain';
import type { ChainLink } from './chain';
import type { BenchCase } from './network';

type Params = NetworkNode['params'];

/** What `--ops` times: one kind of layer, three times in a row, between an input and a small head. */
export const opCaseIds = ['up-conv', 'dilated', 'depthwise', 'batch-norm', 'large-kernel'] as const;

type OpRow = {
  readonly id: (typeof opCaseIds)[number];
  readonly label: string;
  /** Height, width and channels of what comes in. */
  readonly input: readonly [number, number, number];
  readonly layers: readonly (readonly [kind: string, params: Params])[];
};

const batchSize = 8;
const same = { padding: 'same', activation: 'relu' } as const;

function thrice(kind: string, params: Params): OpRow['layers'] {
  return [
    [kind, params],
    [kind, params],
    [kind, params],
  ];
}

const rows: readonly OpRow[] = [
  {
    id: 'up-conv',
    label: 'Up-convs 2x2, stride 2, 8x8x128 to 64x64x16',
    input: [8, 8, 128],
    layers: [64, 32, 16].map((filters) => ['upconv', { filters, kernelSize: 2, strides: 2, activation: 'relu' }]),
  },
  {
    id: 'dilated',
    label: 'Convs 3x3, dilation 2, 32x32x32',
    input: [32, 32, 32],
    layers: thrice('conv', { filters: 32, kernelSize: 3, dilationRate: 2, ...same }),
  },
  {
    id: 'depthwise',
    label: 'Depthwise convs 3x3, 32x32x64',
    input: [32, 32, 64],
    layers: thrice('conv', { filters: 64, kernelSize: 3, groups: 64, ...same }),
  },
  {
    id: 'batch-norm',
    label: 'Convs 1x1 with batch norm and relu, 32x32x64',
    input: [32, 32, 64],
    layers: thrice('conv', { filters: 64, kernelSize: 1, useBias: false }).flatMap((conv): OpRow['layers'] => [
      conv,
      ['batchnorm', {}],
      ['activation', { function: 'relu' }],
    ]),
  },
  {
    id: 'large-kernel',
    label: 'Convs 9x9, 32x32x16',
    input: [32, 32, 16],
    layers: thrice('conv', { filters: 16, kernelSize: 9, ...same }),
  },
];

/** Networks that are nearly nothing but one op, for the ops that the benchmark's networks have little of. */
export function opCases(): readonly BenchCase[] {
  return rows.map((row) => ({
    id: row.id,
    label: `${row.label}, batch ${batchSize}`,
    document: documentOf(row),
    batchSize,
    task: { kind: 'classification', classCount: 10 },
  }));
}

function documentOf({ label, input, layers }: OpRow): NetworkDocument {
  const links = layers.map(([kind, params], place): ChainLink => [`n${place + 1}`, kind, params]);
  return chainDocument(label, input, [...links, ['gap', 'gap', {}], ['scores', 'fc', { units: 10 }]]);
}
