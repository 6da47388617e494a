import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { applyFix } from '../../../shared/analysis/fixes';
import { checkerboard } from '../../../shared/diagnostics/catalog/analysis';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import type { NetworkDocument, NetworkEdge, NetworkNode } from '../../../shared/document';

type Row = readonly [id: string, kind: string, params?: NetworkNode['params']];

/** `a>b` is a wire, `a>b:1` one into port 1. */
function network(rows: readonly Row[], wires: string): NetworkDocument {
  const edges = wires
    .split(' ')
    .filter((wire) => wire !== '')
    .map((wire): NetworkEdge => {
      const [from = '', rest = ''] = wire.split('>');
      const [to = '', port] = rest.split(':');
      return port === undefined ? { from, to } : { from, to, toPort: Number(port) };
    });
  const nodes = rows.map(([id, kind, params = {}]) => ({ id, kind, params }));
  return { format: 'convloom.network', version: 1, name: 'test', nodes, edges };
}

const x28: Row = ['x', 'input', { shape: [28, 28, 1] }];
const conv = (id: string, filters = 4, kernelSize = 3, more: NetworkNode['params'] = {}): Row => [
  id,
  'conv',
  { filters, kernelSize, activation: 'relu', ...more },
];
const pool = (id: string, more: NetworkNode['params'] = {}): Row => [id, 'pool', { poolSize: 2, ...more }];

type Case = {
  readonly mistake: string;
  readonly document: NetworkDocument;
  readonly code: string;
  readonly at: Diagnostic['at'];
  /** Findings with causes of their own. */
  readonly also?: readonly string[];
};

