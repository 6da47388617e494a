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
