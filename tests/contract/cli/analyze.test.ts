import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { convloom } from '../../support/commandLine';

/**
 * Networks written by hand from the document contract. The numbers come from the formulas alone, worked out apart from this code
 * base (and, for SqueezeNet 1.1 and Network in Network, match the published totals).
 */
const count = z.number();
const tableSchema = z.array(
  z.object({
    document: z.looseObject({ name: z.string() }),
    expected: z.object({
      totals: z.object({ params: count, trainableParams: count, nonTrainableParams: count, macs: count }),
      nodes: z.array(z.object({ id: z.string(), outputShape: z.array(count), params: count, macs: count })),
    }),
  }),
);
const table = tableSchema.parse(JSON.parse(readFileSync(new URL('./documents.json', import.meta.url), 'utf8')));

const folder = mkdtempSync(join(tmpdir(), 'convloom-contract-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(content: string | Uint8Array): string {
  const path = join(folder, 'network 网络.json');
  writeFileSync(path, content);
  return path;
}

const answerSchema = z.looseObject({
  ok: z.boolean(),
  totals: z.unknown().optional(),
  nodes: z.array(z.looseObject({ id: z.string() })).optional(),
  diagnostics: z.array(z.looseObject({ severity: z.string(), code: z.string(), message: z.string().min(1) })),
});

const tiny = {
  format: 'convloom.network',
  version: 1,
  name: 'Tiny',
  nodes: [
    { id: 'i', kind: 'input', params: { shape: [28, 28, 1] } },
    { id: 'f', kind: 'fc', params: { units: 10 } },
  ],
  edges: [{ from: 'i', to: 'f' }],
};

describe('convloom analyze --json', () => {
  it.each(table.map(({ document, expected }) => [document.name, document, expected] as const))(
    'gives the independently computed numbers of %s',
    async (_, document, expected) => {
      const { code, out } = await convloom('analyze', file(JSON.stringify(document)), '--json');
      const answer = answerSchema.parse(JSON.parse(out));
      expect(code).toBe(0);
      expect(answer.totals).toMatchObject(expected.totals);
      expect(answer.nodes).toHaveLength(expected.nodes.length);
      for (const node of expected.nodes) expect(answer.nodes?.find(({ id }) => id === node.id)).toMatchObject(node);
    },
  );

  it.each([
    ['an empty file', '', 2],
    ['half a file', JSON.stringify(tiny).slice(0, 90), 2],
    ['UTF-16', Buffer.from(JSON.stringify(tiny), 'utf16le'), 2],
    ['a list', '[]', 2],
    ['brackets 100,000 deep', '['.repeat(100_000), 2],
    ['no format', JSON.stringify({ ...tiny, format: undefined }), 2],
    ['a newer version', JSON.stringify({ ...tiny, version: 3 }), 2],
    ['a version that is text', JSON.stringify({ ...tiny, version: '1' }), 2],
    ['no version', JSON.stringify({ ...tiny, version: undefined }), 2],
    ['an unknown field', JSON.stringify({ ...tiny, colour: 'red' }), 1],
    ['a wire from nowhere', JSON.stringify({ ...tiny, edges: [{ from: 'zz', to: 'f' }] }), 1],
    ['a param called __proto__', JSON.stringify(tiny).replace('"units"', '"__proto__":1,"units"'), 1],
    ['a byte order mark', `\uFEFF${JSON.stringify(tiny)}`, 0],
  ])('answers %s with one JSON value and the exit code of the contract', async (_, content, wanted) => {
    const { code, out } = await convloom('analyze', file(content), '--json');
    const answer = answerSchema.parse(JSON.parse(out));
    expect(code).toBe(wanted);
    expect(answer.ok).toBe(wanted === 0);
    if (wanted !== 0) expect(answer.diagnostics[0]?.severity).toBe('error');
  });

  it('names every setting of the file that no run accepts, and an output that is not there', async () => {
    const train = { epochs: 0, learningRate: 0, momentum: 1, batchSize: 1e7, seed: -1, output: 'x'.repeat(300) };
    const { code, out } = await convloom('analyze', file(JSON.stringify({ ...tiny, train })), '--json');
    const { diagnostics } = answerSchema.parse(JSON.parse(out));
    // The network itself is right.
    expect([code, diagnostics.every(({ severity }) => severity === 'warning')]).toEqual([0, true]);
    expect(diagnostics.map(({ code: finding, message }) => [finding, message.split(' ')[0]])).toEqual([
      ...['Epochs', 'Batch', 'Learning', 'Momentum', 'Seed'].map((name) => ['train/bad-setting', name]),
      ['train/unknown-output', `${'x'.repeat(57)}…`],
    ]);
  });

  it('answers 2,000 nodes without wires in seconds: fixes are tried out for the first findings alone', async () => {
    const nodes = Array.from({ length: 2000 }, (_, index) => ({ id: `n${index}`, kind: 'flatten' }));
    const { code, out } = await convloom('analyze', file(JSON.stringify({ ...tiny, nodes, edges: [] })), '--json');
    expect(code).toBe(1);
    expect(answerSchema.parse(JSON.parse(out)).diagnostics).toHaveLength(2000);
  }, 30_000);
});

describe('convloom train', () => {
  it.each([
    ['an unknown data set', 'nope'],
    ['a folder that is not there', `images:${join(tmpdir(), 'convloom-not-there')}`],
    ['a folder without IDX files', `idx:${folder}`],
  ])('refuses %s with exit code 2', async (_, data) => {
    const { code, out } = await convloom('train', file(JSON.stringify(tiny)), '--data', data, '--json');
    expect(code).toBe(2);
    expect(answerSchema.parse(JSON.parse(out)).ok).toBe(false);
  });
});

/** The worked example of the contract. */
const twoBlocks = {
  format: 'convloom.network',
  version: 2,
  name: 'Two blocks',
  blocks: {
    pair: {
      params: { filters: 16 },
      nodes: [
        { id: 'in', kind: 'port', params: {} },
        { id: 'c', kind: 'conv', params: { filters: { param: 'filters' }, kernelSize: 3, padding: 'same' } },
        { id: 'd', kind: 'conv', params: { filters: { param: 'filters', times: 2 }, kernelSize: 1 } },
      ],
      edges: [
        { from: 'in', to: 'c' },
        { from: 'c', to: 'd' },
      ],
    },
  },
  nodes: [
    { id: 'x', kind: 'input', params: { shape: [28, 28, 1] } },
    { id: 's', kind: 'block', params: { block: 'pair', repeat: 2, filters: 8 } },
  ],
  edges: [{ from: 'x', to: 's' }],
};

describe('convloom analyze --json of version 2', () => {
  it('lists the flat nodes under path ids, and the block with its sums', async () => {
    const { code, out } = await convloom('analyze', file(JSON.stringify(twoBlocks)), '--json');
    const answer = answerSchema.parse(JSON.parse(out));
    expect(code).toBe(0);
    // 3·3·1·8 + 8, 8·16 + 16, 3·3·16·8 + 8, 8·16 + 16.
    expect(answer.nodes).toMatchObject([
      { id: 'x', kind: 'input', params: 0 },
      { id: 's/1/c', kind: 'conv', outputShape: [28, 28, 8], params: 80 },
      { id: 's/1/d', kind: 'conv', outputShape: [28, 28, 16], params: 144 },
      { id: 's/2/c', kind: 'conv', outputShape: [28, 28, 8], params: 1_160 },
      { id: 's/2/d', kind: 'conv', outputShape: [28, 28, 16], params: 144 },
    ]);
    expect(answer['blocks']).toEqual([
      { id: 's', block: 'pair', outputShape: [28, 28, 16], params: 1_528, macs: 28 * 28 * (72 + 128 + 1_152 + 128) },
    ]);
  });

  it('gives an empty list of blocks for version 1', async () => {
    const { out } = await convloom('analyze', file(JSON.stringify(tiny)), '--json');
    expect(answerSchema.parse(JSON.parse(out))['blocks']).toEqual([]);
  });

  it('shows the block as a heading in the table', async () => {
    const { code, out } = await convloom('analyze', file(JSON.stringify(twoBlocks)));
    expect(code).toBe(0);
    expect(out).toMatch(/^s +block pair +28×28×16 +1,528/m);
    expect(out).toMatch(/^ {2}s\/1\/c +conv/m);
  });

  it.each([
    ['an unknown field', { ...twoBlocks, blocks: { pair: { ...twoBlocks.blocks.pair, colour: 1 } } }],
    ['an unknown block', { ...twoBlocks, blocks: {} }],
    ['a slash in an id', { ...twoBlocks, nodes: [{ ...twoBlocks.nodes[0], id: 'a/b' }] }],
  ])('answers %s with one JSON value and exit code 1', async (_, document) => {
    const { code, json } = await convloom('analyze', file(JSON.stringify(document)), '--json');
    expect(code).toBe(1);
    expect(answerSchema.parse(json()).ok).toBe(false);
  });
});