const cases: readonly Case[] = [
  {
    mistake: 'two nodes with one id',
    document: network([x28, conv('c'), conv('c')], 'x>c'),
    code: 'graph/duplicate-id',
    at: { nodeId: 'c', path: 'nodes[2].id' },
  },
  {
    mistake: 'a wire from a node that is not there',
    document: network([x28, conv('c0'), conv('c1')], 'x>c0 y>c1'),
    code: 'graph/dangling-edge',
    at: { nodeId: 'c1', port: 0, path: 'edges[1].from' },
  },
  {
    mistake: 'a wire to a node that is not there',
    document: network([x28, conv('c1')], 'x>c1 c1>c2'),
    code: 'graph/dangling-edge',
    at: { nodeId: 'c1', path: 'edges[1].to' },
  },
  {
    mistake: 'a cycle',
    document: network([x28, conv('c1'), ['s', 'add'], conv('c2', 4, 3, { padding: 'same' })], 'x>c1 c1>s s>c2 c2>s:1'),
    code: 'graph/cycle',
    at: { nodeId: 's' },
  },
  {
    mistake: 'two wires in one port',
    document: network([x28, conv('a'), conv('b'), conv('c')], 'x>a x>b a>c b>c'),
    code: 'graph/port-taken',
    at: { nodeId: 'c', port: 0 },
  },
  {
    mistake: 'a wire into a port that is not there',
    document: network([x28, conv('a')], 'x>a x>a:1'),
    code: 'graph/no-such-port',
    at: { nodeId: 'a', port: 1 },
  },
  {
    mistake: 'an orphan',
    document: network([x28, conv('a'), conv('b')], 'x>a'),
    code: 'graph/missing-input',
    at: { nodeId: 'b', port: 0 },
  },
  {
    mistake: 'a conv without any input node',
    document: network([conv('a')], ''),
    code: 'graph/missing-input',
    at: { nodeId: 'a', port: 0 },
  },
  {
    mistake: 'an input that nothing reads',
    document: network([x28, conv('a'), ['y', 'input', { shape: [8, 8, 3] }]], 'x>a'),
    code: 'graph/unused-input',
    at: { nodeId: 'y' },
  },
  {
    mistake: 'an unknown kind that is nearly right',
    document: network([x28, ['c', 'convv', { filters: 4, kernelSize: 3 }]], 'x>c'),
    code: 'layers/unknown-kind',
    at: { nodeId: 'c', path: 'nodes[1].kind' },
  },
  {
    mistake: "another tool's name for a kind",
    document: network([x28, ['d', 'Dense', { units: 10 }]], 'x>d'),
    code: 'layers/unknown-kind',
    at: { nodeId: 'd', path: 'nodes[1].kind' },
  },
  {
    mistake: 'a misspelt param',
    document: network([x28, ['c', 'conv', { filters: 4, kernelSize: 3, stride: 2 }]], 'x>c'),
    code: 'layers/unknown-param',
    at: { nodeId: 'c', param: 'stride', path: 'nodes[1].params.stride' },
  },
  {
    mistake: 'a param of another layer',
    document: network([x28, ['p', 'pool', { colour: 'red' }]], 'x>p'),
    code: 'layers/unknown-param',
    at: { nodeId: 'p', param: 'colour', path: 'nodes[1].params.colour' },
  },
  {
    mistake: 'a param left out',
    document: network([x28, ['c', 'conv', { kernelSize: 3 }]], 'x>c'),
    code: 'layers/missing-param',
    at: { nodeId: 'c', param: 'filters', path: 'nodes[1].params.filters' },
  },
  {
    mistake: 'a size of zero',
    document: network([x28, conv('c', 4, 0)], 'x>c'),
    code: 'layers/wrong-param',
    at: { nodeId: 'c', param: 'kernelSize', path: 'nodes[1].params.kernelSize' },
  },
  {
    mistake: 'a million filters',
    document: network([x28, conv('c', 1_000_000)], 'x>c'),
    code: 'layers/wrong-param',
    at: { nodeId: 'c', param: 'filters', path: 'nodes[1].params.filters' },
  },
  {
    mistake: 'a kernel larger than what is left',
    document: network(
      [x28, conv('c1', 4), pool('p1'), conv('c2', 4), pool('p2'), conv('c3', 4), conv('c4', 4), conv('c5', 4)],
      'x>c1 c1>p1 p1>c2 c2>p2 p2>c3 c3>c4 c4>c5',
    ),
    code: 'layers/window-too-large',
    at: { nodeId: 'c5' },
    also: ['layers/border-lost'],
  },
  {
    mistake: 'a pool larger than its input',
    document: network([['x', 'input', { shape: [3, 3, 1] }], pool('p', { poolSize: 4 })], 'x>p'),
    code: 'layers/window-too-large',
    at: { nodeId: 'p' },
  },
  {
    mistake: 'channels first, where all still fits',
    document: network([['x', 'input', { shape: [3, 224, 224] }], conv('c')], 'x>c'),
    code: 'layers/channels-first',
    at: { nodeId: 'x', param: 'shape' },
  },
  {
    mistake: 'channels first, where a window does not fit because of it',
    document: network([['x', 'input', { shape: [3, 224, 224] }], conv('c', 8, 7)], 'x>c'),
    code: 'layers/window-too-large',
    at: { nodeId: 'c' },
  },
  {
    mistake: 'a wire from a node to itself',
    document: network([x28, conv('a')], 'x>a a>a'),
    code: 'graph/cycle',
    at: { nodeId: 'a' },
  },
  {
    mistake: 'an up-conv that comes back one too small',
    document: network(
      [
        ['x', 'input', { shape: [24, 24, 4] }],
        conv('d', 4, 3, { strides: 2, padding: 1 }),
        ['u', 'upconv', { filters: 4, kernelSize: 3, padding: 1 }],
        ['s', 'add'],
      ],
      'x>d d>u u>s x>s:1',
    ),
    code: 'layers/add-mismatch',
    at: { nodeId: 's', port: 1 },
    also: ['layers/checkerboard'],
  },
  {
    mistake: 'a conv behind FC',
    document: network([x28, ['f', 'fc', { units: 10, activation: 'relu' }], conv('c')], 'x>f f>c'),
    code: 'graph/wrong-rank',
    at: { nodeId: 'c', port: 0 },
  },
  {
    mistake: 'an up-conv behind flatten and GAP',
    document: network([x28, conv('c'), ['g', 'gap'], ['u', 'upconv', { filters: 2, kernelSize: 2 }]], 'x>c c>g g>u'),
    code: 'graph/wrong-rank',
    at: { nodeId: 'u', port: 0 },
  },
  {
    mistake: 'channels that do not divide into groups',
    document: network([['x', 'input', { shape: [8, 8, 3] }], conv('c', 4, 3, { groups: 2 })], 'x>c'),
    code: 'layers/groups-mismatch',
    at: { nodeId: 'c', param: 'groups' },
  },
  {
    mistake: 'filters that do not divide into groups',
    document: network([['x', 'input', { shape: [8, 8, 4] }], conv('c', 7, 3, { groups: 2 })], 'x>c'),
    code: 'layers/groups-mismatch',
    at: { nodeId: 'c', param: 'groups' },
  },
  {
    mistake: 'pool padding as wide as the window',
    document: network([x28, pool('p', { padding: 2 })], 'x>p'),
    code: 'layers/padding-too-large',
    at: { nodeId: 'p', param: 'padding' },
  },
  {
    mistake: 'outputPadding as large as the stride',
    document: network([x28, ['u', 'upconv', { filters: 2, kernelSize: 4, strides: 2, outputPadding: 2 }]], 'x>u'),
    code: 'layers/output-padding-too-large',
    at: { nodeId: 'u', param: 'outputPadding' },
  },
  {
    mistake: "outputPadding with 'same'",
    document: network(
      [x28, ['u', 'upconv', { filters: 2, kernelSize: 4, strides: 2, padding: 'same', outputPadding: 1 }]],
      'x>u',
    ),
    code: 'layers/param-conflict',
    at: { nodeId: 'u', param: 'outputPadding' },
  },
  {
    mistake: 'an up-conv whose padding cuts everything off',
    document: network(
      [
        ['x', 'input', { shape: [2, 2, 1] }],
        ['u', 'upconv', { filters: 2, kernelSize: 2, padding: 9 }],
      ],
      'x>u',
    ),
    code: 'layers/nothing-left',
    at: { nodeId: 'u' },
  },
  {
    mistake: 'a crop that cuts everything off',
    document: network([x28, ['k', 'crop', { top: 20, bottom: 8 }]], 'x>k'),
    code: 'layers/nothing-left',
    at: { nodeId: 'k' },
  },
  {
    mistake: 'a crop with its inputs swapped',
    document: network([x28, conv('c'), ['k', 'crop']], 'x>c c>k x>k:1'),
    code: 'layers/crop-too-large',
    at: { nodeId: 'k' },
  },
  {
    mistake: 'a crop whose offset runs over the edge',
    document: network([x28, conv('c'), ['k', 'crop', { offset: 5 }]], 'x>c x>k c>k:1'),
    code: 'layers/crop-too-large',
    at: { nodeId: 'k' },
  },
  {
    mistake: 'a crop in both forms at once',
    document: network([x28, conv('c'), ['k', 'crop', { top: 1 }]], 'x>c x>k c>k:1'),
    code: 'layers/param-conflict',
    at: { nodeId: 'k', param: 'top' },
  },
  {
    mistake: 'mirroring more than there is',
    document: network(
      [
        ['x', 'input', { shape: [4, 9, 1] }],
        ['p', 'pad', { top: 4, left: 2, mode: 'reflect' }],
      ],
      'x>p',
    ),
    code: 'layers/reflect-too-large',
    at: { nodeId: 'p' },
  },
  {
    mistake: 'an upsample with factor and size',
    document: network([x28, ['u', 'upsample', { factor: 2, size: 64 }]], 'x>u'),
    code: 'layers/param-conflict',
    at: { nodeId: 'u', param: 'size' },
  },
  {
    mistake: 'multiplying maps of which one is stretched along one side only',
    document: network([x28, ['k', 'crop', { top: 27 }], ['s', 'multiply']], 'x>k x>s k>s:1'),
    code: 'layers/add-mismatch',
    at: { nodeId: 's', port: 1 },
  },
  {
    mistake: 'the mean of maps of which one could be stretched',
    document: network([x28, conv('a', 1, 28), ['s', 'merge']], 'x>a x>s a>s:1'),
    code: 'layers/add-mismatch',
    at: { nodeId: 's', port: 1 },
  },
  {
    mistake: 'the difference of three',
    document: network([x28, ['s', 'merge', { mode: 'subtract' }]], 'x>s x>s:1 x>s:2'),
    code: 'layers/subtract-needs-two',
    at: { nodeId: 's' },
  },
  {
    mistake: 'a slice that ends behind the channels',
    document: network([x28, conv('a'), ['s', 'slice', { from: 1, to: 9 }]], 'x>a a>s'),
    code: 'layers/slice-outside',
    at: { nodeId: 's', param: 'to' },
  },
  {
    mistake: 'channels that are not dealt out evenly',
    document: network([x28, conv('a', 9), ['s', 'shuffle', { groups: 2 }]], 'x>a a>s'),
    code: 'layers/groups-mismatch',
    at: { nodeId: 's', param: 'groups' },
  },
  {
    mistake: 'channels that are not shared out evenly among the heads',
    document: network([x28, conv('a', 9), ['s', 'attention', { heads: 2 }]], 'x>a a>s'),
    code: 'layers/heads-mismatch',
    at: { nodeId: 's', param: 'heads' },
  },
  {
    mistake: 'a pool with a window and an output size',
    document: network([x28, ['s', 'pool', { poolSize: 3, outputSize: 7 }]], 'x>s'),
    code: 'layers/param-conflict',
    at: { nodeId: 's', param: 'outputSize' },
  },
  {
    mistake: 'an L2 pool with an output size',
    document: network([x28, ['s', 'pool', { mode: 'l2', outputSize: 7 }]], 'x>s'),
    code: 'layers/param-conflict',
    at: { nodeId: 's', param: 'mode' },
  },
  {
    mistake: 'channels that make no whole blocks',
    document: network([x28, conv('a', 9), ['s', 'depthToSpace', { blockSize: 2 }]], 'x>a a>s'),
    code: 'layers/block-channels',
    at: { nodeId: 's', param: 'blockSize' },
  },
  {
    mistake: 'a height that leaves a part of a block over',
    document: network([x28, ['s', 'spaceToDepth', { blockSize: 3 }]], 'x>s'),
    code: 'layers/block-sides',
    at: { nodeId: 's', param: 'blockSize' },
  },
  {
    mistake: 'bounds that cross',
    document: network([x28, ['s', 'activation', { function: 'clip', min: 2, max: 1 }]], 'x>s'),
    code: 'layers/bounds-crossed',
    at: { nodeId: 's', param: 'min' },
  },
  {
    mistake: 'a softmax along the height of a list',
    document: network([x28, ['g', 'gap', {}], ['s', 'activation', { function: 'softmax', axis: 'height' }]], 'x>g g>s'),
    code: 'graph/wrong-rank',
    at: { nodeId: 's', port: 0 },
  },
  {
    mistake: 'a scale with a number too many',
    document: network([x28, ['s', 'scale', { scale: [1, 2] }]], 'x>s'),
    code: 'layers/per-channel-mismatch',
    at: { nodeId: 's', param: 'scale' },
  },
  {
    mistake: 'one learned pair that starts at one number for each channel',
    document: network([x28, ['s', 'scale', { shift: [1], learned: 'scalar' }]], 'x>s'),
    code: 'layers/param-conflict',
    at: { nodeId: 's', param: 'shift' },
  },
  {
    mistake: 'a reshape that would lose values',
    document: network([x28, ['s', 'reshape', { shape: [28, 27, 1] }]], 'x>s'),
    code: 'layers/reshape-mismatch',
    at: { nodeId: 's', param: 'shape' },
  },
  {
    mistake: 'the axes of a map in an order of two',
    document: network([x28, ['s', 'permute', { order: [2, 1] }]], 'x>s'),
    code: 'layers/param-conflict',
    at: { nodeId: 's', param: 'order' },
  },
  {
    mistake: 'adding maps of different channels',
    document: network(
      [x28, conv('a', 4, 3, { padding: 'same' }), conv('b', 8, 3, { padding: 'same' }), ['s', 'add']],
      'x>a x>b a>s b>s:1',
    ),
    code: 'layers/add-mismatch',
    at: { nodeId: 's', port: 1 },
  },
  {
    mistake: 'adding maps of different sizes and channels',
    document: network([x28, conv('a', 4), conv('b', 8, 5), ['s', 'add']], 'x>a x>b a>s b>s:1'),
    code: 'layers/add-mismatch',
    at: { nodeId: 's', port: 1 },
  },
  {
    mistake: 'a skip that is off by one',
    document: network(
      [
        ['x', 'input', { shape: [358, 358, 1] }],
        pool('p1'),
        conv('c1', 4, 3, { padding: 'same' }),
        pool('p2'),
        conv('c2', 4, 3, { padding: 'same' }),
        ['u', 'upconv', { filters: 4, kernelSize: 2 }],
        ['m', 'concat'],
      ],
      'x>p1 p1>c1 c1>p2 p2>c2 c2>u c1>m u>m:1',
    ),
    code: 'layers/concat-mismatch',
    at: { nodeId: 'm', port: 1 },
  },
  {
    mistake: 'concatenating a map and a vector',
    document: network([x28, conv('a'), ['f', 'fc', { units: 4 }], ['m', 'concat']], 'x>a x>f a>m f>m:1'),
    code: 'layers/merge-rank-mismatch',
    at: { nodeId: 'm', port: 1 },
  },
  {
    mistake: 'adding one input only',
    document: network([x28, conv('a'), ['s', 'add']], 'x>a a>s'),
    code: 'layers/merge-needs-two',
    at: { nodeId: 's' },
  },
  {
    mistake: 'a tensor that no engine can hold',
    document: network(
      [['x', 'input', { shape: [1024, 1024, 3] }], conv('c', 65_536, 1), ['f', 'fc', { units: 10 }]],
      'x>c c>f',
    ),
    code: 'analysis/tensor-too-large',
    at: { nodeId: 'c' },
  },
  {
    mistake: 'weights that no engine can hold',
    document: network(
      [
        ['x', 'input', { shape: [512, 512, 64] }],
        ['f', 'fc', { units: 4096 }],
      ],
      'x>f',
    ),
    code: 'analysis/tensor-too-large',
    at: { nodeId: 'f' },
  },
  {
    mistake: 'FC behind a map of open size',
    document: network([['x', 'input', { shape: [null, null, 3] }], conv('c'), ['f', 'fc', { units: 10 }]], 'x>c c>f'),
    code: 'layers/fc-needs-size',
    at: { nodeId: 'f' },
  },
  {
    mistake: 'a conv behind open channels',
    document: network([['x', 'input', { shape: [8, 8, null] }], conv('c')], 'x>c'),
    code: 'layers/channels-unknown',
    at: { nodeId: 'c' },
  },
  {
    mistake: 'rounding that loses a border',
    document: network([['x', 'input', { shape: [224, 224, 3] }], conv('c', 8, 11, { strides: 4 })], 'x>c'),
    code: 'layers/border-lost',
    at: { nodeId: 'c' },
  },
  {
    mistake: 'an up-conv kernel that its stride does not divide',
    document: network([x28, ['u', 'upconv', { filters: 2, kernelSize: 3, strides: 2 }]], 'x>u'),
    code: 'layers/checkerboard',
    at: { nodeId: 'u', param: 'kernelSize' },
  },
  {
    mistake: 'two convs and nothing non-linear between',
    document: network(
      [x28, ['a', 'conv', { filters: 4, kernelSize: 3 }], ['b', 'conv', { filters: 4, kernelSize: 3 }]],
      'x>a a>b',
    ),
    code: 'design/linear-pair',
    at: { nodeId: 'b' },
  },
  {
    mistake: 'sigmoid and tanh in a deep stack',
    document: network(
      [
        x28,
        conv('a', 4, 3, { activation: 'sigmoid' }),
        conv('b', 4, 3, { activation: 'tanh' }),
        ['c', 'conv', { filters: 4, kernelSize: 3 }],
        ['s', 'activation', { function: 'sigmoid' }],
        ['f', 'fc', { units: 10 }],
      ],
      'x>a a>b b>c c>s s>f',
    ),
    code: 'design/saturating',
    at: { nodeId: 'a' },
  },
];

