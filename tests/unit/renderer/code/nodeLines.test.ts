import { describe, expect, it } from 'vitest';
import { linesOfNodes, nodeAtLine, nodeLines } from '../../../../renderer/code/nodeLines';
import { analyzeNetwork } from '../../../../shared/analysis/analyze';
import { printJax } from '../../../../shared/exports/jax';
import { printKeras } from '../../../../shared/exports/keras';
import { printNncFile } from '../../../../shared/exports/nnc';
import { printPytorch } from '../../../../shared/exports/pytorch';
import { printTypescript } from '../../../../shared/exports/typescript';
import { templates } from '../../../../templates/build';

describe('lines of code that speak of a node', () => {
  const code = ["const c1 = conv({ name: 'c1' });", 'const c10 = pool(c1);', "const f = fc({ name: 'f-1' });"].join(
    '\n',
  );

  it('are those with its id as a whole word', () => {
    expect(nodeLines(code, ['c1'])).toEqual([1]);
    expect(nodeLines(code, ['c10'])).toEqual([2]);
    expect(nodeLines(code, ['f-1'])).toEqual([3]);
    expect(nodeLines(code, [])).toEqual([]);
  });

  it('are those that only take its value where none names it', () => {
    expect(nodeLines('layer(x1)\nlayer(x2)', ['x1'])).toEqual([1]);
  });

  it('are none where an id is a common word', () => {
    expect(nodeLines(Array.from({ length: 40 }, () => 'const x = 1;').join('\n'), ['const'])).toEqual([]);
  });
});

describe('lines of a network of Neural Network Console', () => {
  it("are a node's variables, weights and function, and lead to it; a consumer's are its own", () => {
    const { document } = templates.find(({ id }) => id === 'lenet')!;
    const printed = printNncFile(document, analyzeNetwork(document));
    if (!printed.ok) throw new Error('does not print');
    const lines = printed.value.text.split('\n');
    const own = linesOfNodes(printed.value, ['c2']).map((line) => lines[line - 1]!.trim());
    expect(
      own.filter((line) => line.endsWith(' {') && !/shape|initializer|_param|stride|pad|dilation/.test(line)),
    ).toEqual(['variable {', 'variable {', 'variable {', 'function {']);
    expect(own).toContain('type: "Convolution"');
    const at = (words: string): number => lines.findIndex((line) => line.trim() === words) + 1;
    expect(nodeAtLine(printed.value, at('input: "c2"'), ['c2', 'a2'])).toBe('a2');
    expect(nodeAtLine(printed.value, at('name: "Main"'), ['c2'])).toBeNull();
  });
});

describe('lines of a printed model', () => {
  const { document } = templates.find(({ id }) => id === 'resnet-50')!;
  const printed = printTypescript(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error('does not print');
  const file = printed.value.find(({ path }) => path === 'src/model.ts')!;
  const lines = (...ids: string[]): string[] =>
    linesOfNodes(file, ids).map((line) => file.text.split('\n')[line - 1]!.trim());

  it('are, for a node in a block, those of its function and the calls that lead there', () => {
    const own = lines('s2/rest/3/conv3');
    expect(own.filter((line) => line.includes('`${name}/conv3`'))).toHaveLength(1);
    expect(own.filter((line) => line.includes('bottleneck(rest,'))).toHaveLength(1);
    expect(own.filter((line) => line.startsWith('const s2 = stage('))).toHaveLength(1);
    expect(own.filter((line) => line.startsWith('const s3'))).toEqual([]);
  });

  it('are, for a block node, its call, and for two of them both', () => {
    expect(lines('s1', 's4').map((line) => line.slice(0, 16))).toEqual(['const s1 = stage', 'const s4 = stage']);
  });

  it('are, for a layer on many lines, all of them', () => {
    expect(lines('fc').join('')).toMatch(/const fc = .*units: 1000/);
    expect(lines('gap').at(-1)).toContain('.apply(s4)');
  });

  it('are none for a node that is not there', () => {
    expect(lines('nowhere')).toEqual([]);
  });
});

describe.each([
  ['PyTorch', printPytorch, ['self.conv3 = nn.Conv2d(', 'self.rest = nn.', 'self.s2 = Stage(']],
  ['Keras', printKeras, ['name=f"{name}.conv3"', 'name=f"{name}.rest', 's2']],
  ['JAX', printJax, ['self.conv3 = nnx.Conv(', 'self.rest = nnx.', 'self.s2 = Stage(']],
] as const)('lines of a model printed for %s', (_, print, [layer, block, stage]) => {
  const { document } = templates.find(({ id }) => id === 'resnet-50')!;
  const printed = print(document, analyzeNetwork(document));
  if (!printed.ok) throw new Error('does not print');
  const file = printed.value.files.find(({ path }) => path === 'model.py')!;
  const all = file.text.split('\n');

  it('are, for a node in a block, those that make and call it and the blocks that it is in', () => {
    const own = linesOfNodes(file, ['s2/rest/3/conv3']).map((line) => all[line - 1]!.trim());
    for (const words of [layer, block, stage]) expect(own.some((line) => line.includes(words))).toBe(true);
    expect(own.filter((line) => /\b(s3|conv2)\b/.test(line.split('#')[0]!.split('=')[0]!))).toEqual([]);
  });

  it('lead back to the node that they are of', () => {
    const at = all.findIndex((line) => line.includes(layer)) + 1;
    expect(nodeAtLine(file, at, [])).toMatch(/\/conv3$/);
    expect(nodeAtLine(file, 1, [])).toBeNull();
  });
});

describe('the node of a line', () => {
  const python = {
    path: 'model.py',
    text: 'self.c1 = nn.Conv2d(1, 20, 5)\nself.c2 = nn.Conv2d(20, 50, 5)\nx = self.c2(self.c1(x))\n',
  };

  it('is what the line makes by its text, and none where it only uses nodes', () => {
    expect(nodeAtLine(python, 1, ['c1', 'c2'])).toBe('c1');
    expect(nodeAtLine(python, 2, ['c1', 'c2'])).toBe('c2');
    expect(nodeAtLine(python, 3, ['c1', 'c2'])).toBeNull();
    expect(nodeAtLine(python, 99, ['c1', 'c2'])).toBeNull();
  });

  it('is the block where the line calls it, which leads to the nodes in it too', () => {
    const known = {
      ...python,
      nodeLines: new Map([
        ['b/c1', [1, 2]],
        ['b', [2]],
      ]),
    };
    expect(nodeAtLine(known, 1, [])).toBe('b/c1');
    expect(nodeAtLine(known, 2, [])).toBe('b');
    expect(nodeAtLine(known, 3, [])).toBeNull();
  });
});
