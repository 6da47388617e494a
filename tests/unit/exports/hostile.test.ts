import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { commentText, identifiersOf, packageName, quoted, wellFormed } from '../../../shared/exports/names';
import { printJax } from '../../../shared/exports/jax';
import { printKeras } from '../../../shared/exports/keras';
import { printPytorch } from '../../../shared/exports/pytorch';
import { pythonString } from '../../../shared/exports/python/literals';
import { printTypescript } from '../../../shared/exports/typescript';
import type { OnnxModel } from '../../../shared/exports/onnx';
import { signatureNames } from '../../../shared/exports/savedmodel/names';
import { savedModelReadme } from '../../../shared/exports/savedmodel/readme';
import { printTfjs } from '../../../shared/exports/tfjs';
import type { NetworkDocument } from '../../../shared/schema/document';
import { seededWeights } from '../../support/modelFolder';
import { compareOnnx, onnxModel } from '../../support/onnxExport';
import { referenceAnswer } from '../../support/referenceAnswer';
import { isWhole } from '../../support/isWhole';

/** As many as there is time for in every run of the tests; all of them by `npm run projects`. */
const share = isWhole ? 1 : 0.4;

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

/** Of a block: neither the names that every block node has, nor the one that no object can hold. */
const nastyName = nasty.filter((name) => !['block', 'repeat', '__proto__'].includes(name));
const nastyId = nastyName.map((id) => id.replaceAll('/', '|'));

const anyBlockNames = fc.record({
  block: nastyName,
  outer: nastyName,
  // An object has names that are numbers in front, and then the params have another order.
  params: fc.uniqueArray(
    nastyName.filter((name) => !/^\d+$/.test(name)),
    { minLength: 2, maxLength: 2 },
  ),
  ids: fc.uniqueArray(nastyId, { minLength: 5, maxLength: 5 }),
  label: nasty,
});
type BlockNames = typeof anyBlockNames extends fc.Arbitrary<infer Names> ? Names : never;

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

