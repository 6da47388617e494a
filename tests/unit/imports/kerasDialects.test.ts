import { describe, expect, it } from 'vitest';
import { readKerasModel } from '../../../shared/imports/keras/model';
import type { NetworkDocument } from '../../../shared/schema/document';

function read(model: unknown): NetworkDocument {
  const converted = readKerasModel('model.json', JSON.stringify(model), () => null);
  if (!converted.ok) throw new Error(converted.diagnostics[0]!.summary.en);
  return converted.value.document;
}

const kinds = ({ nodes }: NetworkDocument) =>
  nodes.map(({ kind, params }) => (typeof params['function'] === 'string' ? params['function'] : kind));

describe('JSON of Keras 2', () => {
  it('of a sequential model begins with the shape of its first layer', () => {
    const layer = (class_name: string, config: object) => ({ class_name, config });
    const document = read({
      class_name: 'Sequential',
      keras_version: '2.4.0',
      config: {
        name: 'sequential',
        layers: [
          layer('Conv2D', {
            name: 'c',
            batch_input_shape: [null, 8, 8, 3],
            filters: 4,
            kernel_size: [3, 3],
            activation: 'hard_sigmoid',
          }),
          layer('DepthwiseConv2D', { name: 'd', kernel_size: [3, 3], groups: 1 }),
          layer('Flatten', { name: 'f' }),
        ],
      },
    });
    // Its hard sigmoid is steeper than that of Keras 3: a factor stands before it.
    expect(kinds(document)).toEqual(['input', 'conv', 'scale', 'hardsigmoid', 'conv', 'flatten']);
    expect(document.nodes[2]!.params).toEqual({ scale: 1.2 });
    expect(document.nodes[0]!.params).toEqual({ shape: [8, 8, 3] });
  });

  it.each([
    ['Addons>InstanceNormalization', { groups: -1 }, 6],
    ['Addons>GroupNormalization', { groups: 3 }, 3],
  ])('has the %s of TensorFlow Addons as a group norm', (class_name, config, groups) => {
    const layers = [
      { class_name, config: { name: 'n', batch_input_shape: [null, 4, 4, 6], epsilon: 1e-5, ...config } },
    ];
    const { nodes } = read({ class_name: 'Sequential', keras_version: '2.4.0', config: { name: 's', layers } });
    expect(nodes.at(-1)).toMatchObject({ kind: 'groupnorm', params: { groups, epsilon: 1e-5 } });
  });

  it('takes the one scale of an RMS norm', () => {
    const config = { name: 'n', batch_input_shape: [null, 4, 4, 6], epsilon: 1e-4 };
    const model = {
      class_name: 'Sequential',
      keras_version: '3.9.0',
      config: { name: 's', layers: [{ class_name: 'RMSNormalization', config }] },
    };
    const read = readKerasModel('model.json', JSON.stringify(model), () => null);
    if (!read.ok) throw new Error(read.diagnostics[0]?.summary.en);
    expect(read.value.document.nodes.at(-1)).toMatchObject({ kind: 'rmsnorm', params: { epsilon: 1e-4 } });
  });

  it.each(['InstanceNormalization', 'GlobalResponseNormalization'])(
    'refuses %s, of which there is no layer, by its name',
    (class_name) => {
      const layers = [{ class_name, config: { name: 'n', batch_input_shape: [null, 4, 4, 6] } }];
      const model = { class_name: 'Sequential', keras_version: '2.4.0', config: { name: 's', layers } };
      const refused = readKerasModel('model.json', JSON.stringify(model), () => null);
      const said = refused.ok ? [] : refused.diagnostics.map(({ code, summary }) => [code, summary.en]);
      expect(said).toEqual([['import/layer-unknown', expect.stringContaining(`a ${class_name}`)]]);
    },
  );

  it('of the first versions may be the bare list of its layers', () => {
    const layers = [{ class_name: 'Dense', config: { name: 'd', batch_input_shape: [null, 5], units: 2 } }];
    expect(kinds(read({ class_name: 'Sequential', config: layers }))).toEqual(['input', 'fc']);
  });

  it('has operations between layers in TFOpLambda, with numbers and tensors among the named arguments', () => {
    const operation = (name: string, called: string, inbound_nodes: unknown) => ({
      class_name: 'TFOpLambda',
      name,
      config: { name, function: called },
      inbound_nodes,
    });
    const document = read({
      class_name: 'Functional',
      keras_version: '2.15.0',
      config: {
        name: 'm',
        layers: [
          {
            class_name: 'InputLayer',
            name: 'x',
            config: { name: 'x', batch_input_shape: [null, 4, 4, 2] },
            inbound_nodes: [],
          },
          operation('plus', '__operators__.add', [['x', 0, 0, { y: 3, name: null }]]),
          { class_name: 'ReLU', name: 'r', config: { name: 'r', max_value: 6 }, inbound_nodes: [[['plus', 0, 0, {}]]] },
          operation('times', 'math.multiply', [['_CONSTANT_VALUE', -1, 1 / 6, { y: ['r', 0, 0], name: null }]]),
          {
            class_name: 'Multiply',
            name: 'swish',
            config: { name: 'swish' },
            inbound_nodes: [
              [
                ['x', 0, 0, {}],
                ['times', 0, 0, {}],
              ],
            ],
          },
          operation('less', 'math.subtract', [['swish', 0, 0, { y: ['x', 0, 0], name: null }]]),
          operation('out', 'nn.relu', [['less', 0, 0, { name: null }]]),
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [['out', 0, 0]],
      },
    });
    expect(kinds(document)).toEqual(['input', 'hardswish', 'merge', 'relu']);
    expect(document.edges).toEqual([
      { from: 'x', to: 'swish' },
      { from: 'swish', to: 'less' },
      { from: 'x', to: 'less', toPort: 1 },
      { from: 'less', to: 'out' },
    ]);
  });

  it('has bounds, axes of a softmax, and channels for positions where they are here', () => {
    const operation = (name: string, called: string, from: string, named: object) => ({
      class_name: 'TFOpLambda',
      name,
      config: { name, function: called },
      inbound_nodes: [[from, 0, 0, { name: null, ...named }]],
    });
    const layer = (class_name: string, name: string, from: string, config: object) => ({
      class_name,
      name,
      config: { name, ...config },
      inbound_nodes: [[[from, 0, 0, {}]]],
    });
    const document = read({
      class_name: 'Functional',
      keras_version: '2.15.0',
      config: {
        name: 'm',
        layers: [
          {
            class_name: 'InputLayer',
            name: 'x',
            config: { name: 'x', batch_input_shape: [null, 4, 6, 8] },
            inbound_nodes: [],
          },
          layer('ReLU', 'r', 'x', { max_value: 3 }),
          operation('c', 'clip_by_value', 'r', { clip_value_min: -0.5, clip_value_max: 0.5 }),
          operation('d', 'nn.depth_to_space', 'c', { block_size: 2 }),
          layer('Softmax', 's', 'd', { axis: 1 }),
          layer('AdaptiveAveragePooling2D', 'p', 's', { output_size: [3, 5] }),
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [['p', 0, 0]],
      },
    });
    expect(document.nodes.slice(1).map(({ kind, params }) => [kind, params])).toEqual([
      ['activation', { function: 'clip', min: 0, max: 3 }],
      ['activation', { function: 'clip', min: -0.5, max: 0.5 }],
      ['depthToSpace', { blockSize: 2 }],
      ['activation', { function: 'softmax', axis: 'height' }],
      ['pool', { mode: 'avg', outputSize: [3, 5] }],
    ]);
  });
});

describe('JSON of Keras 3', () => {
  const tensor = (from: string, shape: readonly (number | null)[]) => ({
    class_name: '__keras_tensor__',
    config: { shape, dtype: 'float32', keras_history: [from, 0, 0] },
  });
  const layer = (class_name: string, name: string, reads: object | null, config: object = {}) => ({
    class_name,
    name,
    config: { name, ...config },
    inbound_nodes: reads === null ? [] : [{ args: [reads], kwargs: {} }],
  });
  const model = (isLast: boolean) => ({
    class_name: 'Functional',
    config: {
      name: 'm',
      layers: [
        layer('InputLayer', 'x', null, { batch_shape: [null, 4, 4, 2] }),
        layer('Mystery', 'odd', tensor('x', [null, 4, 4, 2])),
        ...(isLast ? [] : [layer('ReLU', 'r', tensor('odd', [null, 2, 4, 6]))]),
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [[isLast ? 'odd' : 'r', 0, 0]],
    },
  });

  it('has a layer that is not known as an opaque node with the shape that its reader says', () => {
    const { nodes } = read({ ...model(false), keras_version: '3.0.0' });
    expect(nodes.map(({ kind, params }) => [kind, params['operation'] ?? null, params['shape'] ?? null])).toEqual([
      ['input', null, [4, 4, 2]],
      ['opaque', 'Mystery', [2, 4, 6]],
      ['activation', null, null],
    ]);
  });

  it('is refused where nothing says what such a layer gives', () => {
    const refused = readKerasModel(
      'model.json',
      JSON.stringify({ ...model(true), keras_version: '3.0.0' }),
      () => null,
    );
    expect(refused.ok ? [] : refused.diagnostics.map(({ code }) => code)).toEqual(['import/layer-unknown']);
  });
});