const keyOf = ({ code, at }: Diagnostic): string => [code, at.nodeId, at.port, at.param].join(' ');
const errorsOf = (document: NetworkDocument): string[] =>
  analyzeNetwork(document)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(keyOf);

describe('what people get wrong', () => {
  it.each(cases)('$mistake gives $code and nothing else', ({ document, code, at, also = [] }) => {
    const { diagnostics } = analyzeNetwork(document);
    expect(diagnostics.map((found) => found.code)).toEqual([code, ...also]);
    expect(diagnostics[0]!.at).toEqual(at);
  });

  it.each(cases)('$mistake has one to four fixes, each removing it and adding no error', ({ document, code }) => {
    const diagnostic = analyzeNetwork(document).diagnostics.find((found) => found.code === code)!;
    expect(diagnostic.fixes.length).toBeGreaterThanOrEqual(1);
    expect(diagnostic.fixes.length).toBeLessThanOrEqual(4);
    const before = new Set(errorsOf(document));
    for (const fix of diagnostic.fixes) {
      const fixed = applyFix(document, fix);
      expect(fixed.ok).toBe(true);
      if (!fixed.ok) continue;
      const after = analyzeNetwork(fixed.value);
      expect(after.diagnostics.map(keyOf)).not.toContain(keyOf(diagnostic));
      expect(errorsOf(fixed.value).filter((error) => !before.has(error))).toEqual([]);
      expect(fix.title.en).not.toBe('');
      expect(fix.title.zh).not.toBe('');
    }
  });

  it('says the change in parameters of a fix exactly', () => {
    const { document } = cases.find(({ mistake }) => mistake === 'adding maps of different channels')!;
    const analysis = analyzeNetwork(document);
    for (const fix of analysis.diagnostics[0]!.fixes) {
      const fixed = applyFix(document, fix);
      if (!fixed.ok) throw new Error('the fix does not apply');
      const delta = analyzeNetwork(fixed.value).totals.trainableParams - analysis.totals.trainableParams;
      expect(fix.paramsDelta).toBe(delta);
    }
  });

  it('shows the whole trail of a kernel that no longer fits', () => {
    const { document } = cases.find(({ mistake }) => mistake === 'a kernel larger than what is left')!;
    expect(analyzeNetwork(document).diagnostics[0]!.why!.en).toContain('28 − 26 − 13 − 11 − 5 − 3 − 1');
  });

  it('shows both branches of a skip that is off by one and offers the nearest inputs', () => {
    const { document } = cases.find(({ mistake }) => mistake === 'a skip that is off by one')!;
    const [diagnostic] = analyzeNetwork(document).diagnostics;
    expect(diagnostic!.why!.en).toContain('358 − 179 − 89 − 178');
    const titles = diagnostic!.fixes.map(({ title }) => title.en).join('\n');
    expect(titles).toContain('360×360');
    expect(titles).toContain('outputPadding');
  });

  it('says that the way back is ambiguous, and lets outputPadding pick', () => {
    const { document } = cases.find(({ mistake }) => mistake === 'an up-conv that comes back one too small')!;
    const [diagnostic] = analyzeNetwork(document).diagnostics;
    expect(diagnostic!.why!.en).toContain('Stride 2 maps 23 and 24 both to 12');
    expect(diagnostic!.fixes[0]!.edits).toEqual([{ type: 'setParams', id: 'u', params: { outputPadding: 1 } }]);
  });

  it('blames the pool behind the fork, and pads the input or crops all skips', () => {
    const same = { padding: 'same' };
    const up = (id: string): Row => [id, 'upconv', { filters: 4, kernelSize: 2 }];
    const document = network(
      [
        ['x', 'input', { shape: [358, 358, 1] }],
        pool('p1'),
        conv('c1', 4, 3, same),
        pool('p2'),
        conv('c2', 4, 3, same),
        pool('p3'),
        up('u3'),
        ['m3', 'concat'],
        up('u2'),
        ['m2', 'concat'],
      ],
      'x>p1 p1>c1 c1>p2 p2>c2 c2>p3 p3>u3 u3>m3 c2>m3:1 m3>u2 u2>m2 c1>m2:1',
    );
    const [diagnostic] = analyzeNetwork(document).diagnostics;
    expect(diagnostic!.why!.en).toContain('89 does not divide evenly at “p3”');
    const titles = diagnostic!.fixes.map(({ title }) => title.en);
    expect(titles).toEqual([
      'Use an input of 360×360 → 90×90×8',
      'Use an input of 352×352 → 88×88×8',
      'Crop all 2 skips to their branches → 88×88×8',
      'Pad the input to 360×360 → 90×90×8',
    ]);
    const fixed = applyFix(document, diagnostic!.fixes[2]!);
    expect(fixed.ok && analyzeNetwork(fixed.value).ok).toBe(true);
  });

  it('reads an input the other way round where channels came first', () => {
    const { document } = cases.find(({ mistake }) => mistake.startsWith('channels first, where a window'))!;
    const [diagnostic] = analyzeNetwork(document).diagnostics;
    expect(diagnostic!.why!.en).toContain('this looks like channels first');
    expect(diagnostic!.fixes[0]!.edits).toEqual([{ type: 'setParams', id: 'x', params: { shape: [224, 224, 3] } }]);
  });

  it('takes a row of one pixel with channels of its own for a signal', () => {
    const document = network([['x', 'input', { shape: [1, 128, 64] }], conv('c', 4, 1)], 'x>c');
    expect(analyzeNetwork(document).diagnostics).toEqual([]);
  });

  it('counts inputs from 1, as the canvas does', () => {
    const taken = analyzeNetwork(network([x28, conv('a'), conv('b'), conv('c')], 'x>a x>b a>c b>c'));
    expect(taken.diagnostics[0]!.summary.en).toContain('Input 1 of “c”');
    const missing = analyzeNetwork(network([x28, conv('a')], 'x>a x>a:1'));
    expect(missing.diagnostics[0]!.summary.en).toContain('has no input 2');
  });

  it.each([
    [2, 3, true],
    [1, 2, true],
    [3, 2, false],
    [5, 3, false],
  ])('says of an up-conv kernel %i at stride %i whether it leaves gaps: %s', (kernelSize, strides, hasGaps) => {
    const document = network([x28, ['u', 'upconv', { filters: 2, kernelSize, strides }]], 'x>u');
    const [found] = analyzeNetwork(document).diagnostics;
    const { summary, why } = checkerboard('u', String(kernelSize), String(strides), hasGaps);
    expect(found).toMatchObject({ code: 'layers/checkerboard', summary, why });
  });

  it('does not report nodes below a failure again', () => {
    const { document } = cases.find(({ mistake }) => mistake === 'a kernel larger than what is left')!;
    const more = network(
      [...document.nodes.map((n): Row => [n.id, n.kind, n.params]), conv('c6'), ['f', 'fc', { units: 10 }]],
      '',
    );
    const wired = { ...more, edges: [...document.edges, { from: 'c5', to: 'c6' }, { from: 'c6', to: 'f' }] };
    const { diagnostics, nodes, totals } = analyzeNetwork(wired);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code)).toEqual(['layers/window-too-large']);
    expect([nodes.get('c5')!.state, nodes.get('c6')!.state, nodes.get('f')!.state]).toEqual([
      'failed',
      'blocked',
      'blocked',
    ]);
    // c5 and c6 need only the channels that come in; what the FC reads is not known.
    expect(totals).toMatchObject({ params: 40 + 5 * 148, unknown: 1 });
  });
});