/** A block in a block, with a loop, a bound param and one that differs from copy to copy. */
function blockNetwork({ block, outer, params: [size = '', count = ''], ids, label }: BlockNames): NetworkDocument {
  const [port = '', layer = '', last = '', first = '', second = ''] = ids;
  const wires = (...path: string[]) => path.slice(1).map((to, at) => ({ from: path[at]!, to }));
  const inner = {
    params: { [size]: 3, [count]: 0 },
    nodes: [
      { id: port, kind: 'port', params: {} },
      {
        id: layer,
        kind: 'conv',
        params: { filters: { param: size }, kernelSize: 3, padding: { param: count } },
        label,
      },
      { id: last, kind: 'batchnorm', params: {} },
    ],
    edges: wires(port, layer, last),
  };
  const wrapping = {
    params: { [size]: 2, [count]: 2 },
    nodes: [
      { id: port, kind: 'port', params: {}, label },
      { id: layer, kind: 'block', params: { block, [size]: { param: size, times: 2 }, repeat: { param: count } } },
    ],
    edges: wires(port, layer),
  };
  return {
    format: 'convloom.network',
    version: 2,
    name: block,
    blocks: { [block]: inner, [`${outer}.`]: wrapping },
    nodes: [
      { id: port, kind: 'input', params: { shape: [20, 20, 2] } },
      { id: first, kind: 'block', params: { block: `${outer}.`, [count]: 3 }, label },
      { id: second, kind: 'block', params: { block: `${outer}.`, [size]: 4 } },
      { id: last, kind: 'block', params: { block, [count]: 1 } },
    ],
    edges: wires(port, first, second, last),
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
    if (ts.isTypeAliasDeclaration(node)) declared.add(node.name.text);
    if (ts.isBindingElement(node) && ts.isIdentifier(node.name)) declared.add(node.name.text);
    if (ts.isImportSpecifier(node) || ts.isNamespaceImport(node)) declared.add(node.name.text);
    const isMember = parent !== undefined && ts.isPropertyAccessExpression(parent) && parent.name === node;
    const isKey =
      parent !== undefined &&
      (((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node) ||
        (ts.isBindingElement(parent) && parent.propertyName === node));
    const isType = parent !== undefined && ts.isQualifiedName(parent) && parent.right === node;
    if (ts.isIdentifier(node) && !isMember && !isKey && !isType) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const ofTheLanguage = ['NonNullable', 'Parameters', 'String'];
  return new Set([...used].filter((name) => !declared.has(name) && !ofTheLanguage.includes(name)));
}

/** The kinds of all nodes of a file's syntax tree, in order; jsdoc comments are no code. */
function treeOf(source: ts.SourceFile): string {
  const kinds: string[] = [];
  const visit = (node: ts.Node): void => {
    kinds.push(ts.SyntaxKind[node.kind]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return kinds.join('\n');
}

/** A tree to which it is all one whether `{ a: b }` is written or, where both have one name, `{ a }`. */
function withoutAliases(tree: string): string {
  return tree.replaceAll(/^Identifier\n/gm, '').replaceAll('ShorthandPropertyAssignment', 'PropertyAssignment');
}

/** Parses files once, and gives their trees with what the parser has to say about them. */
function parse(files: ReadonlyMap<string, string>): {
  readonly sources: ReadonlyMap<string, ts.SourceFile>;
  readonly errors: readonly unknown[];
} {
  const sources = new Map(
    [...files].map(([path, text]) => [path, ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)]),
  );
  const host: ts.CompilerHost = {
    getSourceFile: (path) => sources.get(path),
    getDefaultLibFileName: () => '',
    writeFile: () => undefined,
    getCurrentDirectory: () => '',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (path) => sources.has(path),
    readFile: (path) => files.get(path),
  };
  const options = { noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.ES2022 };
  const program = ts.createProgram([...files.keys()], options, host);
  return { sources, errors: program.getSyntacticDiagnostics().map(({ messageText }) => messageText) };
}

function sourceFiles(document: NetworkDocument) {
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error(printed.diagnostics.map(({ code }) => code).join());
  const texts = new Map(printed.value.map(({ path, text }) => [path, text]));
  return { texts, code: new Map([...texts].filter(([path]) => path.endsWith('.ts'))) };
}

describe('printed TypeScript', () => {
  it('parses, and names nothing but its own variables, whatever nodes and labels are called', () => {
    // The same network under plain names: only names and strings may differ, never what is code.
    const plainFiles = sourceFiles(network('Plain', ['plain0', 'plain1', 'plain2', 'plain3', 'plain4'], []));
    const plain = parse(plainFiles.code);
    expect(plain.errors).toEqual([]);
    const trees = new Map([...plain.sources].map(([path, source]) => [path, treeOf(source)]));
    fc.assert(
      fc.property(anyNames, ({ name, ids, labels }) => {
        const { texts, code } = sourceFiles(network(name, ids, labels));
        expect([...code.keys()]).toEqual([...plainFiles.code.keys()]);
        // A file that is the same to the letter needs no second look.
        const changed = new Map([...code].filter(([path, text]) => plainFiles.code.get(path) !== text));
        const { sources, errors } = parse(changed);
        expect(errors).toEqual([]);
        for (const [path, source] of sources) expect(treeOf(source)).toBe(trees.get(path));
        expect([...freeNames(sources.get('src/model.ts') ?? plain.sources.get('src/model.ts')!)]).toEqual([]);
        const packageFile = texts.get('package.json')!;
        expect((JSON.parse(packageFile) as { name: string }).name).toMatch(/^[a-z0-9][a-z0-9-]*$/);
      }),
      { numRuns: share * 300 },
    );
  });

  it('does so whatever blocks and their params are called', () => {
    const names = {
      block: 'inner',
      outer: 'outer',
      params: ['size', 'count'],
      ids: ['in', 'a', 'b', 'c', 'd'],
      label: '',
    };
    const plainFiles = sourceFiles(blockNetwork(names));
    const plain = parse(plainFiles.code);
    expect(plain.errors).toEqual([]);
    const model = treeOf(plain.sources.get('src/model.ts')!);
    fc.assert(
      fc.property(anyBlockNames, (given) => {
        fc.pre(given.block !== `${given.outer}.`);
        const { code } = sourceFiles(blockNetwork(given));
        expect([...code.keys()]).toEqual([...plainFiles.code.keys()]);
        const { sources, errors } = parse(new Map([...code].filter(([path]) => path === 'src/model.ts')));
        expect(errors).toEqual([]);
        const source = sources.get('src/model.ts')!;
        expect(withoutAliases(treeOf(source))).toBe(withoutAliases(model));
        expect([...freeNames(source)]).toEqual([]);
      }),
      { numRuns: share * 200 },
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

/** What prints a Python project, by the target's name. */
const pythonPrinters = { PyTorch: printPytorch, Keras: printKeras, JAX: printJax } as const;

/** The tokens of Python code without what strings, comments, names and numbers say. Anything that is none of these would show. */
function pythonTokens(code: string): string {
  return (
    code
      .replaceAll(/"""[^"\\]*"""/g, ' STRING ')
      .replaceAll(/"(?:[^"\\\n]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*"/g, ' STRING ')
      .replaceAll(/#[^\n]*/g, ' ')
      // A param that a variable's name would hide has another one within.
      .replaceAll(/^ +\w+ = \w+$/gm, '')
      .replaceAll(/\b\d[\w.]*/g, '0')
      .replaceAll(/[A-Za-z_]\w*/g, ' NAME ')
      .replaceAll(/,(?=\s*[)\]}])/g, ' ')
      .replaceAll(/(import) \(([^)]*)\)/g, '$1 $2')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/ ?([^\w ]) ?/g, '$1')
  );
}

function pythonFiles(print: typeof printPytorch, document: NetworkDocument): ReadonlyMap<string, string> {
  const project = print(document, analyzeNetwork(document));
  if (!project.ok) throw new Error(project.diagnostics.map(({ code }) => code).join());
  return new Map(project.value.files.map(({ path, text }) => [path, text]));
}

describe.each(Object.entries(pythonPrinters))('printed %s', (_, print) => {
  const tokens = (files: ReadonlyMap<string, string>) =>
    new Map([...files].filter(([path]) => path.endsWith('.py')).map(([path, text]) => [path, pythonTokens(text)]));

  it('is the same code whatever the data are called', () => {
    const named = (data: string) => {
      const given = network('Plain', ['plain0', 'plain1', 'plain2', 'plain3', 'plain4'], []);
      return tokens(pythonFiles(print, { ...given, train: { ...given.train, data } }));
    };
    const plain = named('images:plain');
    fc.assert(
      fc.property(nasty, (path) => {
        expect(named(`images:${path}`)).toEqual(plain);
      }),
      { numRuns: share * 50 },
    );
  });

  it('is the same code whatever nodes and labels are called', () => {
    const plain = tokens(pythonFiles(print, network('Plain', ['plain0', 'plain1', 'plain2', 'plain3', 'plain4'], [])));
    fc.assert(
      fc.property(anyNames, ({ name, ids, labels }) => {
        const files = pythonFiles(print, network(name, ids, labels));
        expect([...tokens(files)].filter(([path, code]) => plain.get(path) !== code)).toEqual([]);
        expect(files.get('pyproject.toml')).toMatch(/^\[project\]\nname = "[a-z0-9][a-z0-9-]*"\n/);
      }),
      { numRuns: share * 100 },
    );
  });

  it('does so whatever blocks and their params are called', () => {
    const names = {
      block: 'inner',
      outer: 'outer',
      params: ['size', 'count'],
      ids: ['in', 'a', 'b', 'c', 'd'],
      label: '',
    };
    const plain = tokens(pythonFiles(print, blockNetwork(names)));
    fc.assert(
      fc.property(anyBlockNames, (given) => {
        fc.pre(given.block !== `${given.outer}.`);
        const found = tokens(pythonFiles(print, blockNetwork(given)));
        expect([...found].filter(([path, code]) => plain.get(path) !== code)).toEqual([]);
      }),
      { numRuns: share * 100 },
    );
  });
});

describe('a Python string', () => {
  it('holds any text in letters, digits, harmless signs and escapes of whole characters', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const literal = pythonString(text);
        expect(literal).toMatch(/^"(?:[^"\\\p{C}]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*"$/u);
        const read = literal
          .slice(1, -1)
          .replaceAll(/\\U([0-9a-f]{8})|\\u([0-9a-f]{4})/g, (_, long: string | undefined, short: string | undefined) =>
            long === undefined ? String.fromCharCode(parseInt(short!, 16)) : String.fromCodePoint(parseInt(long, 16)),
          );
        expect(read).toBe(text);
      }),
    );
  });
});

