import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { runDamaged } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { parseNetwork } from '../../shared/document/parse';
import { compileTraining } from '../../shared/compile/compile';
import type { TrainingProgram } from '../../shared/compile/compile';
import { ignoredLabel } from '../../shared/compile/losses';
import { errorText } from '../../shared/text';
import type { EngineId } from '../../shared/schema/training';
import { fileDiagnostic } from '../files/fileErrors';
import { readRecord, runFiles } from '../files/runRecord';
import type { RunRecord } from '../files/runRecord';
import { chooseEngine } from '../engines';
import type { EngineSession } from '../engines/engine';
import { loadWeights } from '../files/weights';

/** A run's network with its weights, ready to evaluate and predict. */
export type TrainedNetwork = {
  readonly record: RunRecord;
  readonly document: NetworkDocument;
  readonly engine: EngineId;
  readonly program: TrainingProgram;
  readonly session: EngineSession;
  /** Shape of the trained output for one sample. */
  readonly outputShape: readonly number[];
};

async function readDocument(dir: string): Promise<Result<NetworkDocument>> {
  try {
    return parseNetwork(await readFile(join(dir, runFiles.network), 'utf8'));
  } catch (error) {
    return failure(runDamaged(dir, errorText(error)));
  }
}

/** Loads a run. Only the functions that are asked for are compiled: a prediction needs no backward pass. */
export async function loadTrained(
  dir: string,
  functions: readonly ('evaluate' | 'predict')[],
  preference: EngineId | 'auto',
): Promise<Result<TrainedNetwork>> {
  try {
    await stat(dir);
  } catch (error) {
    return failure(fileDiagnostic(error, dir, 'open'));
  }
  const record = await readRecord(dir);
  if (!record.ok) return record;
  const document = await readDocument(dir);
  if (!document.ok) return document;
  const weights = await loadWeights(dir, record.value.id);
  if (!weights.ok) return weights;
  const { config, data } = record.value;
  const analysis = analyzeNetwork(document.value);
  // Which masks it will be asked about is not known yet: they may have pixels of no class.
  const hasIgnored = data.task === 'segmentation' && data.classes.length <= ignoredLabel;
  const task = { kind: data.task, classCount: data.classes.length, hasIgnored };
  const compiled = compileTraining(document.value, analysis, { ...config, task });
  if (!compiled.ok) return compiled;
  const choice = await chooseEngine(preference);
  if (!choice.ok) return choice;
  const names = new Set(compiled.value.weights.map(({ name }) => name));
  const missing = [...names].find((name) => weights.value[name] === undefined);
  if (missing !== undefined) return failure(runDamaged(dir, `${runFiles.weights} has no ${missing}.`));
  const { program } = compiled.value;
  const session = await choice.value.engine.compile({
    variables: program.variables.filter(({ name }) => names.has(name)),
    functions: Object.fromEntries(
      Object.entries(program.functions).filter(([name]) => functions.some((own) => own === name)),
    ),
  });
  if (!session.ok) return session;
  await session.value.write(weights.value);
  const outputShape = analysis.nodes.get(compiled.value.outputNode)?.outputShape ?? [];
  return success({
    record: record.value,
    document: document.value,
    engine: choice.value.engine.id,
    program: compiled.value,
    session: session.value,
    outputShape: outputShape.map((size) => size ?? 1),
  });
}
