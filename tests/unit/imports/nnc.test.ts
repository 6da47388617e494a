import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { flatNetwork } from '../../../shared/document/expand';
import { parseNetwork } from '../../../shared/document/parse';
import { printNnc } from '../../../shared/exports/nnc';
import { recognizeFile } from '../../../shared/imports/formats';
import { readNnc } from '../../../shared/imports/nnc';
import type { NetworkDocument } from '../../../shared/schema/document';
import { whole } from '../../support/forwardByDefinition';
import { chainNetwork } from '../../support/networks';
import { randomNetwork } from '../../support/randomNetworks';

const templates = join(import.meta.dirname, '../../../templates');
const names = readdirSync(templates, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'build')
  .map(({ name }) => name);

/** Templates with layers for which nnabla has no function: hard swish, and the shuffle of channels. */
const notSaid = new Set([
  'mobilenet-v3-small',
  'shufflenet-v2',
  'convnext-tiny',
  'vit-tiny',
  'segnet',
  'espcn',
  'style-net',
]);

function open(name: string): NetworkDocument {
  return whole(parseNetwork(readFileSync(join(templates, name, 'network.json'), 'utf8')));
}

function print(document: NetworkDocument): string {
  return whole(printNnc(document, analyzeNetwork(document)));
}

/** What is equal in networks that are the same: shapes, weights, cost, and what each node is. */
function essence(document: NetworkDocument) {
  const { nodes, totals, order } = analyzeNetwork(document);
  const each = order.map((id) => {
    const node = nodes.get(id)!;
    return [node.kind, node.outputShape?.join('x'), node.weights.map(({ shape }) => shape.join('x')).join(' ')].join(
      ' ',
    );
  });
  return { totals: [totals.params, totals.macs], each: each.toSorted() };
}

describe('a network in nnabla’s text and back', () => {
  it.each(names)('%s is the same, or it is said which node is not', (name) => {
    const document = open(name);
    const printed = printNnc(document, analyzeNetwork(document));
    if (notSaid.has(name)) {
      expect(printed.ok ? null : printed.diagnostics[0]?.code).toBe('export/kind-not-printed');
      return;
    }
    const back = whole(readNnc('x.nntxt', whole(printed), name));
    expect(back.weights).toBeNull();
    expect(essence(back.document)).toEqual(essence(flatNetwork(document)));
  });

  const seeds = Array.from({ length: Number(process.env['CONVLOOM_RANDOM_NETWORKS'] ?? 12) }, (_, at) => at + 1);
  it.each(seeds)('seed %i: a random network is the same', (seed) => {
    const document = randomNetwork(seed, 7, (one) => printNnc(one, analyzeNetwork(one)).ok);
    // A cut along height or width has one name there.
    const cut = ({ totals, each }: ReturnType<typeof essence>) => ({
      totals,
      each: each.map((line) => line.replace(/^(slice|crop) /, 'cut ')).toSorted(),
    });
    const back = whole(readNnc('x.nntxt', print(document), 'n')).document;
    expect(cut(essence(back))).toEqual(cut(essence(document)));
  });

  it('bounds, and a softmax along an axis, come back as one layer each', () => {
    const document = chainNetwork(
      [4, 5, 3],
      ['activation', { function: 'clip', min: -0.5, max: 0.5 }],
      ['activation', { function: 'clip', max: 0.25 }],
      ['activation', { function: 'softmax', axis: 'width' }],
    );
    const back = whole(readNnc('x.nntxt', print(document), 'n')).document;
    expect(back.nodes.map(({ params }) => params)).toEqual(document.nodes.map(({ params }) => params));
  });

  it('has the values of learned layers where the text has them', () => {
    const document = whole(
      parseNetwork(
        JSON.stringify({
          format: 'convloom.network',
          version: 1,
          name: 'n',
          nodes: [
            { id: 'x', kind: 'input', params: { shape: [1, 2, 2] } },
            { id: 'f', kind: 'flatten', params: {} },
            { id: 'a', kind: 'fc', params: { units: 1 } },
          ],
          edges: [
            { from: 'x', to: 'f' },
            { from: 'f', to: 'a' },
          ],
        }),
      ),
    );
    const data = [1, 2, 3, 4].map((value) => `data: ${value}`).join(' ');
    const words = `${print(document)}parameter { variable_name: "a/W" shape { dim: 4 dim: 1 } ${data} }
      parameter { variable_name: "a/b" shape { dim: 1 } data: 5 }`;
    const { weights } = whole(readNnc('x.nntxt', words, 'n'));
    // Channel after channel there: two places of the first channel, then two of the second.
    expect([...weights!['a/kernel']!.data]).toEqual([1, 3, 2, 4]);
    expect([...weights!['a/bias']!.data]).toEqual([5]);
  });
});