describe('an ONNX model', () => {
  const plain = network('Plain', ['plain0', 'plain1', 'plain2', 'plain3', 'plain4'], []);

  it('has the same operators, and names that every reader takes, whatever nodes and labels are called', () => {
    const operators = ({ nodes }: OnnxModel) => nodes.map(({ opType, attributes }) => [opType, attributes]);
    const wanted = operators(onnxModel(plain, seededWeights(plain)));
    fc.assert(
      fc.property(anyNames, ({ name, ids, labels }) => {
        const document = network(name, ids, labels);
        const model = onnxModel(document, seededWeights(document));
        expect(operators(model)).toEqual(wanted);
        const { nodes, initializers, inputs, outputs } = model;
        const values = [...inputs, ...initializers]
          .map((one) => one.name)
          .concat(nodes.flatMap((node) => node.outputs));
        expect(new Set(values).size).toBe(values.length);
        expect(new Set(nodes.map((node) => node.name)).size).toBe(nodes.length);
        expect(outputs.every((output) => values.includes(output.name))).toBe(true);
        expect(nodes.flatMap((node) => node.inputs).filter((input) => !values.includes(input))).toEqual([]);
        for (const value of [...values, model.graphName ?? '', ...Object.values(model.metadata ?? {})]) {
          expect(value).toBe(wellFormed(value));
        }
        expect(values.filter((value) => /\p{Cc}/u.test(value))).toEqual([]);
      }),
      { numRuns: share * 200 },
    );
  });

  it.each([
    ['\u0000', 'a\u0000', 'a_', 'a', '\ud800'],
    ['../../etc/passwd', '$(touch x)', '`${1}`', "'; import os", '😀'],
    ['__proto__', 'constructor', 'c/kernel', 'c', 'c/Conv'],
  ])('is run by ONNX Runtime with nodes called %j, %j, %j, %j, %j', async (...ids) => {
    const document = network('"""', ids, []);
    const weights = seededWeights(document);
    const right = referenceAnswer(document, weights);
    const { maxDifference } = await compareOnnx(document, onnxModel(document, weights), right);
    expect(maxDifference).toBeLessThan(1e-5);
  });
});

