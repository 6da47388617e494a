import { describe, expect, it } from 'vitest';
import { readCodeEdit, type Printer } from '../../../../renderer/code/codeEdit';
import { languages } from '../../../../renderer/code/languages';
import type { CodeLanguage } from '../../../../renderer/code/languages';
import { analyzeNetwork } from '../../../../shared/analysis/analyze';
import { applyEdits } from '../../../../shared/editing/applyEdits';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { readTemplate } from '../../../support/templatePrograms';

const lenet = readTemplate('lenet');

/** Types over the first line of the model that has these words. */
function type(language: CodeLanguage, at: RegExp, from: string, to: string, document: NetworkDocument = lenet) {
  const print: Printer = (network, analysis) => languages[language](network, analysis, 'en');
  const printed = print(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error('it prints');
  const file = printed.value.find(({ path }) => /(^|\/)model\.(ts|py)$/.test(path)) ?? printed.value[0]!;
  const lines = file.text.split('\n');
  const line = lines.findIndex((words) => at.test(words) && words.includes(from));
  expect(line).toBeGreaterThan(-1);
  lines[line] = lines[line]!.replace(from, to);
  return readCodeEdit(document, file, lines.join('\n'), print);
}

describe('what is typed into printed code', () => {
  it.each([
    ['typescript', /c2/, 'filters: 50', 'filters: 64', 'c2', { filters: 64 }],
    ['typescript', /c2/, 'kernelSize: 5', 'kernelSize: 3', 'c2', { kernelSize: [3, 3] }],
    ['pytorch', /self\.c2 =/, '50', '64', 'c2', { filters: 64 }],
    ['pytorch', /self\.f1 =/, '500', '120', 'f1', { units: 120 }],
    ['keras', /c2/, '50', '64', 'c2', { filters: 64 }],
    ['markdown', /^\| a1/, 'ReLU', 'Sigmoid', 'a1', { function: 'sigmoid' }],
    ['latex', /^ +a1 /, 'ReLU', 'Tanh', 'a1', { function: 'tanh' }],
    ['markdown', /^\| c2/, '50', '64', 'c2', { filters: 64 }],
    ['latex', /^ +c2 /, '50', '64', 'c2', { filters: 64 }],
    ['jax', /^ +20, 50, /, '50', '64', 'c2', { filters: 64 }],
  ] as const)('is a setting of its layer: %s, %s, %s → %s', (language, at, from, to, id, params) => {
    const read = type(language, at, from, to);
    expect(read).toEqual({ ok: true, value: { edits: [{ type: 'setParams', id, params }], blocks: [] } });
  });

  it.each([
    ['onto several lines', 'typescript', 'filters: 50', 'filters: 1000'],
    ['a setting that was not there', 'pytorch', 'kernel_size=5', 'kernel_size=5, stride=2'],
    ['two sizes for one', 'typescript', 'kernelSize: 5', 'kernelSize: [5, 3]'],
  ] as const)('may come %s', (_, language, from, to) => {
    expect(type(language, /c2.*(conv2d|Conv2d)|conv2d.*c2/, from, to)).toMatchObject({ ok: true });
  });

  it('may be what it is by default, of which code says nothing', () => {
    const made = applyEdits(lenet, [{ type: 'setParams', id: 'c2', params: { useBias: false } }]);
    if (!made.ok) throw new Error('it applies');
    const { value: network } = made;
    const value = { edits: [{ type: 'setParams', id: 'c2', params: { useBias: true } }], blocks: [] };
    expect(type('pytorch', /self\.c2 =/, 'False', 'True', network)).toEqual({ ok: true, value });
    expect(type('typescript', /useBias/, 'false', 'true', network)).toEqual({ ok: true, value });
    expect(type('pytorch', /self\.c2 =/, 'False', 'None', network).ok).toBe(false);
  });

  it('may be several settings of one line', () => {
    const read = type('typescript', /c2/, 'filters: 50, kernelSize: 5', 'filters: 8, kernelSize: 3');
    if (!read.ok) throw new Error(read.diagnostics[0]!.summary.en);
    const after = applyEdits(lenet, read.value.edits);
    if (!after.ok) throw new Error('it applies');
    expect(analyzeNetwork(after.value).nodes.get('c2')?.outputShape).toEqual([10, 10, 8]);
  });

  it('is refused without the reason of something that was not typed', () => {
    const read = type('nnc', /name: "c2"/, 'c2', 'zz');
    expect(read.ok).toBe(false);
    expect(JSON.stringify(read)).not.toContain('form for');
  });

  it.each([
    ['what follows from the layer before', 'pytorch', /self\.c2 =/, '20', '21', 'code/not-a-setting', 'c2'],
    [
      'a window larger than its map',
      'pytorch',
      /self\.c2 =/,
      'kernel_size=5',
      'kernel_size=50',
      'code/not-a-setting',
      'c2',
    ],
    ['another function', 'pytorch', /self\.c2 =/, 'Conv2d', 'Conv3d', 'code/not-a-setting', 'c2'],
    ['a cell that follows from others', 'markdown', /^\| c2/, '25,050', '999', 'code/not-a-setting', 'c2'],
    ['a line of no layer', 'pytorch', /^import torch/, 'torch', 'numpy', 'code/not-a-setting', undefined],
    ['another line', 'pytorch', /self\.c2 =/, 'self', '\nself', 'code/other-lines', undefined],
  ] as const)('is refused where it is %s', (_, language, at, from, to, code, id) => {
    const read = type(language, at, from, to);
    expect(read.ok ? null : read.diagnostics.map((one) => [one.code, one.at.nodeId])).toEqual([[code, id]]);
  });
});

/** A chain of three pairs and another, each with filters of its own, and a head of two. */
const blocks: NetworkDocument = {
  format: 'convloom.network',
  version: 2,
  name: 'Blocks',
  blocks: {
    pair: {
      params: { filters: 16, size: 3 },
      nodes: [
        { id: 'in', kind: 'port', params: {} },
        {
          id: 'c',
          kind: 'conv',
          params: { filters: { param: 'filters' }, kernelSize: { param: 'size' }, padding: 'same' },
        },
        { id: 'd', kind: 'conv', params: { filters: { param: 'filters', times: 2 }, kernelSize: 1 } },
      ],
      edges: [
        { from: 'in', to: 'c' },
        { from: 'c', to: 'd' },
      ],
    },
    twice: {
      params: { filters: 12 },
      nodes: [
        { id: 'in', kind: 'port', params: {} },
        { id: 'a', kind: 'block', params: { block: 'pair', filters: { param: 'filters' } } },
        { id: 'b', kind: 'block', params: { block: 'pair', filters: 7 } },
      ],
      edges: [
        { from: 'in', to: 'a' },
        { from: 'a', to: 'b' },
      ],
    },
  },
  nodes: [
    { id: 'x', kind: 'input', params: { shape: [28, 28, 1] } },
    { id: 's', kind: 'block', params: { block: 'pair', repeat: 3, filters: 8 } },
    { id: 'p', kind: 'block', params: { block: 'pair', size: 5 } },
    { id: 't', kind: 'block', params: { block: 'twice' } },
    { id: 'u', kind: 'block', params: { block: 'twice', filters: 9 } },
  ],
  edges: [
    { from: 'x', to: 's' },
    { from: 's', to: 'p' },
    { from: 'p', to: 't' },
    { from: 't', to: 'u' },
  ],
};

/** What of the network is another now: the params of its nodes, of the nodes in its blocks, and of the blocks themselves. */
function changed(read: ReturnType<typeof type>): readonly string[] {
  if (!read.ok) return read.diagnostics.map(({ code }) => code);
  const after = applyEdits(blocks, read.value.edits);
  if (!after.ok) throw new Error('it applies');
  const all = ({ nodes, blocks: own = {} }: NetworkDocument): readonly string[] => [
    ...nodes.map(({ id, params }) => `${id} ${JSON.stringify(params)}`),
    ...Object.entries(own).flatMap(([name, { params, nodes: inside }]) => [
      `${name} ${JSON.stringify(params)}`,
      ...inside.map((node) => `${name}.${node.id} ${JSON.stringify(node.params)}`),
    ]),
  ];
  const before = all(blocks);
  const copies = read.value.blocks.map((one) => `${one.copies} × ${one.block}`);
  return [...all(after.value).filter((line) => !before.includes(line)), ...copies];
}

const inD = 'pair.d {"filters":{"param":"filters","times":2},"kernelSize":[3,3]}';
const inB = 'twice.b {"block":"pair","filters":6}';
const inS = 's {"block":"pair","repeat":3,"filters":10}';
const repeated = 's {"block":"pair","repeat":4,"filters":8}';
const atDefault = 'pair {"filters":24,"size":3}';
const inP = 'p {"block":"pair","size":7}';

describe('what is typed into the code of a block', () => {
  it.each([
    ['typescript', /\/d/, 'kernelSize: 1', 'kernelSize: 3', [inD, '8 × pair']],
    ['pytorch', /self\.d =/, 'kernel_size=1', 'kernel_size=3', [inD, '8 × pair']],
    ['keras', /\.d"/, '2 * filters, 1', '2 * filters, 3', [inD, '8 × pair']],
    ['jax', /\(1, 1\)/, '(1, 1)', '(3, 3)', [inD, '8 × pair']],
    ['markdown', /^\| t\\\/b\\\/d/, '1×1', '3×3', [inD, '8 × pair']],
    ['latex', /t\/b\/d/, '1$\\times$1', '3$\\times$3', [inD, '8 × pair']],
    ['typescript', /\/b/, 'filters: 7', 'filters: 6', [inB, '2 × twice']],
    ['pytorch', /self\.b =/, 'filters=7', 'filters=6', [inB, '2 × twice']],
    ['typescript', /s = pair/, 'filters: 8', 'filters: 10', [inS]],
    ['pytorch', /filters=8/, 'filters=8', 'filters=10', [inS]],
    ['keras', /s\.\{copy/, 'filters=8', 'filters=10', [inS]],
    ['jax', /filters=8/, 'filters=8', 'filters=10', [inS]],
    ['markdown', /^\| s\\\/2\\\/d/, 'Conv 16', 'Conv 20', [inS]],
    ['typescript', /copy <=/, '<= 3', '<= 4', [repeated]],
    ['keras', /range/, '4', '5', [repeated]],
    ['keras', /p"/, 'size=5', 'size=7', [inP]],
    ['typescript', /^function pair/, 'filters = 16', 'filters = 24', [atDefault]],
    ['keras', /^def pair/, 'filters: int = 16', 'filters: int = 24', [atDefault]],
    ['pytorch', /def __init__.*size/, 'filters: int = 16', 'filters: int = 24', [atDefault]],
    ['keras', /^def pair/, 'size: int = 3', 'size: int = 1', ['pair {"filters":16,"size":1}', '7 × pair']],
    ['jax', /filters: int = 16/, 'filters: int = 16', 'filters: int = 24', [atDefault]],
    [
      'typescript',
      /2 \* filters/,
      '2 *',
      '3 *',
      ['pair.d {"filters":{"param":"filters","times":3},"kernelSize":1}', '8 × pair'],
    ],
    ['typescript', /t = twice/, "name: 't'", "name: 't', filters: 5", ['t {"block":"twice","filters":5}']],
    ['typescript', /\/c/, 'kernelSize: size', 'kernelSize: 5', ['code/follows-param']],
    ['markdown', /^\| s\\\/2\\\/d/, 'Conv 16', 'Conv 15', ['code/not-a-setting']],
    ['pytorch', /self\.p =/, 'padding=2', 'padding=3', ['code/not-a-setting']],
  ] as const)('%s, %s: %s → %s', (language, at, from, to, expected) => {
    expect(changed(type(language, at, from, to, blocks))).toEqual(expected);
  });
});