describe('two linear maps in a row that are meant', () => {
  const pair = (filters: number, params: { readonly [name: string]: number } = {}, wires = 'x>a a>b x>m x>m:1') =>
    analyzeNetwork(
      network(
        [
          ['x', 'input', { shape: [8, 8, 16] }],
          ['a', 'conv', { filters, kernelSize: 1, ...params }],
          ['b', 'conv', { filters: 32, kernelSize: 1, activation: 'relu' }],
          ['m', 'multiply'],
        ],
        wires,
      ),
    ).diagnostics.filter(({ code }) => code === 'design/linear-pair').length;

  it('are one that is narrower than both its ends, or one of each channel by itself', () => {
    expect(pair(4)).toBe(0);
    expect(pair(16, { groups: 16 })).toBe(0);
  });

  it('are not one as wide as what comes in, unless that is gated', () => {
    expect(pair(16)).toBe(1);
    expect(pair(16, {}, 'x>m x>m:1 m>a a>b')).toBe(0);
    expect(pair(20, {}, 'x>m x>m:1 m>a a>b')).toBe(1);
  });

  it('are those of which a merge reads the first as well, as the skip of a residual block does', () => {
    expect(pair(32, {}, 'x>a a>b a>m b>m:1')).toBe(0);
    expect(pair(32, {}, 'x>a a>b b>m b>m:1')).toBe(1);
  });
});

describe('sigmoids in a deep stack', () => {
  const warnings = (merge: string) => {
    const stages = [1, 2, 3].flatMap((stage) => [
      conv(`a${stage}`, 4, 1, { activation: 'relu' }),
      conv(`g${stage}`, 4, 1, { activation: 'sigmoid' }),
      [`m${stage}`, merge, {}] as const,
    ]);
    const edges = [1, 2, 3].map(
      (at) => `${at === 1 ? 'x' : `m${at - 1}`}>a${at} a${at}>g${at} a${at}>m${at} g${at}>m${at}:1`,
    );
    const { diagnostics } = analyzeNetwork(
      network([x28, ...stages, ['f', 'fc', { units: 10 }]], `${edges.join(' ')} m3>f`),
    );
    return diagnostics.map(({ code }) => code);
  };

  it('are meant where each is a gate for another value', () => {
    expect(warnings('multiply')).toEqual([]);
    expect(warnings('add')).toEqual(['design/saturating']);
  });
});
