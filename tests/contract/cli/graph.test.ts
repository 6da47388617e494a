import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { convloom } from '../../support/commandLine';

const folder = mkdtempSync(join(tmpdir(), 'convloom-contract-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Node = { id: string; kind: string; params: object };

function file(nodes: readonly Node[], more: object = {}): string {
  const path = join(folder, 'network.json');
  const edges = nodes.slice(1).map(({ id }, index) => ({ from: nodes[index]!.id, to: id }));
  writeFileSync(path, JSON.stringify({ format: 'convloom.network', version: 1, name: 'Net', nodes, edges, ...more }));
  return path;
}

/** A relu before a max pool and a batch norm on a small image: every engine has something to rewrite. */
const classifier: readonly Node[] = [
  { id: 'x', kind: 'input', params: { shape: [8, 8, 1] } },
  { id: 'c1', kind: 'conv', params: { filters: 4, kernelSize: 3, activation: 'relu' } },
  { id: 'p1', kind: 'pool', params: {} },
  { id: 'n1', kind: 'batchnorm', params: {} },
  { id: 'f1', kind: 'fc', params: { units: 3 } },
];
const perPixel: readonly Node[] = [
  { id: 'x', kind: 'input', params: { shape: [null, null, 1] } },
  { id: 'c1', kind: 'conv', params: { filters: 3, kernelSize: 3, padding: 'same' } },
];

const sizes = z.array(z.union([z.number(), z.literal('batch')]));
const functionSchema = z.strictObject({
  name: z.string(),
  inputs: z.array(z.strictObject({ name: z.string(), shape: sizes, dtype: z.string() })),
  nodes: z.array(
    z.strictObject({
      id: z.number(),
      op: z.string(),
      inputs: z.array(z.number()),
      shape: sizes,
      dtype: z.string(),
      attributes: z.looseObject({}),
    }),
  ),
  outputs: z.record(z.string(), z.number()),
  updates: z.array(z.looseObject({ kind: z.string(), variable: z.string() })),
  counts: z.record(z.string(), z.number()),
});
const answerSchema = z.strictObject({
  task: z.strictObject({ kind: z.string(), classCount: z.number() }).nullable(),
  engine: z.string().nullable(),
  graphs: z.array(
    z.strictObject({
      stage: z.enum(['before', 'after']),
      fired: z.record(z.string(), z.number()),
      variables: z.array(z.strictObject({ name: z.string(), shape: z.array(z.number()), dtype: z.string() })),
      functions: z.array(functionSchema),
    }),
  ),
});

describe('convloom graph', () => {
  it('prints the forward graph of a network, one line a node, and nothing else', async () => {
    const { code, out, err } = await convloom('graph', file(classifier));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('variable %w/c1/kernel : f32[3,3,1,4]');
    expect(out).toContain('function predict(%in/x : f32[batch,8,8,1])');
    expect(out).toMatch(/%\d+ = conv2d %in\/x %w\/c1\/kernel \{strides 1x1, pads 0 0 0 0\} : f32\[batch,6,6,4\]/);
    expect(out).toMatch(/^ {2}output f1 = %\d+$/m);
    expect((await convloom('graph', file(classifier))).out).toBe(out);
  });

  it('computes any node on request', async () => {
    const { code, out } = await convloom('graph', file(classifier), '--output', 'c1');
    expect(code).toBe(0);
    expect(out).toContain('output c1');
    expect(out).not.toContain('f1');
  });

  it.each([
    ['classes of pictures', classifier, [], 'classification', 3],
    ['classes of pixels', perPixel, ['--size', '8x10'], 'segmentation', 3],
    ['numbers', classifier, ['--loss', 'meanSquaredError'], 'regression', 3],
    ['what is asked for', classifier, ['--task', 'regression'], 'regression', 3],
  ] as const)('takes %s as the task of a training step, and says so', async (_, nodes, options, kind, classCount) => {
    const { code, out, err } = await convloom('graph', file(nodes), '--train', '--json', ...options);
    const answer = answerSchema.parse(JSON.parse(out));
    expect(code).toBe(0);
    expect(answer.task).toEqual({ kind, classCount });
    expect(err).toContain(kind);
    const [trainStep] = answer.graphs[0]!.functions;
    expect(trainStep!.name).toBe('trainStep');
    expect(trainStep!.updates.map(({ kind: rule }) => rule)).toContain('adam');
  });

  it("takes optimizer and loss from the document's own training section", async () => {
    const document = file(classifier, { train: { optimizer: 'momentum' } });
    expect((await convloom('graph', document, '--train')).out).toContain('<- momentum ');
    expect((await convloom('graph', document, '--train', '--optimizer', 'sgd')).out).toContain('<- sgd ');
  });

  it.each([
    ['tensorflow', ['expand-batch-norm']],
    ['onnxruntime', ['expand-batch-norm', 'pool-before-relu']],
    ['tfjs', ['expand-batch-norm', 'expand-update']],
  ])('shows the graph before and after what %s rewrites', async (engine, rules) => {
    const { code, out } = await convloom('graph', file(classifier), '--train', '--engine', engine, '--json');
    const { graphs } = answerSchema.parse(JSON.parse(out));
    expect(code).toBe(0);
    expect(graphs.map(({ stage }) => stage)).toEqual(['before', 'after']);
    expect(Object.keys(graphs[1]!.fired)).toEqual(expect.arrayContaining(rules));
    expect(graphs[0]!.functions[0]!.counts).toHaveProperty('batchNorm');
    for (const { functions } of graphs) {
      for (const { nodes, counts } of functions) {
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(nodes.length);
      }
    }
    const text = await convloom('graph', file(classifier), '--train', '--engine', engine);
    expect(text.out).toContain(`# before the rewrites of ${engine}`);
    expect(text.out).toMatch(new RegExp(`# after the rewrites of ${engine}: .*${rules[0]!} \\d`));
    expect(text.out).toMatch(/# trainStep: \d+ nodes: \w+ \d+, /);
  });

  it.each([
    ['a size that nobody has closed', 1, perPixel, [], 'train/unknown-size'],
    ['an output that the network has not', 1, classifier, ['--train', '--output', 'c1'], 'train/unknown-output'],
    ['a node that is not there', 1, classifier, ['--output', 'c9'], 'graph/unknown-node'],
    ['a size that is none', 2, perPixel, ['--size', 'large'], 'command-line/bad-value'],
    ['an engine that there is none of', 2, classifier, ['--engine', 'abacus'], 'command-line/bad-value'],
  ] as const)('refuses %s with exit code %i', async (_, code, nodes, options, diagnostic) => {
    const plain = await convloom('graph', file(nodes), ...options);
    expect([plain.code, plain.out]).toEqual([code, '']);
    expect(plain.err).toContain(diagnostic);
    const json = await convloom('graph', file(nodes), '--json', ...options);
    expect(json.code).toBe(code);
    expect(JSON.parse(json.out)).toMatchObject({
      ok: false,
      diagnostics: [{ code: expect.stringContaining(diagnostic) as string }],
    });
  });

  it('says what is wrong with a network that has errors, and which file cannot be read', async () => {
    const broken = file(
      classifier.map((node) => (node.id === 'c1' ? { ...node, params: { filters: 4, kernelSize: 99 } } : node)),
    );
    for (const options of [[], ['--train']]) {
      const { code, out, err } = await convloom('graph', broken, ...options);
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain('error at c1');
    }
    expect((await convloom('graph', join(folder, 'nowhere.json'))).code).toBe(2);
  });
});
