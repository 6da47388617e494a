import { describe, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import type { Json, NetworkDocument } from '../../../shared/schema/document';
import { expectSlopes } from '../../support/finiteDifferences';
import { fed, held, type CaseArgument, type OpCase } from '../../support/opCases/opCase';

type Params = { readonly [name: string]: Json };
type Row = readonly [kind: string, params: Params, ...shapes: (readonly number[])[]];

/** One layer as an op case: its inputs are fed, its weights are held. */
function layerCase([kind, params, ...shapes]: Row): OpCase {
  const inputs = shapes.map((shape, port) => ({ id: `x${port}`, shape }));
  const document: NetworkDocument = {
    format: 'convloom.network',
    version: 1,
    name: kind,
    nodes: [
      ...inputs.map(({ id, shape }) => ({ id, kind: 'input', params: { shape } })),
      { id: 'layer', kind, params },
    ],
    edges: inputs.map(({ id }, toPort) => ({ from: id, to: 'layer', toPort })),
  };
  const analysis = analyzeNetwork(document);
  const node = analysis.nodes.get('layer');
  if (node?.state !== 'ok') throw new Error(JSON.stringify(analysis.diagnostics));
  const weights = node.weights.map(({ shape }): CaseArgument => held(shape));
  return {
    name: `${kind} ${JSON.stringify(params)} of ${JSON.stringify(shapes)}`,
    arguments: [...shapes.map((shape) => fed(shape)), ...weights],
    build: (ops, values) => {
      const weightValues = node.weights.map(({ name }, at) => [name, values[shapes.length + at]!] as const);
      const context = { nodeId: 'layer', params: node.params!, inputs: shapes, output: node.outputShape! };
      const given = values.slice(0, shapes.length);
      return node.definition!.lower(context, ops, given, Object.fromEntries(weightValues), 'train');
    },
    differentiable: true,
  };
}

const map = [3, 4, 4];
const rows: readonly Row[] = [
  ...['prelu', 'relu6', 'selu', 'softplus', 'hardsigmoid', 'hardswish', 'mish', 'logSoftmax'].map((name): Row => [
    'activation',
    { function: name },
    map,
  ]),
  ['activation', { function: 'prelu' }, [5]],
  ['activation', { function: 'clip', min: -0.3, max: 0.4 }, map],
  ['activation', { function: 'softmax', axis: 'height' }, map],
  ['activation', { function: 'logSoftmax', axis: 'width' }, map],
  ['add', {}, map, [1, 1, 4], [3, 4, 1], [4]],
  ['multiply', {}, map, [1, 1, 4], [3, 4, 1], [4]],
  ['multiply', {}, [4], map],
  ...['average', 'maximum', 'minimum'].map((mode): Row => ['merge', { mode }, map, map, map]),
  ['merge', { mode: 'subtract' }, map, map],
  ['slice', { from: 1, to: 3 }, map],
  ['slice', { axis: 'width', from: 1 }, map],
  ['shuffle', { groups: 2 }, map],
  ['shuffle', { groups: 3 }, [6]],
  ['gap', { keepDims: true }, map],
  ['scale', { scale: [1, 2, 3, 4], shift: -1 }, map],
  ['scale', { learned: 'scalar' }, map],
  ['scale', { learned: 'channel' }, map],
  ['scale', { learned: 'channel', shift: 0.5, center: false }, map],
  ['layernorm', {}, map],
  ['layernorm', { axis: 'all', center: false }, map],
  ['layernorm', {}, [7]],
  ['rmsnorm', {}, map],
  ['rmsnorm', { scale: false, epsilon: 0.1 }, [7]],
  ['grn', {}, map],
  ['groupnorm', { groups: 2 }, map],
  ['groupnorm', { groups: 4, scale: false }, map],
  ['attention', { heads: 2 }, map],
  ['attention', { heads: 3, headSize: 2, useBias: false, outputBias: false }, map],
  ['classToken', {}, map],
  ['position', {}, map],
  ...['max', 'avg', 'sum', 'l2'].map((mode): Row => [
    'pool',
    { mode, poolSize: 2, strides: [2, 1], dilationRate: [2, 3], padding: 1 },
    [6, 7, 2],
  ]),
  ['pool', { mode: 'avg', poolSize: 3, strides: 2, padding: 1, countIncludePad: true }, [4, 5, 2]],
  ['pool', { mode: 'avg', outputSize: [3, 4] }, [5, 6, 2]],
  ['pool', { mode: 'max', outputSize: [3, 4] }, [5, 6, 2]],
  ['pool', { mode: 'max', outputSize: [3, 2] }, [6, 2, 2]],
  ...['DCR', 'CRD'].flatMap((order): Row[] => [
    ['depthToSpace', { blockSize: 2, order }, [2, 3, 8]],
    ['spaceToDepth', { blockSize: 2, order }, [4, 6, 2]],
  ]),
  ['conv', { filters: 4, kernelSize: 2, groups: 2, weightStandardization: true }, map],
  ['upconv', { filters: 4, kernelSize: 3, groups: 2 }, map],
  ['upsample', { size: [5, 3], mode: 'bicubic' }, map],
  ['upsample', { factor: 2, mode: 'bilinear', coordinates: 'alignCorners' }, map],
  ['lrn', { radius: 1 }, map],
  ['reshape', { shape: [2, 3, null] }, map],
  ['permute', { order: [3, 1, 2] }, map],
  ['pad', { top: 1, bottom: 2, left: 3, mode: 'edge' }, map],
  ['pad', { top: 1, bottom: 2, left: 3, mode: 'constant', value: 2 }, map],
];

describe('the gradient of a layer is its slope', () => {
  it.each(rows.map((row) => [layerCase(row).name, row] as const))('%s', (_, row) => expectSlopes(layerCase(row)));

  it('unpool, by the places of another map', () => {
    const windows = { size: [2, 3], strides: [2, 4], pads: [1, 0, 0, 1] } as const;
    expectSlopes({
      name: 'unpool',
      arguments: [fed([4, 7, 2]), fed([2, 2, 2])],
      build: (ops, [x, values]) => ops.maxPoolGrad(x!, ops.maxPool(x!, windows), values!, windows),
      differentiable: true,
    });
  });
});
