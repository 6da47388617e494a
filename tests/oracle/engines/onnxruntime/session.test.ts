import { describe, expect, it } from 'vitest';
import type { HostTensor } from '../../../../electron/engines/engine';
import { createOnnxruntimeEngine } from '../../../../electron/engines/onnxruntime';
import { explainFailure, probeLibrary } from '../../../../electron/engines/onnxruntime/library';
import { createOpBuilder } from '../../../../shared/ops/createOpBuilder';
import { differentiate } from '../../../../shared/ops/differentiate';
import type { OpFunction, Program, VariableSpec } from '../../../../shared/ops/graph';
import { elementCount } from '../../../../shared/ops/tensor';
import { addOptimizerUpdates, optimizerSlots, optimizerStepInputs } from '../../../../shared/compile/optimizers';
import { describeRecomputing } from '../../../support/describeEngine';
import { collectGarbage } from '../../../support/collectGarbage';
import { fitToZero } from '../../../support/fitToZero';
import { drawTensor } from '../../../support/opCases/opCase';
import { interpret } from '../../../support/referenceInterpreter';
import type { OptimizerName } from '../../../../shared/schema/training';
import type { Tensors64 } from '../../../support/referenceInterpreter';
import { fromHostTensor, toHostTensor, zeros } from '../../../support/tensor64';
import type { Tensor64 } from '../../../support/tensor64';

const plain = { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], groups: 1 } as const;

const weights: readonly VariableSpec[] = [
  { name: 'c/kernel', shape: [2, 3, 2, 4], dtype: 'float32' },
  { name: 'c/bias', shape: [4], dtype: 'float32' },
  // Larger than what is packed with the others.
  { name: 'f/kernel', shape: [80, 900], dtype: 'float32' },
  { name: 'f/bias', shape: [900], dtype: 'float32' },
];

/** RMSProp's first step is ten times the rate whatever the gradient, and carries the rounding of the smallest ones along. */
function rateOf(optimizer: OptimizerName): number {
  return optimizer === 'rmsProp' ? 0.001 : 0.01;
}

/** A conv and a fully connected layer under a squared loss, with a running mean that is assigned. */
function trainingProgram(optimizer: OptimizerName): Program {
  const ops = createOpBuilder();
  const variables = weights.map(({ name, shape }) => ops.variable(name, shape));
  const [kernel, bias, matrix, offsets] = variables;
  const conv = ops.add(ops.conv2d(ops.input('x', ['batch', 5, 7, 2]), kernel!, plain), bias!);
  const scores = ops.add(ops.matMul(ops.reshape(ops.unary('tanh', conv), ['batch', 80]), matrix!), offsets!);
  const loss = ops.reduce('reduceMean', ops.unary('square', scores), [0, 1]);
  const config = { optimizer, learningRate: rateOf(optimizer), momentum: 0.9 };
  addOptimizerUpdates(ops, config, weights, differentiate(ops, loss, variables));
  const mean = ops.variable('mean', [4]);
  ops.assign(mean, ops.add(ops.mul(mean, 0.9), ops.mul(ops.reduce('reduceMean', conv, [0, 1, 2]), 0.1)));
  const trainStep = ops.finish({ loss });
  const reader = createOpBuilder();
  const kernelSum = reader.reduce('reduceSum', reader.variable('c/kernel', [2, 3, 2, 4]), [0, 1, 2]);
  return {
    variables: [...weights, ...optimizerSlots(optimizer, weights), { name: 'mean', shape: [4], dtype: 'float32' }],
    functions: { trainStep, sums: reader.finish({ sums: kernelSum }) },
  };
}

async function compile(program: Program) {
  const compiled = await createOnnxruntimeEngine().compile(program);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled.value;
}

function startOf(program: Program): Tensors64 {
  const isSlot = (name: string): boolean => /\/(m|v|accumulator)$/.test(name);
  return Object.fromEntries(
    program.variables.map(({ name, shape }, index): [string, Tensor64] => [
      name,
      isSlot(name) ? zeros(shape) : drawTensor(shape, 'normal', index + 1),
    ]),
  );
}

