import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../electron/host/exports/python';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { printJax } from '../../../shared/exports/jax';
import { printKeras } from '../../../shared/exports/keras';
import { printPytorch } from '../../../shared/exports/pytorch';
import type { NetworkDocument } from '../../../shared/schema/document';

const python = await findPython(['ast']);
const why = python.path === null ? ` (skipped: ${python.why.en})` : '';
const dir = mkdtempSync(join(tmpdir(), 'convloom-ast-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Prints, for each list of files, the trees that Python itself reads, with every name by its first place and every text left out. */
const reader = `
import ast, json, sys

class Plain(ast.NodeTransformer):
    def __init__(self):
        self.names = {}
    def called(self, space, name):
        return "%s%d" % (space, self.names.setdefault((space, name), len(self.names)))
    def visit(self, node):
        for field in ("id", "name", "attr", "arg", "asname"):
            if isinstance(getattr(node, field, None), str):
                # An attribute may be called as a variable is, and a keyword as either.
                space = "k" if isinstance(node, ast.keyword) else "a" if field == "attr" else "n"
                setattr(node, field, self.called(space, getattr(node, field)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
        return self.generic_visit(node)

answers = []
for files in json.load(open(sys.argv[1], encoding="utf-8")):
    try:
        answers.append({name: ast.dump(Plain().visit(ast.parse(text))) for name, text in sorted(files.items())})
    except (SyntaxError, ValueError) as error:
        answers.append({"error": str(error)})
json.dump(answers, sys.stdout)
`;

function trees(projects: readonly Readonly<Record<string, string>>[]): readonly Readonly<Record<string, string>>[] {
  writeFileSync(join(dir, 'read.py'), reader);
  writeFileSync(join(dir, 'files.json'), JSON.stringify(projects));
  const { stdout, stderr } = spawnSync(python.path ?? '', [join(dir, 'read.py'), join(dir, 'files.json')], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string>[];
}

/** Where two trees part. */
function near(found = '', wanted = ''): string {
  let at = 0;
  while (at < found.length && found[at] === wanted[at]) at++;
  return found.slice(Math.max(0, at - 80), at + 80);
}

const plain = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

function network(name: string, ids: readonly string[], label: string): NetworkDocument {
  const layers = [
    ['input', { shape: [8, 8, 2] }],
    ['conv', { filters: 3, kernelSize: 3, activation: 'leakyRelu' }],
    ['pool', { poolSize: 2 }],
    ['batchnorm', {}],
    ['fc', { units: 2 }],
  ] as const;
  return {
    format: 'convloom.network',
    version: 1,
    name,
    nodes: layers.map(([kind, params], at) => ({ id: ids[at]!, kind, params, label })),
    edges: ids.slice(1).map((to, at) => ({ from: ids[at]!, to })),
  };
}

const hostile = [
  '"""\nimport os\n"""',
  "'; import os; '",
  '\\',
  '\\"',
  '# coding: utf-7',
  '\u000c\nimport os',
  '\r\nimport os',
  '\u2028import os',
  '{__import__("os")}',
  '%s %(x)s',
  '\ud800',
  '\u0000',
  '\\N{DIGIT ONE}',
  'class',
  'self',
  'None',
  '__init__',
  'torch',
  'keras',
  'nnx',
  'model',
  'import',
  '卷积',
  'ﬁ',
  '😀',
  '1',
  ' ',
];
const anyName = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }));
const anyNetwork = fc
  .record({ name: anyName, ids: fc.uniqueArray(anyName, { minLength: 5, maxLength: 5 }), label: anyName })
  .map(({ name, ids, label }) => network(name, ids, label));

describe.skipIf(python.path === null)(`what Python itself reads of a printed project${why}`, () => {
  it.each([
    ['PyTorch', printPytorch],
    ['Keras', printKeras],
    ['JAX', printJax],
  ] as const)('is the same program in %s, whatever networks, nodes and labels are called', (_target, print) => {
    const code = (document: NetworkDocument): Record<string, string> => {
      const project = print(document, analyzeNetwork(document));
      if (!project.ok) throw new Error(project.diagnostics.map(({ code: one }) => one).join());
      const files = project.value.files.filter(({ path }) => path.endsWith('.py'));
      return Object.fromEntries(files.map(({ path, text }) => [path, text]));
    };
    const named = ['None', 'true', 'class', 'Array', 'Tensor', 'f'].map((name) => network(name, plain, 'A label'));
    const given = [...named, ...fc.sample(anyNetwork, { numRuns: 24, seed: 7 })];
    const same = code(network('Plain', plain, 'A label'));
    // Most files name nothing of a network: the same text has the same tree.
    const parted = given.map(code).map((files) => ({
      files: Object.fromEntries(Object.entries(files).filter(([path, text]) => text !== same[path])),
      missing: Object.keys(same).filter((path) => !(path in files)),
    }));
    expect(parted.flatMap(({ missing }) => missing)).toEqual([]);
    const [wanted, ...found] = trees([same, ...parted.map(({ files }) => files)]);
    expect(wanted).not.toHaveProperty('error');
    const others = found.flatMap((one, at) =>
      Object.keys(one)
        .filter((path) => one[path] !== wanted![path])
        .map((path) => [path, one['error'] ?? near(one[path], wanted![path]), given[at]!]),
    );
    expect(others).toEqual([]);
  });
});
