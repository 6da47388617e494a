import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compileLocator } from '../../shared/compile/probe';
import { flatNetwork } from '../../shared/document/expand';
import { noPlateau } from '../../shared/schema/schedule';
import { samplesPerStep } from '../../shared/schema/training';
import type { TrainingConfig } from '../../shared/schema/training';
import { readCheckpoint } from '../files/checkpoint';
import { feedMaker, takeStep } from './epoch';
import { scalarOf } from './evaluate';
import { writeInitialState } from './prepare';
import type { PreparedRun } from './prepare';
import { savedVariables } from './resume';

/** The first node whose values are no numbers any more, and how large those before it were on average. */
export type Fault = { readonly nodeId: string; readonly before: number | null };

/** More steps than these are not taken again to see where it broke. */
const mostReplayed = 300;

/**
 * Finds where a step first got something else than numbers. By then the step has spoiled all weights: what came before it is computed once
 * more, from the last checkpoint or the start, as a step follows from the seed and its number alone. Null where that would take too
 * long, or where all nodes give numbers and the loss alone does not.
 */
export async function locateFault(
  run: PreparedRun,
  config: TrainingConfig,
  dir: string,
  failedStep: number,
): Promise<Fault | null> {
  try {
    return await locate(run, config, dir, failedStep);
  } catch {
    // The run has ended in any case; an engine may lack the memory for a second session.
    return null;
  }
}

async function locate(
  run: PreparedRun,
  config: TrainingConfig,
  dir: string,
  failedStep: number,
): Promise<Fault | null> {
  const { dataset, program, choice, start } = run;
  const read = await readCheckpoint(dir);
  const from = read.ok && read.value.state.step < failedStep ? read.value : null;
  // Weights that a run was given are not at hand any more.
  if (from === null && (start !== null || run.from !== null)) return null;
  const done = from?.state.step ?? 0;
  if (failedStep - done > mostReplayed) return null;
  const compiled = await choice.engine.compile(program.program);
  if (!compiled.ok) return null;
  const session = compiled.value;
  const again: PreparedRun = { ...run, session };
  const size = samplesPerStep(config);
  const stepsPerEpoch = Math.ceil(dataset.train.count / size);
  const plateau = from?.state.plateau ?? noPlateau;
  const feedOf = (step: number) =>
    feedMaker(again, config, { epoch: Math.floor((step - 1) / stepsPerEpoch) + 1, plateau })(
      ((step - 1) % stepsPerEpoch) * size,
      step,
    );
  try {
    if (from === null) await writeInitialState(session, program, config.seed);
    else await session.write(savedVariables(from, program), 'kept');
    for (let step = done + 1; step < failedStep; step++) await takeStep(again, config, feedOf(step), step);
    const weights = await session.read(program.weights.map(({ name }) => name));
    const [first] = feedOf(failedStep).batches;
    return await look(run, config, weights, first?.feeds ?? {});
  } finally {
    await session.dispose();
  }
}

async function look(
  run: PreparedRun,
  config: TrainingConfig,
  weights: Awaited<ReturnType<PreparedRun['session']['read']>>,
  feeds: Parameters<PreparedRun['session']['run']>[1],
): Promise<Fault | null> {
  const { dataset, choice } = run;
  const document = flatNetwork(run.document);
  const { task, classes } = dataset.info;
  const options = {
    ...config,
    task: { kind: task, classCount: classes.length, hasIgnored: dataset.hasIgnored ?? false },
    ...run.comparison,
  };
  const locator = compileLocator(document, analyzeNetwork(document), options);
  if (!locator.ok) return null;
  const { program, nodes, weights: needed } = locator.value;
  const compiled = await choice.engine.compile(program);
  if (!compiled.ok) return null;
  const session = compiled.value;
  try {
    const own = needed.flatMap(({ name }) => (weights[name] === undefined ? [] : [[name, weights[name]] as const]));
    await session.write(Object.fromEntries(own));
    const inputs = program.functions['probe']?.inputs ?? [];
    const fed = inputs.flatMap(({ name }) => (feeds[name] === undefined ? [] : [[name, feeds[name]] as const]));
    const outputs = await session.run('probe', Object.fromEntries(fed));
    let before: number | null = null;
    for (const { id, signal } of nodes) {
      const size = scalarOf(outputs, signal);
      if (!Number.isFinite(size)) return { nodeId: id, before };
      before = size;
    }
    return null;
  } finally {
    await session.dispose();
  }
}
