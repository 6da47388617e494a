import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineSession, TensorMap } from '../../electron/engines/engine';
import { engineRewrites } from '../../electron/engines/rewrites';
import { onlyTraining, startTraining, trainedNumbers, verificationTraining } from '../../electron/engines/verification';
import type { OpFunction, Program } from '../../shared/ops/graph';
import { engineProgramCases } from './engineProgramCases';
import { engineCases } from './opCases';
import { argumentName, caseProgram, caseValues, drawTensor } from './opCases/opCase';
import type { OpCase } from './opCases/opCase';
import { randomCases } from './opCases/random';
import { isWhole } from './isWhole';
import { interpret } from './referenceInterpreter';
import type { Tensors64 } from './referenceInterpreter';
import { fromHostTensor, toHostTensor } from './tensor64';
import type { Tensor64 } from './tensor64';
import { compileCase, initialVariables, stepFeeds, trainingCases } from './trainingCases';
import type { TrainingCase } from './trainingCases';

/** Expects float32 results to be those of the reference, relative to the largest expected value (at least 1). */
export function expectClose(actual: Tensor64, expected: Tensor64, tolerance = 1e-4): void {
  expect(actual.shape).toEqual(expected.shape);
  const scale = expected.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const worst = expected.data.reduce((largest, value, index) => {
    const error = Math.abs(value - actual.data[index]!);
    // Infinite where both are, NaN nowhere: a NaN must not pass as a small error.
    return value === actual.data[index] ? largest : Math.max(largest, Number.isNaN(error) ? Infinity : error);
  }, 0);
  expect(worst / scale).toBeLessThan(tolerance);
}

/** Compiles, runs `use`, and disposes whatever happens. */
export async function withSession<T>(
  engine: Engine,
  program: Program,
  use: (session: EngineSession) => Promise<T>,
): Promise<T> {
  const compiled = await engine.compile(program);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((diagnostic) => diagnostic.summary.en).join('\n'));
  try {
    return await use(compiled.value);
  } finally {
    await compiled.value.dispose();
  }
}

/** Feeds for a function: the named values in the types that it declares. */
export function feedsFor({ inputs }: OpFunction, values: Tensors64): TensorMap {
  return Object.fromEntries(inputs.map(({ name, dtype }) => [name, toHostTensor(values[name]!, dtype)]));
}

/** The named values as the program's variables. */
export function variablesFor({ variables }: Program, values: Tensors64): TensorMap {
  return Object.fromEntries(variables.map(({ name, dtype }) => [name, toHostTensor(values[name]!, dtype)]));
}

/** Runs an op forward and backward beside the interpreter. */
export async function expectCase(engine: Engine, opCase: OpCase, batch: number): Promise<void> {
  const program = caseProgram(opCase);
  const { forward, gradients } = program.functions;
  const values: Tensors64 = Object.fromEntries(
    caseValues(opCase, batch, 7).map((value, index) => [argumentName(index), value]),
  );
  const expected = interpret(forward!, values, values).outputs.y!;
  await withSession(engine, program, async (session) => {
    if (program.variables.length > 0) await session.write(variablesFor(program, values));
    const { y } = await session.run('forward', feedsFor(forward!, values));
    expect(y!.dtype).toBe(forward!.nodes[forward!.outputs.y!]!.dtype);
    expectClose(fromHostTensor(y!), expected);
    if (gradients === undefined) return;
    const fed = { ...values, dy: drawTensor(expected.shape, 'normal', 99) };
    const outputs = await session.run('gradients', feedsFor(gradients, fed));
    for (const [name, value] of Object.entries(interpret(gradients, fed, fed).outputs)) {
      expectClose(fromHostTensor(outputs[name]!), value);
    }
  });
}

/**
 * The suite that every engine passes: each op forward and backward against the reference interpreter, whole programs with state and
 * updates, and the contract of {@link EngineSession}. `tests/support/opCases.ts` holds the ops.
 */
export function describeEngine(title: string, createEngine: () => Engine): void {
  describe(title, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = createEngine();
      const status = await engine.probe();
      if (!status.available) throw new Error(`${title} cannot run here: ${status.why.en}`);
    });

    describe('ops, forward and backward', () => {
      it.each(engineCases.map((opCase) => [opCase.name, opCase] as const))('%s', (_, opCase) =>
        expectCase(engine, opCase, 3),
      );
    });

    describe('ops on a batch of one', () => {
      const rows = engineCases.filter((_, index) => index % 7 === 0).map((opCase) => [opCase.name, opCase] as const);
      it.each(rows)('%s', (_, opCase) => expectCase(engine, opCase, 1));
    });

    describe('ops on random shapes', () => {
      const rows = randomCases(40, 7).map((opCase) => [opCase.name, opCase] as const);
      it.each(rows)('%s', (_, opCase) => expectCase(engine, opCase, 2));
    });

    describe('programs', () => {
      it.each(engineProgramCases.map((programCase) => [programCase.name, programCase] as const))(
        '%s',
        async (_, { program, initial, runs }) => {
          await withSession(engine, program, async (session) => {
            await session.write(variablesFor(program, initial));
            let variables = initial;
            for (const { functionName, inputs } of runs) {
              const expected = interpret(program.functions[functionName]!, inputs, variables);
              const outputs = await session.run(functionName, feedsFor(program.functions[functionName]!, inputs));
              for (const [name, value] of Object.entries(expected.outputs))
                expectClose(fromHostTensor(outputs[name]!), value);
              ({ variables } = expected);
            }
            const names = program.variables.map((variable) => variable.name);
            const read = await session.read(names);
            for (const { name, dtype } of program.variables) {
              expect(read[name]!.dtype).toBe(dtype);
              expectClose(fromHostTensor(read[name]!), variables[name]!);
            }
          });
        },
      );
    });

    describe('training steps equal the reference', () => {
      it.each(trainingCases.map((trainingCase) => [trainingCase.name, trainingCase] as const))(
        '%s',
        (_, trainingCase) => expectTraining(engine, trainingCase),
      );
    });

    describeRecomputing(() => engine);
    describeContract(() => engine);
  });
}

