import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engineRewrites, rewriteForTensorflow } from '../../../electron/engines/rewrites';
import { checkProgram, findingText } from '../../../shared/ops/check';
import type { OpFunction, OpNode, Program } from '../../../shared/ops/graph';
import { some } from '../../support/isWhole';
import { smallProgram } from '../../support/smallProgram';
import { templateNames, templatePrograms } from '../../support/templatePrograms';
import { compileCase, trainingCases } from '../../support/trainingCases';

const rewrites = {
  ...engineRewrites,
  'tensorflow on a GPU': (definition: OpFunction) => rewriteForTensorflow(definition, 'gpu'),
};

function linesOf(program: Program): readonly string[] {
  return checkProgram(program).map(findingText);
}

/** A program with what each function becomes; an engine's rewrites may not need the same variables, but no others. */
function rewritten(program: Program, rewrite: (definition: OpFunction) => { definition: OpFunction }): Program {
  const functions = Object.entries(program.functions).map(([name, definition]): [string, OpFunction] => [
    name,
    rewrite(definition).definition,
  ]);
  return { ...program, functions: Object.fromEntries(functions) };
}

describe('checkProgram', () => {
  it.each(some(templateNames, 10))(
    'finds nothing wrong in the programs of %s, nor after the rewrites of any engine',
    (name) => {
      const { training, inference } = templatePrograms(name);
      for (const program of [training, inference]) {
        expect(linesOf(program)).toEqual([]);
        for (const rewrite of Object.values(rewrites)) expect(linesOf(rewritten(program, rewrite))).toEqual([]);
      }
    },
  );

  it.each(trainingCases.map((one) => [one.name, one] as const))('finds nothing wrong in %s', (_, one) => {
    const { program } = compileCase(one);
    expect(linesOf(program)).toEqual([]);
    for (const rewrite of Object.values(rewrites)) expect(linesOf(rewritten(program, rewrite))).toEqual([]);
  });
});

type Damage = (program: Program, step: OpFunction) => Program;

function withStep(program: Program, step: OpFunction): Program {
  return { ...program, functions: { step } };
}

/** The step with one node changed. */
function withNode(program: Program, step: OpFunction, op: string, change: (node: OpNode) => object): Program {
  const nodes = step.nodes.map((node) => (node.op === op ? { ...node, ...change(node) } : node));
  return withStep(program, { ...step, nodes });
}

const damages: readonly (readonly [what: string, at: string | null, damage: Damage])[] = [
  [
    'a shape that is not what comes out',
    'conv2d',
    (p, s) => withNode(p, s, 'conv2d', () => ({ shape: ['batch', 4, 4, 5] })),
  ],
  ['a type that is not what comes out', 'relu', (p, s) => withNode(p, s, 'relu', () => ({ dtype: 'int32' }))],
  ['a node that reads itself', 'relu', (p, s) => withNode(p, s, 'relu', () => ({ inputs: [s.nodes.length] }))],
  ['too many inputs', 'relu', (p, s) => withNode(p, s, 'relu', ({ inputs }) => ({ inputs: [...inputs, ...inputs] }))],
  ['an attribute of no sense', 'conv2d', (p, s) => withNode(p, s, 'conv2d', () => ({ strides: [0, 1] }))],
  ['an attribute that is missing', 'reduceSum', (p, s) => withNode(p, s, 'reduceSum', () => ({ axes: undefined }))],
  ['axes out of order', 'reduceSum', (p, s) => withNode(p, s, 'reduceSum', () => ({ axes: [1, 0, 2] }))],
  ['an op that there is none of', 'warp', (p, s) => withNode(p, s, 'relu', () => ({ op: 'warp' }))],
  ['the batch behind axis 0', 'reshape', (p, s) => withNode(p, s, 'reshape', () => ({ shape: [20, 'batch'] }))],
  ['a reshape to another count', 'reshape', (p, s) => withNode(p, s, 'reshape', () => ({ shape: ['batch', 21] }))],
  [
    'a variable that the program has not',
    'variable',
    (p, s) => ({ ...withStep(p, s), variables: p.variables.slice(1) }),
  ],
  ['an input that is not declared', 'input', (p, s) => withStep(p, { ...s, inputs: s.inputs.slice(1) })],
  [
    'an input without its node',
    null,
    (p, s) => withStep(p, { ...s, inputs: [...s.inputs, { ...s.inputs[0]!, name: 'z' }] }),
  ],
  ['an output without its node', null, (p, s) => withStep(p, { ...s, outputs: { y: 99 } })],
  ['two updates of one variable', null, (p, s) => withStep(p, { ...s, updates: [...s.updates, ...s.updates] })],
  [
    'an update by what has another shape',
    null,
    (p, s) => withStep(p, { ...s, updates: s.updates.map((update) => ({ ...update, variable: 'c/kernel' })) }),
  ],
  ['two variables of one name', null, (p, s) => ({ ...withStep(p, s), variables: [...p.variables, ...p.variables] })],
  [
    'a variable of no size',
    null,
    (p, s) => ({ ...withStep(p, s), variables: p.variables.map((v) => ({ ...v, shape: [0] })) }),
  ],
];

describe('checkProgram on a damaged graph', () => {
  it('has a sound one to start from', () => {
    expect(linesOf(smallProgram())).toEqual([]);
  });

  it.each(damages)('names %s', (_, at, damage) => {
    const program = smallProgram();
    const findings = checkProgram(damage(program, program.functions.step!));
    expect(findings.length).toBeGreaterThan(0);
    if (at === null) return;
    const named = findings.filter(({ node }) => node !== null).map(({ message }) => message.split(':', 1)[0]);
    expect(named).toContain(at);
  });

  it('reports whatever is broken off, and never throws', () => {
    const { program } = compileCase(trainingCases[0]!);
    const text = JSON.stringify(program);
    // Every number, text and list of a program is a place to break; JSON keeps what a program is made of.
    const places = pathsOf(JSON.parse(text) as unknown);
    fc.assert(
      fc.property(
        fc.nat(places.length - 1),
        fc.constantFrom<unknown>(null, undefined, -1, 1e9, 0.5, Number.NaN, 'batch', '', [], {}, [[]], true),
        (place, value) => {
          const damaged = JSON.parse(text) as Program;
          replaceAt(damaged, places[place]!, value);
          for (const finding of checkProgram(damaged)) expect(finding.message.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('reports every shape that is changed and every input that comes too late', () => {
    const { program } = compileCase(trainingCases[5]!);
    const { trainStep } = program.functions;
    fc.assert(
      fc.property(fc.nat(trainStep!.nodes.length - 1), fc.boolean(), (id, isShape) => {
        const node = trainStep!.nodes[id]!;
        if (!isShape && node.inputs.length === 0) return;
        const damaged = isShape
          ? { ...node, shape: node.shape.map((size) => (size === 'batch' ? size : size + 1)), inputs: node.inputs }
          : { ...node, inputs: node.inputs.map(() => id) };
        if (isShape && damaged.shape.join() === node.shape.join()) return;
        const nodes = trainStep!.nodes.with(id, damaged);
        const findings = checkProgram({ ...program, functions: { trainStep: { ...trainStep!, nodes } } });
        expect(findings.some((finding) => finding.functionName === 'trainStep')).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))].filter(
    ({ length }) => length > 0,
  );
}

function replaceAt(root: unknown, path: Path, value: unknown): void {
  let holder = root as { [key: string]: unknown };
  for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder;
  holder[path.at(-1)!] = value;
}
