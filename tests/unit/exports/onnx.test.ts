import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printOnnx, type OnnxModel } from '../../../shared/exports/onnx';
import { permuted, toChannelsFirst, toChannelsLast } from '../../../shared/exports/onnx/layout';
import { hasExactPlaces } from '../../../shared/exports/onnx/resizing';
import type { Learned } from '../../../shared/exports/learned';
import type { FloatTensors } from '../../../shared/ops/tensor';
import type { NetworkDocument } from '../../../shared/schema/document';
import { chain } from '../../support/chain';
import { chainNetwork, wiredNetwork } from '../../support/networks';
import { onnxModel } from '../../support/onnxExport';
import { closedNetwork, randomWeightsOf } from '../../support/referenceAnswer';

const modelOf = (document: NetworkDocument): OnnxModel =>
  onnxModel(document, randomWeightsOf(closedNetwork(document, 12)));
const opsOf = ({ nodes }: OnnxModel): readonly string[] => nodes.map(({ opType }) => opType);

function codesOf(document: NetworkDocument, weights: () => FloatTensors = () => ({})): readonly string[] {
  const printed = printOnnx(document, analyzeNetwork(document), weights);
  return printed.ok ? [] : printed.diagnostics.map(({ code }) => code);
}

const lenet = chain([
  ['image', 'input', { shape: [28, 28, 1] }],
  ['c1', 'conv', { filters: 4, kernelSize: 5 }],
  ['a1', 'activation', { function: 'relu' }],
  ['p1', 'pool', {}],
  ['list', 'flatten'],
  ['off', 'dropout'],
  ['f1', 'fc', { units: 10, activation: 'softmax' }],
]);

