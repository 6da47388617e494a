import { existsSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { compareNetworks } from '../../shared/analysis/compare';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { success, type Diagnostic, type Result } from '../../shared/diagnostics/diagnostic';
import { gradeNetwork, type Grade, type RunScores } from '../../shared/grading/grade';
import { scoreOf } from '../../shared/grading/report';
import { looksLikeResults, parseResults, type CourseResults } from '../../shared/grading/results';
import type { Rules } from '../../shared/grading/rules';
import type { NetworkDocument } from '../../shared/schema/document';
import { limits } from '../../shared/schema/limits';
import { modelFiles } from '../files/models';
import { readRegularFile } from '../files/regularFile';
import type { Host } from '../host';
import { readNetwork } from './readNetwork';
import { findRun } from '../files/paths';

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

/** The folder with the weights of a network file: the file itself, one of its name beside it, or the one that it lies in; always absolute. */
function findWeights(path: string, run: string | null): string | null {
  if (run !== null) return findRun(run);
  const file = resolve(path);
  const named = file.slice(0, file.length - extname(file).length);
  const hasWeights = (dir: string): boolean =>
    existsSync(join(dir, modelFiles.network)) &&
    ['weights.safetensors', 'weights.json'].some((name) => existsSync(join(dir, name)));
  const packed = [file, `${named}.convloom-model`].find((one) => one.endsWith('.convloom-model') && existsSync(one));
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

type HandedIn = { readonly document: NetworkDocument; readonly course: CourseResults | null };

const noNetwork: NetworkDocument = { format: 'convloom.network', version: 1, name: '', nodes: [], edges: [] };

/** What is graded: the results of a chapter with the network in them, or a network or model alone. */
async function readHandedIn(file: string): Promise<Result<HandedIn>> {
  const source = await readText(file);
  if (source !== null && looksLikeResults(source)) {
    const results = parseResults(source);
    if (!results.ok) return results;
    const { network, course } = results.value;
    return success({ document: network ?? noNetwork, course });
  }
  const document = await readNetwork(file);
  return document.ok ? success({ document: document.value, course: null }) : document;
}

/** The text of a file; null where it cannot be had: whoever reads networks says why. */
async function readText(file: string): Promise<string | null> {
  try {
    return (await readRegularFile(resolve(file), limits.documentBytes)).toString('utf8');
  } catch {
    return null;
  }
}

/** Reads and grades one file. `host` null where no rule asks for a run. */
export async function gradeFile(
  file: string,
  rules: Rules,
  options: ScoreOptions,
  host: Host | null,
): Promise<GradedFile> {
  const handedIn = await readHandedIn(file);
  if (!handedIn.ok) {
    const unreadable = handedIn.diagnostics;
    return { file, name: '', ok: false, points: 0, grades: [], analysis: null, unreadable, unscored: [] };
  }
  const { document, course } = handedIn.value;
  const analysis = analyzeNetwork(document);
  const { scores, why } =
    host === null || !analysis.ok ? { scores: null, why: [] } : await scoreRun(file, analysis, options, host);
  const grades = gradeNetwork(document, analysis, rules, scores, course);
  const { ok, points } = scoreOf(grades);
  return { file, name: document.name, ok, points, grades, analysis, unreadable: [], unscored: why };
}
