import type { BlockDefinition, Json, NetworkDocument, NetworkNode } from '../../../shared/schema/document';

type Params = { readonly [name: string]: Json };
type Wired = { readonly [id: string]: readonly [kind: string, params: Params, ...sources: string[]] };

function wired(nodes: Wired): Pick<BlockDefinition, 'nodes' | 'edges'> {
  const entries = Object.entries(nodes);
  return {
    nodes: entries.map(([id, [kind, params]]): NetworkNode => ({ id, kind, params })),
    edges: entries.flatMap(([id, [, , ...sources]]) => sources.map((from, toPort) => ({ from, to: id, toPort }))),
  };
}

function block(params: Params, nodes: Wired): BlockDefinition {
  return { params, ...wired(nodes) };
}

function network(blocks: { readonly [name: string]: BlockDefinition }, nodes: Wired): NetworkDocument {
  return { format: 'convloom.network', version: 2, name: 'Blocks', blocks, ...wired(nodes) };
}

const param = (name: string, times?: number): Json => (times === undefined ? { param: name } : { param: name, times });

/** A convolution of which nearly all is a param of its block. */
const conv = block(
  { filters: 4, kernelSize: 1, strides: 1, padding: 0, activation: 'linear', useBias: true },
  {
    in: ['port', {}],
    conv: [
      'conv',
      {
        filters: param('filters'),
        kernelSize: param('kernelSize'),
        strides: param('strides'),
        padding: param('padding'),
        activation: param('activation'),
        useBias: param('useBias'),
      },
      'in',
    ],
    bn: ['batchnorm', {}, 'conv'],
  },
);

const residual = block(
  { filters: 4 },
  {
    in: ['port', {}],
    narrow: ['block', { block: 'conv', filters: param('filters'), activation: 'relu' }, 'in'],
    wide: ['block', { block: 'conv', filters: param('filters', 2), kernelSize: 3, padding: 1 }, 'narrow'],
    add: ['add', {}, 'wide', 'in'],
  },
);

const map = { shape: [9, 10, 4] };