/** One function of a map of two channels and a parameter `p`, perhaps behind a reshape to a list. */
function withNumbers(type: string, dims: readonly number[], data: readonly number[], isFlat = false): string {
  const shape = (name: string, kind: string, sizes: readonly number[]): string =>
    `variable { name: "${name}" type: "${kind}" shape { ${sizes.map((size) => `dim: ${size}`).join(' ')} } }`;
  const variables = [
    shape('x', 'Buffer', [-1, 2, 4, 4]),
    shape('l', 'Buffer', [-1, 32]),
    shape('p', 'Parameter', dims),
  ];
  const reshape = 'function { name: "r" type: "Reshape" input: "x" output: "l" }';
  const own = `function { name: "f" type: "${type}" input: "${isFlat ? 'l' : 'x'}" input: "p" output: "y" }`;
  const held = `parameter { variable_name: "p" shape { ${dims.map((size) => `dim: ${size}`).join(' ')} } ${data.map((one) => `data: ${one}`).join(' ')} }`;
  return `network { name: "Main" ${variables.join(' ')} ${shape('y', 'Buffer', isFlat ? [-1, 32] : [-1, 2, 4, 4])} ${isFlat ? reshape : ''} ${own} } ${held}`;
}

describe('numbers of a text that values are added to or multiplied by', () => {
  it.each<[string, readonly number[], readonly number[], object, { readonly [name: string]: readonly number[] }]>([
    ['Mul2', [1, 2, 1, 1], [3, 4], { learned: 'channel', center: false }, { 'f/scale': [3, 4] }],
    ['Mul2', [2, 1, 1], [3, 4], { learned: 'channel', center: false }, { 'f/scale': [3, 4] }],
    ['Add2', [1, 2, 1, 1], [3, 4], { learned: 'channel' }, { 'f/scale': [1, 1], 'f/shift': [3, 4] }],
    ['Mul2', [1, 1, 1, 1], [5], { learned: 'scalar', center: false }, { 'f/scale': [5] }],
  ])('are a learned scale: %s of %j', (type, dims, data, params, weights) => {
    const read = whole(readNnc('x.nntxt', withNumbers(type, dims, data), 'n'));
    expect(read.document.nodes.at(-1)).toMatchObject({ kind: 'scale', params });
    const held = Object.entries(read.weights ?? {}).map(([name, tensor]) => [name, [...tensor.data]]);
    expect(Object.fromEntries(held)).toEqual(weights);
  });

  it('are read behind a flattened map where there is one for all of it', () => {
    const read = whole(readNnc('x.nntxt', withNumbers('Mul2', [1, 1], [5], true), 'n'));
    expect(read.document.nodes.map(({ kind }) => kind)).toEqual(['input', 'flatten', 'scale']);
  });

  it.each<[string, string]>([
    [
      'one for each place of a flattened map, which lie in another order here',
      withNumbers('Mul2', [1, 32], Array(32).fill(1), true),
    ],
    ['one for each row', withNumbers('Mul2', [1, 1, 4, 1], [1, 2, 3, 4])],
    ['a number for each place', withNumbers('Add2', [1, 2, 4, 4], Array(32).fill(1))],
    ['a function that has no use for them', withNumbers('Maximum2', [1, 2, 1, 1], [3, 4])],
    ['a product of several', withNumbers('MulN', [1, 2, 1, 1], [3, 4])],
  ])('are refused as %s', (_what, words) => {
    const read = readNnc('x.nntxt', words, 'n');
    expect(read.ok ? null : read.diagnostics.map(({ code }) => code)).toEqual(['import/layer-unknown']);
  });

  it('are not written for a flattened map, whose places lie in another order there', () => {
    const document = chainNetwork([2, 1, 2], ['flatten', {}], ['scale', { scale: [1, 2, 3, 4] }], ['fc', { units: 1 }]);
    const printed = printNnc(document, analyzeNetwork(document));
    expect(printed.ok ? null : printed.diagnostics.map(({ code }) => code)).toEqual(['export/kind-not-printed']);
  });
});

