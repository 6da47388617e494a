import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { commentText, identifiersOf, packageName, quoted } from '../../../shared/exports/names';
import { printTypescript } from '../../../shared/exports/typescript';
import type { NetworkDocument } from '../../../shared/schema/document';

const nasty = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.constantFrom(
    "'; process.exit(1); //",
    '*/ process.exit(1); /*',
    '*\\ process.exit(1); /*',
    '*\\\nprocess.exit(1)\n/*',
    '**\\/ process.exit(1)',
    '*\u200b/ process.exit(1)',
    '@ts-nocheck',
    '</title><script>1</script>',
    ']]> & <!--',
    '$(touch x)',
    '\ud800',
    '\u0000\u001b[31m',
    '`${process.exit(1)}`',
    '\n process.exit(1)\n',
    '\u2028process.exit(1)\u2029',
    '\r\nprocess.exit(1)',
    '"""\nimport os\n"""',
    '\\u000aprocess.exit(1)',
    'class',
    'tf',
    'buildModel',
    'WindowPooling2D',
    '__proto__',
    'constructor',
    '卷积',
    '😀',
    '1',
    ' ',
  ),
);

const anyNames = fc.record({
  name: nasty,
  ids: fc.uniqueArray(nasty, { minLength: 5, maxLength: 5 }),
  labels: fc.array(nasty, { minLength: 5, maxLength: 5 }),
});

function network(name: string, ids: readonly string[], labels: readonly string[]): NetworkDocument {
  const layers = [
    ['input', { shape: [8, 8, 2] }],
    ['conv', { filters: 3, kernelSize: 3, activation: 'leakyRelu' }],
    ['pool', { mode: 'l2', poolSize: 2 }],
    ['batchnorm', {}],
    ['fc', { units: 2 }],
  ] as const;
  return {
    format: 'convloom.network',
    version: 1,
    name,
    nodes: layers.map(([kind, params], at) => ({
      id: ids[at]!,
      kind,
      params,
      ...(labels[at] === undefined ? {} : { label: labels[at] }),
    })),
    edges: ids.slice(1).map((to, at) => ({ from: ids[at]!, to })),
  };
}

/** Every name that a source file calls or reads and does not declare itself. */
function freeNames(source: ts.SourceFile): Set<string> {
  const declared = new Set<string>();
  const used = new Set<string>();
  // The root has no parent, whatever the type says.
  const parentOf = (node: ts.Node): ts.Node | undefined => node.parent;
  const visit = (node: ts.Node): void => {
    const parent = parentOf(node);
    if (ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node) || ts.isParameter(node)) {
      if (node.name !== undefined && ts.isIdentifier(node.name)) declared.add(node.name.text);
    }
    if (ts.isImportSpecifier(node) || ts.isNamespaceImport(node)) declared.add(node.name.text);
    const isMember = parent !== undefined && ts.isPropertyAccessExpression(parent) && parent.name === node;
    const isKey = parent !== undefined && ts.isPropertyAssignment(parent) && parent.name === node;
    const isType = parent !== undefined && ts.isQualifiedName(parent) && parent.right === node;
    if (ts.isIdentifier(node) && !isMember && !isKey && !isType) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return new Set([...used].filter((name) => !declared.has(name)));
}

/** The kinds of all nodes of a file's syntax tree, in order; jsdoc comments are no code. */
function treeOf(text: string): readonly string[] {
  const kinds: string[] = [];
  const visit = (node: ts.Node): void => {
    kinds.push(ts.SyntaxKind[node.kind]);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.ts', text, ts.ScriptTarget.ES2022, true));
  return kinds;
}

describe('printed TypeScript', () => {
  it('parses, and names nothing but its own variables, whatever nodes and labels are called', () => {
    fc.assert(
      fc.property(anyNames, ({ name, ids, labels }) => {
        const document = network(name, ids, labels);
        const printed = printTypescript(document, analyzeNetwork(document));
        if (!printed.ok) throw new Error(printed.diagnostics.map(({ code }) => code).join());
        // The same network under plain names: only names and strings may differ, never what is code.
        const plain = network(
          'Plain',
          ids.map((_, at) => `plain${at}`),
          [],
        );
        const plainPrinted = printTypescript(plain, analyzeNetwork(plain));
        if (!plainPrinted.ok) throw new Error('the plain network must print');
        for (const { path, text } of printed.value.filter((file) => file.path.endsWith('.ts'))) {
          const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true, fileName: path });
          expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
          expect(treeOf(text)).toEqual(treeOf(plainPrinted.value.find((file) => file.path === path)!.text));
        }
        const model = printed.value.find(({ path }) => path === 'src/model.ts')!.text;
        const source = ts.createSourceFile('model.ts', model, ts.ScriptTarget.ES2022, true);
        expect([...freeNames(source)]).toEqual([]);
        const packageFile = printed.value.find(({ path }) => path === 'package.json')!.text;
        expect((JSON.parse(packageFile) as { name: string }).name).toMatch(/^[a-z0-9][a-z0-9-]*$/);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a network with errors, with the analyser’s own findings', () => {
    const document = network('bad', ['a', 'b', 'c', 'd', 'e'], ['', '', '', '', '']);
    const broken = { ...document, edges: document.edges.slice(1) };
    const analysis = analyzeNetwork(broken);
    const printed = printTypescript(broken, analysis);
    expect(printed.ok).toBe(false);
    if (!printed.ok) expect(printed.diagnostics.every(({ severity }) => severity === 'error')).toBe(true);
  });
});

describe('names', () => {
  it('are valid, and different for different ids', () => {
    fc.assert(
      fc.property(fc.uniqueArray(nasty, { maxLength: 20 }), (ids) => {
        const names = [...identifiersOf(ids).values()];
        expect(names.every((name) => /^[A-Za-z][A-Za-z0-9_]*$/.test(name))).toBe(true);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(ids.length);
      }),
    );
  });

  it('survive quoting', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        // The literal is parsed, not run.
        const source = ts.createSourceFile('a.ts', quoted(text), ts.ScriptTarget.ES2022, true);
        const [statement] = source.statements;
        expect(source.statements).toHaveLength(1);
        expect(
          ts.isExpressionStatement(statement!) && ts.isStringLiteral(statement.expression) && statement.expression.text,
        ).toBe(text);
      }),
    );
  });

  it('stay on one line of a comment', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(commentText(text)).not.toMatch(/[\r\n\u2028\u2029\u0085*\\"`<>[\]{}$#@]/);
      }),
    );
  });

  it('give a package a name', () => {
    expect(packageName('LeNet with GAP')).toBe('lenet-with-gap');
    expect(packageName('卷积')).toBe('network');
  });
});