/** Networks with blocks: all that their functions, params, loops and names can be. */
export const blockNetworks: { readonly [name: string]: NetworkDocument } = {
  'block-params': network(
    { conv },
    {
      image: ['input', map],
      a: ['block', { block: 'conv' }, 'image'],
      b: ['block', { block: 'conv', filters: 6, kernelSize: [3, 1], padding: [1, 1, 0, 0], activation: 'tanh' }, 'a'],
      c: ['block', { block: 'conv', kernelSize: 3, strides: [2, 1], padding: [0, 1, 1, 0], useBias: false }, 'b'],
      // 'same' has no padding layer, and a leaky ReLU is a layer of its own: other calls, so other functions.
      d: ['block', { block: 'conv', kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }, 'c'],
      e: ['block', { block: 'conv', activation: 'leakyRelu' }, 'd'],
    },
  ),
  'block-nested-loops': network(
    {
      conv,
      residual,
      stage: block(
        { width: 4, more: 2 },
        {
          in: ['port', {}],
          first: ['block', { block: 'conv', filters: param('width', 2), kernelSize: 3, strides: 2, padding: 1 }, 'in'],
          rest: ['block', { block: 'residual', filters: param('width'), repeat: param('more') }, 'first'],
        },
      ),
    },
    {
      image: ['input', map],
      s1: ['block', { block: 'stage' }, 'image'],
      s2: ['block', { block: 'stage', width: 3, more: 3 }, 's1'],
      // One copy is no loop: its ids have no number.
      s3: ['block', { block: 'stage', width: 2, more: 1 }, 's2'],
      fc: ['fc', { units: 3 }, 's3'],
    },
  ),
  'block-copies-that-differ': network(
    {
      // Depthwise behind four channels, grouped behind eight.
      grouped: block(
        { activation: 'relu' },
        {
          in: ['port', {}],
          c: ['conv', { filters: 8, kernelSize: 3, groups: 4, padding: 1 }, 'in'],
          f: ['activation', { function: param('activation') }, 'c'],
        },
      ),
      // Flattens what is no vector yet.
      head: block(
        { units: 6 },
        { x: ['port', {}], f: ['fc', { units: param('units') }, 'x'], flat: ['flatten', {}, 'f'] },
      ),
    },
    {
      image: ['input', map],
      g: ['block', { block: 'grouped', repeat: 3 }, 'image'],
      t: ['block', { block: 'grouped', activation: 'tanh' }, 'g'],
      h: ['block', { block: 'head', repeat: 2 }, 't'],
      end: ['block', { block: 'head', units: 3 }, 'h'],
    },
  ),
  'block-ports': network(
    {
      gate: block(
        {},
        {
          value: ['port', {}],
          other: ['port', {}],
          unread: ['port', {}],
          one: ['add', {}, 'value'],
          sum: ['add', {}, 'one', 'other'],
          c: ['conv', { filters: 4, kernelSize: 3, padding: 'same' }, 'sum'],
        },
      ),
    },
    {
      image: ['input', map],
      skip: ['conv', { filters: 4, kernelSize: 1 }, 'image'],
      g: ['block', { block: 'gate', repeat: 2 }, 'image', 'skip', 'skip'],
      out: ['gap', {}, 'g'],
      // An output inside a block, beside one that is not.
      last: ['block', { block: 'gate' }, 'g', 'g', 'g'],
    },
  ),
  'block-softmax': network(
    {
      end: block(
        {},
        { x: ['port', {}], fc: ['fc', { units: 3 }, 'x'], p: ['activation', { function: 'softmax' }, 'fc'] },
      ),
    },
    { image: ['input', map], end: ['block', { block: 'end' }, 'image'] },
  ),
  'block-with-input': network(
    { source: block({}, { i: ['input', map], c: ['conv', { filters: 2, kernelSize: 1 }, 'i'] }) },
    { s: ['block', { block: 'source' }], out: ['fc', { units: 2 }, 's'] },
  ),
  'block-derived-values': network(
    {
      // The multiplier follows from a param and from what the block is wired to.
      deep: block(
        { filters: 8, padding: 1 },
        {
          x: ['port', {}],
          a: ['conv', { filters: param('filters'), kernelSize: 3, groups: 4, padding: param('padding') }, 'x'],
          b: ['conv', { filters: 4, kernelSize: 3, padding: param('padding') }, 'a'],
          sized: ['crop', { offset: 'center' }, 'x', 'b'],
          sum: ['add', {}, 'sized', 'b'],
        },
      ),
    },
    {
      image: ['input', map],
      a: ['block', { block: 'deep' }, 'image'],
      b: ['block', { block: 'deep', filters: 12, padding: 0 }, 'a'],
      c: ['block', { block: 'deep', filters: 4 }, 'b'],
    },
  ),
  'block-lists-and-choices': network(
    {
      mixed: block(
        {
          taken: 4,
          groups: 2,
          over: 'channels',
          factor: 0.5,
          alpha: 0.1,
          order: [1, 2, 3],
          shape: [9, 10, 4],
          to: 'halfPixel',
        },
        {
          in: ['port', {}],
          slice: ['slice', { to: param('taken') }, 'in'],
          shuffle: ['shuffle', { groups: param('groups') }, 'slice'],
          group: ['groupnorm', { groups: param('groups') }, 'shuffle'],
          layer: ['layernorm', { axis: param('over') }, 'group'],
          scale: ['scale', { scale: param('factor'), shift: 1, learned: 'channel' }, 'layer'],
          prelu: ['activation', { function: 'prelu', alpha: param('alpha') }, 'scale'],
          permute: ['permute', { order: param('order') }, 'prelu'],
          reshape: ['reshape', { shape: param('shape') }, 'permute'],
          up: ['upsample', { factor: 2, mode: 'bilinear', coordinates: param('to') }, 'reshape'],
          pool: ['pool', { mode: 'max', poolSize: 2, padding: 0 }, 'up'],
        },
      ),
    },
    {
      image: ['input', map],
      a: ['block', { block: 'mixed', repeat: 2 }, 'image'],
      b: [
        'block',
        { block: 'mixed', factor: [1, 2, 0.5, -1], order: [2, 1, 3], over: 'all', groups: 4, to: 'asymmetric' },
        'a',
      ],
      // Not over its two channels: of two values a layer norm keeps only which is larger, and no slope tells that.
      c: ['block', { block: 'mixed', taken: 2, factor: [3, 2], over: 'all', shape: [10, null, 3], alpha: 0.3 }, 'b'],
    },
  ),
  'block-names': network(
    {
      conv: block(
        { name: 2, conv: 3, zeroPad: 1, 滤波器: 2 },
        {
          名: ['port', {}],
          name: ['conv', { filters: param('name'), kernelSize: 1 }, '名'],
          copy: ['conv', { filters: param('conv'), kernelSize: param('zeroPad') }, 'name'],
          x: ['conv', { filters: param('滤波器'), kernelSize: 1 }, 'copy'],
        },
      ),
      Conv: block({}, { in: ['port', {}], conv: ['block', { block: 'conv', name: 5, repeat: 2 }, 'in'] }),
      残差: block({ conv: 1 }, { in: ['port', {}], c: ['block', { block: 'conv', conv: param('conv') }, 'in'] }),
    },
    {
      image: ['input', map],
      conv: ['block', { block: 'conv' }, 'image'],
      name: ['block', { block: 'Conv' }, 'conv'],
      copy: ['block', { block: '残差', conv: 4 }, 'name'],
      buildModel: ['block', { block: '残差' }, 'copy'],
    },
  ),
};