function toHost(tensors: Tensors64): { readonly [name: string]: HostTensor } {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toHostTensor(tensor, 'float32')]));
}

function expectClose(actual: HostTensor, expected: Tensor64, what: string): void {
  expect(actual.shape, what).toEqual(expected.shape);
  const { data } = fromHostTensor(actual);
  expected.data.forEach((value, place) => {
    if (!(Math.abs(data[place]! - value) < 1e-4)) expect.fail(`${what}, ${place}: ${data[place]!}, not ${value}`);
  });
}

describe('a session of the onnxruntime engine', () => {
  it.each(['sgd', 'momentum', 'adam', 'nesterov', 'rmsProp', 'adagrad', 'adamW'] as const)(
    'keeps weights, slots and running statistics over steps of %s',
    async (optimizer) => {
      const program = trainingProgram(optimizer);
      const session = await compile(program);
      let state = startOf(program);
      await session.write(toHost(state));
      const trainStep: OpFunction = program.functions.trainStep!;
      for (let step = 1; step <= 3; step++) {
        // Another batch size each time.
        const x = drawTensor([step + 1, 5, 7, 2], 'normal', step + 100);
        const scalars = optimizerStepInputs({ optimizer, learningRate: rateOf(optimizer), momentum: 0.9 }, step);
        const inputs = Object.fromEntries(
          Object.entries(scalars).map(([name, scalar]) => [name, fromHostTensor(scalar)]),
        );
        const expected = interpret(trainStep, { x, ...inputs }, state);
        const actual = await session.run('trainStep', { x: toHostTensor(x, 'float32'), ...scalars });
        expectClose(actual.loss!, expected.outputs.loss!, `loss of step ${step}`);
        state = expected.variables;
      }
      const names = program.variables.map(({ name }) => name);
      const read = await session.read(names);
      for (const name of names) expectClose(read[name]!, state[name]!, name);
      const { sums } = await session.run('sums', {});
      expectClose(sums!, interpret(program.functions.sums!, {}, state).outputs.sums!, 'the other function');
      await session.dispose();
    },
  );

  it('keeps no memory over 10,000 steps', async () => {
    const session = await compile(fitToZero(64));
    const filled = (shape: readonly number[], value: number): HostTensor => ({
      dtype: 'float32',
      shape,
      data: new Float32Array(elementCount(shape)).fill(value),
    });
    await session.write({ w: filled([64, 64], 0.01) });
    const feeds = { x: filled([128, 64], 0.1), learningRate: filled([], 1e-4) };
    const run = async (steps: number): Promise<void> => {
      for (let step = 0; step < steps; step++) await session.run('step', feeds);
    };
    await run(500);
    collectGarbage();
    const before = process.memoryUsage().rss;
    await run(10_000);
    collectGarbage();
    // The state alone is 16 kB a step: a leak of it would be 164 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(64e6);
    await session.dispose();
  });

  it('gives copies: neither what was written nor what was read changes later', async () => {
    const program = trainingProgram('sgd');
    const session = await compile(program);
    const start = toHost(startOf(program));
    const before = new Float32Array(start['c/bias']!.data);
    await session.write(start);
    const { 'c/bias': first } = await session.read(['c/bias']);
    const x = toHostTensor(drawTensor([2, 5, 7, 2], 'normal', 3), 'float32');
    for (let step = 1; step <= 2; step++) {
      await session.run('trainStep', {
        x,
        ...optimizerStepInputs({ optimizer: 'sgd', learningRate: 1, momentum: 0 }, step),
      });
    }
    expect(start['c/bias']!.data).toEqual(before);
    expect(first!.data).toEqual(before);
    expect((await session.read(['c/bias']))['c/bias']!.data).not.toEqual(before);
    await session.dispose();
  });

  it('refuses to run before every variable that it reads was set, naming the first', async () => {
    const program = trainingProgram('sgd');
    const session = await compile(program);
    const { 'c/bias': _, ...rest } = toHost(startOf(program));
    await session.write(rest);
    await expect(session.run('trainStep', {})).rejects.toThrow('"c/bias"');
    await session.dispose();
  });

  it('refuses a variable of another shape', async () => {
    const session = await compile(trainingProgram('sgd'));
    const wrong = toHostTensor(zeros([5]), 'float32');
    await expect(async () => session.write({ 'c/bias': wrong })).rejects.toThrow('[4]');
    await session.dispose();
  });

  it('fails to compile, with a diagnostic, what it has no kernel for', async () => {
    const ops = createOpBuilder();
    const shifted = ops.reverse(ops.constant([1, 2, 3], [3]), [0]);
    const definition = ops.finish({ shifted });
    const nodes = definition.nodes.map((node) => ({ ...node, dtype: 'int32' as const }));
    const compiled = await createOnnxruntimeEngine().compile({
      variables: [],
      functions: { broken: { ...definition, nodes } },
    });
    expect(compiled.ok).toBe(false);
    if (!compiled.ok) expect(compiled.diagnostics.map(({ code }) => code)).toEqual(['engine/lacks-op']);
  });
});