describe('an ONNX model', () => {
  it('has a node a layer, by the names of the document, and nothing of what training alone needs', () => {
    const model = modelOf(lenet);
    expect(model.nodes.map(({ name, opType, outputs }) => [name, opType, outputs[0]])).toEqual([
      ['c1', 'Conv', 'c1'],
      ['a1', 'Relu', 'a1'],
      ['p1', 'MaxPool', 'p1'],
      ['list', 'Flatten', 'list'],
      ['f1/Gemm', 'Gemm', 'f1/Gemm'],
      ['f1', 'Softmax', 'f1'],
    ]);
    expect(model.initializers.map(({ name, shape }) => [name, shape])).toEqual([
      ['c1/kernel', [4, 1, 5, 5]],
      ['c1/bias', [4]],
      ['f1/kernel', [576, 10]],
      ['f1/bias', [10]],
    ]);
    expect(model.inputs).toEqual([{ name: 'image', type: 'float32', shape: ['batch', 1, 28, 28] }]);
    expect(model.outputs).toEqual([{ name: 'f1', type: 'float32', shape: ['batch', 10] }]);
    expect(model.values?.map(({ name, shape }) => [name, shape])).toEqual([
      ['c1', ['batch', 4, 24, 24]],
      ['a1', ['batch', 4, 24, 24]],
      ['p1', ['batch', 4, 12, 12]],
      ['list', ['batch', 576]],
    ]);
    expect([model.opsets, model.irVersion]).toEqual([{ '': 13 }, 7]);
  });

  it('says what the model has learned of its data', () => {
    const learned: Learned = {
      task: 'classification',
      classes: ['cat', '“dog”'],
      scaling: { mean: [0.5], deviation: [0.25] },
    };
    const printed = printOnnx(lenet, analyzeNetwork(lenet), () => randomWeightsOf(lenet), learned);
    expect(printed.ok && printed.value.metadata).toEqual({
      name: 'test',
      layout: 'channels first',
      task: 'classification',
      classes: '["cat","“dog”"]',
      scaling: '{"mean":[0.5],"deviation":[0.25]}',
    });
  });

  it('keeps sizes open, by names', () => {
    const model = modelOf(chainNetwork([null, null, 3], ['conv', { filters: 2, kernelSize: 3 }], ['gap']));
    expect(model.inputs[0]!.shape).toEqual(['batch', 3, 'image_height', 'image_width']);
    expect(model.values?.[0]?.shape).toEqual(['batch', 2, null, null]);
    expect(model.outputs[0]!.shape).toEqual(['batch', 2]);
  });

  it.each([
    ['layernorm', [{}], 17],
    ['pool', [{ poolSize: 2 }], 13],
    ['activation', [{ function: 'gelu' }], 13],
    ['upsample', [{ size: [13, 5], mode: 'bicubic' }], 13],
  ] as const)('needs no newer operator set than %s has: %j', (kind, [params], opset) => {
    expect(modelOf(chainNetwork([8, 8, 4], [kind, params])).opsets).toEqual({ '': opset });
  });

  it('turns a list into the order of the app only where something but a kernel reads it', () => {
    expect(opsOf(modelOf(lenet))).not.toContain('Transpose');
    const read = wiredNetwork({
      image: ['input', { shape: [4, 4, 3] }],
      list: ['flatten', {}, 'image'],
      scores: ['fc', { units: 2 }, 'list'],
      both: ['concat', {}, 'list', 'scores'],
    });
    expect(opsOf(modelOf(read))).toEqual(['Transpose', 'Flatten', 'Gemm', 'Concat']);
  });

  it('gives every output its own name, and every value one name only', () => {
    const model = modelOf(
      wiredNetwork({
        image: ['input', { shape: [4, 5, 3] }],
        off: ['dropout', {}, 'image'],
        alone: ['input', { shape: [3] }],
      }),
    );
    expect(model.outputs.map(({ name }) => name)).toEqual(['alone/output', 'off']);
    expect(opsOf(model)).toEqual(['Identity', 'Identity']);
  });

  it.each([
    [
      'a window with gaps and steps',
      ['conv', { filters: 2, kernelSize: 3, strides: 2, dilationRate: 2, padding: 'same' }],
    ],
    ['a mean with gaps over padding', ['pool', { mode: 'avg', poolSize: 2, strides: 1, dilationRate: 2, padding: 1 }]],
    ['a last window beyond the edge', ['pool', { mode: 'sum', poolSize: 2, strides: 3, rounding: 'ceil' }]],
  ] as const)('refuses %s while sizes are open, and takes it where they are known', (_what, layer) => {
    const open = chainNetwork([null, null, 2], layer);
    const closed = closedNetwork(open, 11);
    expect([open, closed].map((network) => codesOf(network, () => randomWeightsOf(closed)))).toEqual([
      ['export/size-open'],
      [],
    ]);
  });

  it.each([
    ['fc', { units: 2 }],
    ['layernorm', { axis: 'all' }],
  ] as const)('refuses %s with weights for each place while sizes are open', (kind, params) => {
    expect(codesOf(chainNetwork([null, 8, 2], [kind, params]))).toEqual(['export/size-open']);
  });

  it('refuses more weights than one file holds, before it asks for any', () => {
    const large = chainNetwork([64, 64, 64], ['fc', { units: 4096 }]);
    const never = (): never => {
      throw new Error('The weights were asked for.');
    };
    expect(codesOf(large, never)).toEqual(['export/too-large']);
  });

  it("refuses a network with errors, with the analyser's own findings", () => {
    expect(codesOf(chainNetwork([4, 4, 1], ['conv', { filters: 1, kernelSize: 9 }]))).toEqual([
      'layers/window-too-large',
    ]);
  });
});

describe('the order of axes', () => {
  it('is turned and turned back', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(shapes, (shape) => {
        const count = shape.reduce((product, size) => product * size, 1);
        const tensor = { dtype: 'float32', shape, data: Float32Array.from({ length: count }, (_, at) => at) } as const;
        const first = toChannelsFirst(tensor);
        expect(first.shape).toEqual([shape[0], shape[3], shape[1], shape[2]]);
        expect(toChannelsLast(first)).toEqual(tensor);
      }),
    );
  });

  it('copies whole rows where the last axis stays', () => {
    const rows = Float32Array.from({ length: 12 }, (_, at) => at);
    expect([...permuted(rows, [2, 3, 2], [1, 0, 2])]).toEqual([0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
  });
});

describe('nearest places', () => {
  it.each([
    ['halfPixel', 10, 20, true],
    ['halfPixel', 9, 13, true],
    ['halfPixel', 10, 25, true],
    ['halfPixel', 20, 22, false],
    ['halfPixel', 30, 70, true],
    ['asymmetric', 20, 22, false],
    ['alignCorners', 20, 22, true],
  ] as const)('are the same for every reader, %s from %i to %i: %s', (coordinates, from, to, same) => {
    expect(hasExactPlaces(coordinates, from, to)).toBe(same);
  });
});
