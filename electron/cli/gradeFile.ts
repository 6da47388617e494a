import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compareNetworks } from '../../shared/analysis/compare';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { gradeNetwork, type Grade, type RunScores } from '../../shared/grading/grade';
import { scoreOf } from '../../shared/grading/report';
import type { Rules } from '../../shared/grading/rules';
import { modelFiles } from '../files/models';
import type { Host } from '../host';
import { readNetwork } from './readNetwork';
import { resolveRun } from './resolveRun';

/** What became of one file of a class. */
export type GradedFile = {
  readonly file: string;
  /** Of the network; empty where it cannot be read. */
  readonly name: string;
  readonly ok: boolean;
  readonly points: number;
  readonly grades: readonly Grade[];
  readonly analysis: NetworkAnalysis | null;
  /** Why the file cannot be read; empty where it can. */
  readonly unreadable: readonly Diagnostic[];
  /** Why no run was scored, where rules ask for one. */
  readonly unscored: readonly Diagnostic[];
};

/** Where runs are looked for, and what they are scored on. */
export type ScoreOptions = {
  /** The run or model of the one file; null to look beside each. */
  readonly run: string | null;
  /** The teacher's data; null for the validation split of the model's own. */
  readonly data: string | null;
};

/** Whether any rule asks what a run has reached. */
export function asksForRun({ rules }: Rules): boolean {
  return rules.some(({ rule }) => rule === 'accuracy' || rule === 'meanIou');
}

/** The folder with the weights of a network file: the file itself, one of its name beside it, or the one that it lies in. */
function findWeights(file: string, run: string | null): string | null {
  if (run !== null) return resolveRun(run);
  const named = file.slice(0, file.length - extname(file).length);
  const hasWeights = (dir: string): boolean =>
    existsSync(join(dir, modelFiles.network)) &&
    ['weights.safetensors', 'weights.json'].some((name) => existsSync(join(dir, name)));
  const packed = [file, `${named}.convloom-model`].find((path) => path.endsWith('.convloom-model') && existsSync(path));
  return packed ?? [file, named, dirname(file)].find(hasWeights) ?? null;
}

type Scored = { readonly scores: RunScores | null; readonly why: readonly Diagnostic[] };

/** Scores the weights anew: what a run's own files say of it may have been written by hand. */
async function scoreRun(file: string, analysis: NetworkAnalysis, options: ScoreOptions, host: Host): Promise<Scored> {
  const path = findWeights(file, options.run);
  if (path === null) return { scores: null, why: [] };
  const trained = await readNetwork(path);
  if (!trained.ok) return { scores: null, why: trained.diagnostics };
  const other = analyzeNetwork(trained.value);
  const { nodes, sameCount } = compareNetworks(analysis, other);
  if (sameCount !== nodes.length) return { scores: null, why: [] };
  const evaluated = await host.request('model.evaluate', {
    model: { type: 'path', path },
    data: options.data,
    engine: 'auto',
  });
  if (!evaluated.ok) return { scores: null, why: evaluated.diagnostics };
  const { accuracy, meanIou } = evaluated.value;
  return { scores: { accuracy, meanIou }, why: [] };
}

/** Reads and grades one file. `host` null where no rule asks for a run. */
export async function gradeFile(
  file: string,
  rules: Rules,
  options: ScoreOptions,
  host: Host | null,
): Promise<GradedFile> {
  const document = await readNetwork(file);
  if (!document.ok) {
    const unreadable = document.diagnostics;
    return { file, name: '', ok: false, points: 0, grades: [], analysis: null, unreadable, unscored: [] };
  }
  const analysis = analyzeNetwork(document.value);
  const { scores, why } =
    host === null || !analysis.ok ? { scores: null, why: [] } : await scoreRun(file, analysis, options, host);
  const grades = gradeNetwork(document.value, analysis, rules, scores);
  const { ok, points } = scoreOf(grades);
  return { file, name: document.value.name, ok, points, grades, analysis, unreadable: [], unscored: why };
}