describeRecomputing(createOnnxruntimeEngine);

describe('the probe of the onnxruntime engine', () => {
  it('names device and version where the library loads', async () => {
    const status = await createOnnxruntimeEngine().probe();
    expect(status).toMatchObject({ available: true, device: expect.stringMatching(/^CPU, \d+ threads/) as string });
    if (status.available) expect(status.versions['onnxruntime-node']).toMatch(/^1\.\d+\.\d+$/);
  });

  it.each([
    ['freebsd', 'x64'],
    ['darwin', 'x64'],
    ['linux', 'riscv64'],
  ])('says that the package has nothing for %s on %s', async (platform, arch) => {
    const status = await probeLibrary(platform, arch);
    expect(status).toMatchObject({
      available: false,
      why: { en: expect.stringContaining(`${platform} on ${arch}`) as string },
    });
  });

  it.each([
    ["Cannot find package 'onnxruntime-node' imported from x.js", 'not installed'],
    ["/lib/libc.so.6: version `GLIBC_2.28' not found (required by onnxruntime_binding.node)", 'GLIBC_2.28'],
    ['Error loading shared library ld-linux-x86-64.so.2: No such file', 'musl'],
    ['libonnxruntime.so.1: cannot open shared object file: No such file or directory', 'libonnxruntime.so.1'],
    ['something new', 'something new'],
  ])('explains "%s"', (message, piece) => {
    const { why, mend } = explainFailure(message);
    expect(why.en).toContain(piece);
    expect(mend.zh).not.toBe('');
  });
});

it('keeps names apart that a C string and UTF-8 do not: behind a NUL, and half a surrogate pair', async () => {
  const names = ['n\u0000a/kernel', 'n\u0000b/kernel', '\ud800/kernel', '\ud801/kernel', 'n/kernel', 'n%0000a/kernel'];
  const ops = createOpBuilder();
  const x = ops.input('x\u0000y', [1]);
  const outputs = names.map((name): [string, ReturnType<typeof ops.variable>] => [
    name,
    ops.add(ops.variable(name, [1]), x),
  ]);
  const session = await compile({
    variables: names.map((name) => ({ name, shape: [1], dtype: 'float32' })),
    functions: { sums: ops.finish(Object.fromEntries(outputs)) },
  });
  const one = (value: number): HostTensor => ({ dtype: 'float32', shape: [1], data: Float32Array.of(value) });
  await session.write(Object.fromEntries(names.map((name, at) => [name, one(at)])));
  const sums = await session.run('sums', { 'x\u0000y': one(10) });
  expect(names.map((name) => sums[name]?.data[0])).toEqual(names.map((_, at) => 10 + at));
  await session.dispose();
});