describe('a SavedModel', () => {
  it('names nothing but by letters, digits and underscores, and leaves no markup in its words', () => {
    fc.assert(
      fc.property(anyNames, ({ name, ids, labels }) => {
        const document = network(name, ids, labels);
        const analysis = analyzeNetwork(document);
        const names = signatureNames(analysis);
        for (const called of [...names.inputs.values(), ...names.outputs.values()]) {
          expect(called).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
        }
        const lines = savedModelReadme(name, analysis, names).split('\n');
        expect(lines).toHaveLength(savedModelReadme('Plain', analysis, names).split('\n').length);
        expect(lines.filter((line) => line.startsWith('| `')).every((line) => line.split('|').length === 5)).toBe(true);
      }),
    );
  });
});

describe('a model for TensorFlow.js', () => {
  /** As {@link network}, of standard layers. */
  const standard = (given: NetworkDocument): NetworkDocument => ({
    ...given,
    nodes: given.nodes.map((node) => (node.kind === 'pool' ? { ...node, params: { poolSize: 2 } } : node)),
  });

  it('calls layers by identifiers, names files by itself, and keeps free text in JSON', () => {
    fc.assert(
      fc.property(anyNames, ({ name, ids, labels }) => {
        const document = standard(network(name, ids, labels));
        const printed = printTfjs(document, analyzeNetwork(document), seededWeights(document));
        if (!printed.ok) throw new Error(printed.diagnostics[0]!.summary.en);
        expect([...printed.value.keys()]).toEqual(['model.json', 'group1-shard1of1.bin', 'README.md']);
        const model = JSON.parse(String(printed.value.get('model.json'))) as {
          modelTopology: { model_config: { config: { name: string; layers: { name: string }[] } } };
        };
        const { config } = model.modelTopology.model_config;
        expect(config.name).toBe(JSON.parse(JSON.stringify(name)));
        for (const layer of config.layers) expect(layer.name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
        // One fence of code, and nothing that Markdown would read as more.
        expect(String(printed.value.get('README.md')).match(/```/g)).toHaveLength(2);
      }),
      { numRuns: share * 60 },
    );
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

  it('come from the kind of layer where an id has no Latin letter', () => {
    const ids = ['卷积一', 'conv1', '卷积二', '激活', '12', '图 c3'];
    const kinds = new Map(ids.map((id) => [id, id === '激活' ? 'activation' : 'conv']));
    expect(Object.fromEntries(identifiersOf(ids, kinds))).toEqual({
      卷积一: 'conv2',
      conv1: 'conv1',
      卷积二: 'conv3',
      激活: 'activation1',
      12: 'conv4',
      '图 c3': 'node_c3',
    });
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