const head = `network { name: "Main"
  variable { name: "x" type: "Buffer" shape { dim: -1 dim: 1 dim: 4 dim: 4 } }
  variable { name: "y" type: "Buffer" shape { dim: -1 dim: 1 dim: 4 dim: 4 } }`;

describe('a text of nnabla', () => {
  it('is known by what is in it', () => {
    const bytes = Buffer.from(`version: "1.0"\nglobal_config {\n}\n${head}}`);
    const known = recognizeFile({ name: 'a.txt', sizeBytes: bytes.length, head: bytes, tail: bytes });
    expect(known).toEqual({ format: 'nnc' });
  });

  it('leaves what compares with a label out', () => {
    const words = `${head} function { name: "r" type: "ReLU" input: "x" output: "y" }
      function { name: "l" type: "SoftmaxCrossEntropy" input: "y" input: "t" output: "loss" } }`;
    const { document, report } = whole(readNnc('x.nntxt', words, 'n'));
    expect(document.nodes.map(({ id }) => id)).toEqual(['x', 'r']);
    expect(report.at(-1)).toMatchObject({ source: 'l', status: 'left' });
  });

  it.each<[string, string, string, RegExp]>([
    ['no network', 'version: "1"', 'import/damaged', /no network/],
    ['no functions', `${head} }`, 'import/damaged', /computes/],
    [
      'a function that is not known',
      `${head} function { name: "f" type: "FFT" input: "x" output: "y" } }`,
      'import/layer-unknown',
      /“f” is a FFT/,
    ],
    [
      'a function called as every object has one',
      `${head} function { name: "f" type: "toString" input: "x" output: "y" } }`,
      'import/layer-unknown',
      /toString/,
    ],
    [
      'a circle',
      `${head} function { name: "f" type: "ReLU" input: "y" output: "y" } }`,
      'import/damaged',
      /before it is computed/,
    ],
    [
      'an input of no known size',
      `${head} function { name: "f" type: "ReLU" input: "z" output: "y" } }`,
      'import/layer-unknown',
      /“z”/,
    ],
    ['a text that is cut off', `${head} function { name: "f`, 'import/damaged', /line 3/],
  ])('is refused with %s', (_what, words, code, said) => {
    const read = readNnc('x.nntxt', words, 'n');
    expect(read.ok ? null : read.diagnostics.map((one) => one.code)).toEqual([code]);
    expect(read.ok ? '' : read.diagnostics[0]!.summary.en).toMatch(said);
  });

  it('is read or refused, and never more than that, wherever it is cut off', () => {
    const words = print(open('lenet-5'));
    for (let length = 1; length < words.length; length += 97) {
      const read = readNnc('x.nntxt', words.slice(0, length), 'n');
      if (!read.ok) expect(read.diagnostics).toHaveLength(1);
    }
  });

  it('that is printed has no name that could end a string', () => {
    const document = open('lenet-5');
    const evil = JSON.stringify(document).replaceAll('"conv1"', JSON.stringify('c" } \n network { \\" é'));
    const printed = print(whole(parseNetwork(evil)));
    expect(printed).not.toMatch(/[^\x20-\x7e\n]/);
    expect(whole(readNnc('x.nntxt', printed, 'n')).document.nodes).toHaveLength(document.nodes.length);
  });
});