/**
 * A start from which no gradient of the cases is rounding alone. Adam makes whole steps of such, in directions that each processor rounds in its own
 * way: from seed 1, 24 of LeNet's weights part by 1e-3 on some.
 */
const wellConditioned = 5;

/** Trains some steps beside the interpreter: every loss, then every weight, then evaluation and prediction agree. */
export async function expectTraining(
  engine: Engine,
  trainingCase: TrainingCase,
  { steps = isWhole ? 20 : 6, batch = 3 } = {},
): Promise<void> {
  const compiled = compileCase(trainingCase);
  const { program } = compiled;
  const { trainStep, evaluate, predict } = program.functions;
  let variables = initialVariables(compiled, wellConditioned);
  await withSession(engine, program, async (session) => {
    await session.write(variablesFor(program, variables));
    for (let step = 1; step <= steps; step++) {
      const feeds = stepFeeds(trainingCase, compiled, step, batch);
      const expected = interpret(trainStep!, feeds, variables);
      const outputs = await session.run('trainStep', feedsFor(trainStep!, feeds));
      for (const [name, value] of Object.entries(expected.outputs)) expectClose(fromHostTensor(outputs[name]!), value);
      ({ variables } = expected);
    }
    const read = await session.read(compiled.weights.map((weight) => weight.name));
    for (const { name } of compiled.weights) expectClose(fromHostTensor(read[name]!), variables[name]!);
    const feeds = stepFeeds(trainingCase, compiled, 99, 5);
    for (const [name, source] of [
      ['evaluate', evaluate!],
      ['predict', predict!],
    ] as const) {
      const outputs = await session.run(name, feedsFor(source, feeds));
      const expected = interpret(source, feeds, variables).outputs;
      for (const [output, value] of Object.entries(expected)) expectClose(fromHostTensor(outputs[output]!), value);
    }
  });
}

/** The contract of {@link EngineSession}: what is refused, what is kept, what is drawn anew. */
export function describeContract(engine: () => Engine): void {
  describe('sessions', () => {
    const { program, initial, runs } = engineProgramCases[0]!;
    let session: EngineSession;
    beforeAll(async () => {
      const compiled = await engine().compile(program);
      if (!compiled.ok) throw new Error('The program does not compile.');
      session = compiled.value;
    });
    afterAll(() => session.dispose());
    const { functionName, inputs } = runs[0]!;
    const feeds = feedsFor(program.functions[functionName]!, inputs);

    it('refuses to run before every variable is written', async () => {
      await expect(session.run(functionName, feeds)).rejects.toThrow();
    });

    it('gives back what was written', async () => {
      const variables = variablesFor(program, initial);
      await session.write(variables);
      expect(await session.read(Object.keys(variables))).toEqual(variables);
    });

    it('refuses an unknown function, a missing input, a wrong shape, and an unknown variable', async () => {
      await expect(session.run('nothing', feeds)).rejects.toThrow();
      await expect(session.run(functionName, {})).rejects.toThrow();
      const x = feeds.x!;
      await expect(session.run(functionName, { ...feeds, x: { ...x, shape: [1, ...x.shape] } })).rejects.toThrow();
      await expect(session.write({ nothing: x })).rejects.toThrow();
      await expect(session.write({ w: { ...variablesFor(program, initial).w!, shape: [1, 1] } })).rejects.toThrow();
      await expect(session.read(['nothing'])).rejects.toThrow();
    });
  });
}

/** Steps that compute their forward pass again are the same steps. */
export function describeRecomputing(engine: () => Engine): void {
  it('comes to the same losses and weights, bit by bit, where steps compute their forward pass again', async () => {
    const training = verificationTraining('small');
    const plain = onlyTraining(training);
    const step = { ...plain.functions.trainStep!, recompute: { batch: 3, within: null } };
    expect(engineRewrites[engine().id](step).fired.recompute).toBeGreaterThan(0);
    const numbersOf = (program: Program) =>
      withSession(engine(), program, async (session) => {
        await startTraining(session, training);
        return await trainedNumbers(session, training);
      });
    expect(await numbersOf({ ...plain, functions: { trainStep: step } })).toEqual(await numbersOf(plain));
  });
}
