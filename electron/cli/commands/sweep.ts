import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { badOptionValue, conflictingOptions, missingArgument } from '../../../shared/diagnostics/catalog/commandLine';
import type { Diagnostic, Result } from '../../../shared/diagnostics/diagnostic';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../../shared/host/api';
import { limits } from '../../../shared/schema/limits';
import { earlyStopRules, mostTrials } from '../../../shared/schema/sweeps';
import { formatShort, text } from '../../../shared/text';
import { isRace, raceConfig, raceVary, raceWords, type RaceRow } from '../../../shared/training/race';
import { errorText } from '../../../shared/training/runTable';
import {
  isTrialDone,
  sweepFront,
  trialCosts,
  trialError,
  type Sweep,
  type SweepTrial,
  type TrialCost,
} from '../../../shared/training/sweep';
import { assignmentText } from '../../../shared/transforms/vary';
import { sweepFile } from '../../files/sweepRecord';
import { defaultDataDir, type Host } from '../../host';
import { defineCommand, jsonOption, type ExitCode } from '../command';
import { printableLine } from '../printable';
import { raceRows, tellRace } from '../raceReport';
import { readNetwork } from '../readNetwork';
import { reportDiagnostics, reportFailure } from '../report';
import { countText, tableLines } from '../table';
import type { Terminal } from '../terminal';
import { trainingConfig, trainingOptions } from '../trainingOptions';
import { withHost } from '../withHost';

/** `convloom sweep`. */
export const sweep = defineCommand({
  name: 'sweep',
  summary: 'train variants of a network in turn, and show which err least for what they cost',
  details: [
    '--vary names what is varied and with which values, once for each: a param of a node, of a block, of a node in a block, or a setting.',
    '  c1.filters=8,16,32            these values                  block.filters=8,16     a param of a block',
    '  learningRate=0.001..0.1:log   a range, by factors           block/c.kernelSize=3,5 a node in a block',
    '  d1.rate=0..0.5:6              a range of six values         optimizer=adam,sgd     a setting',
    'Without --trials every value is tried with every other (a range that does not say has four); --trials N tries so many at random, as the',
    'seed has it. Variants whose shapes do not fit are told and skipped. Every trial is an ordinary run, tagged with the name of the sweep.',
    '--race sets the descents beside each other: batch, mini-batch and stochastic from one start, with SGD at one rate and as many samples. It',
    'is short for --vary descent=batch,miniBatch,stochastic --early-stop none --optimizer sgd --schedule constant with at most 3 epochs and,',
    'where the network has a rate for another optimizer, --learning-rate 0.01; each of these settings can still be given. Batch descent',
    'gathers the gradients of all batches for its one step an epoch, in the memory of one batch.',
    'A sweep that was stopped or killed goes on when its folder or its id stands in the place of FILE; what is done stays done.',
  ].join('\n'),
  positionals: [{ name: 'FILE', doc: 'a network file or a model; or the folder or id of a sweep, which goes on' }],
  options: {
    vary: {
      type: 'text',
      placeholder: 'NAME=VALUES',
      maxLength: limits.varyLength,
      many: true,
      doc: 'what to vary; may be given several times',
    },
    race: { type: 'flag', doc: 'batch, mini-batch and stochastic descent side by side' },
    trials: { type: 'text', placeholder: 'N|grid', doc: 'so many at random, or all combinations (default: grid)' },
    'early-stop': {
      type: 'choice',
      values: earlyStopRules.map(({ value }) => value),
      doc: `end the worst early. ${earlyStopRules.map(({ value, doc }) => `${value}: ${doc.en}`).join('; ')} (default: median)`,
    },
    name: {
      type: 'text',
      placeholder: 'NAME',
      maxLength: limits.runTag,
      doc: 'what the sweep is called, and the tag of its runs',
    },
    ...trainingOptions,
    // `--output` is a training setting: which output of the network is trained.
    dir: {
      type: 'text',
      placeholder: 'DIR',
      short: 'o',
      doc: 'keep the sweep and its runs in this new or empty folder',
    },
    json: jsonOption,
  },
  run: async ({ options, positionals: [file = ''] }, terminal) => {
    const { json } = options;
    const known = sweepDirOf(file);
    if (known !== null) {
      if (options.vary.length > 0 || options.race) {
        const words = conflictingOptions(
          '--vary and --race are for a new sweep; this one knows what it varies.',
          '--vary 与 --race 用于新的扫描；此扫描已有变动项。',
        );
        return reportDiagnostics([words], json, terminal);
      }
      return await withHost((host) =>
        followSweep(host, json, terminal, () => host.request('sweep.resume', { dir: known })),
      );
    }
    const document = await readNetwork(file);
    if (!document.ok) return reportFailure(document, json, terminal);
    const trials = readTrials(options.trials);
    if (!trials.ok) return reportFailure(trials, json, terminal);
    const { race, vary } = options;
    if (race && (vary.length > 0 || options.trials !== undefined || options['early-stop'] !== undefined)) {
      const words = conflictingOptions(
        '--race says what is varied and that nothing is ended early: leave --vary, --trials and --early-stop out.',
        '--race 已说明变动什么且不提前结束：请去掉 --vary、--trials 和 --early-stop。',
      );
      return reportDiagnostics([words], json, terminal);
    }
    if (!race && vary.length === 0) {
      return reportDiagnostics([missingArgument('--vary NAME=VALUES')], json, terminal);
    }
    const own = race ? { train: raceConfig(trainingConfig(document.value, {})) } : document.value;
    const request: HostRequests['sweep.start'][0] = {
      document: document.value,
      config: trainingConfig(own, options),
      vary: race ? raceVary : vary,
      trials: trials.value,
      earlyStop: race ? 'none' : (options['early-stop'] ?? 'median'),
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.dir === undefined ? {} : { dir: resolve(options.dir) }),
    };
    return await withHost((host) => followSweep(host, json, terminal, () => host.request('sweep.start', request)));
  },
});

/** The folder of a sweep that is there already, by its path or its id. */
function sweepDirOf(given: string): string | null {
  const places = [resolve(given), join(defaultDataDir(), 'sweeps', given)];
  return places.find((dir) => existsSync(join(dir, sweepFile))) ?? null;
}

function readTrials(given: string | undefined): Result<number | 'grid'> {
  if (given === undefined || given === 'grid') return success('grid');
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= mostTrials) return success(count);
  const wanted = text(`grid or a whole number from 1 to ${mostTrials}`, `grid 或 1 到 ${mostTrials} 的整数`);
  return failure(badOptionValue('--trials', given, wanted));
}

/** Starts a sweep or goes on with one, tells each trial as it ends, stops on Ctrl-C, and ends with the table and the front. */
async function followSweep(
  host: Host,
  json: boolean,
  terminal: Terminal,
  begin: () => Promise<Result<{ readonly sweep: Sweep }>>,
): Promise<ExitCode> {
  const told = new Set<number>();
  const seen: { last: Sweep | null } = { last: null };
  let own: string | null = null;
  const early: Sweep[] = [];
  let refused: readonly Diagnostic[] = [];
  const ended = new Promise<void>((done) => {
    const hear = (now: Sweep): void => {
      seen.last = now;
      for (const [index, trial] of now.trials.entries()) {
        if (!isTrialDone(trial) || told.has(index)) continue;
        told.add(index);
        tellTrial(now, index, json, terminal);
      }
      tellProgress(now, terminal);
      if (now.state !== 'running') done();
    };
    host.on('sweep.changed', ({ sweep: now }) => {
      if (own === null) early.push(now);
      else if (now.id === own) hear(now);
    });
    void begin().then((started) => {
      if (!started.ok) {
        refused = started.diagnostics;
        done();
        return;
      }
      const { sweep: first } = started.value;
      own = first.id;
      tellStart(first, json, terminal);
      // Trials that were done before are in the table; what cannot be trained is told now.
      for (const [index, { state }] of first.trials.entries()) {
        if (state !== 'waiting' && state !== 'running' && state !== 'skipped') told.add(index);
      }
      hear(first);
      for (const one of early.filter(({ id }) => id === own)) hear(one);
    });
  });
  const release = terminal.onInterrupt(() => {
    terminal.err('Stopping after this step; what is done stays done. Ctrl-C again ends at once.');
    if (own !== null) void host.request('sweep.stop', { sweepId: own });
  });
  await ended;
  release();
  if (refused.length > 0) return reportDiagnostics(refused, json, terminal);
  if (seen.last !== null)
    tellEnd(seen.last, isRace(seen.last) ? await raceRows(host, seen.last) : null, json, terminal);
  return 0;
}

function tellStart({ id, dir, name, trials }: Sweep, json: boolean, terminal: Terminal): void {
  const waiting = trials.filter((trial) => !isTrialDone(trial)).length;
  if (json) terminal.out(JSON.stringify({ event: 'sweep', id, dir, name, trials: trials.length, waiting }));
  else
    terminal.err(
      `${printableLine(name)}: ${countText(waiting)} of ${countText(trials.length)} trials to do, in ${dir}`,
    );
}

function tellProgress({ trials }: Sweep, terminal: Terminal): void {
  const index = trials.findIndex(({ state }) => state === 'running');
  const trial = trials[index];
  if (trial === undefined) return;
  const error = trialError(trial);
  const soFar = error === null ? '' : `  error ${errorText(trial.metric ?? 'loss', error)}`;
  terminal.progress(
    `trial ${index + 1} of ${trials.length}  ${assignmentText(trial.assignment)}  epoch ${trial.errors.length}${soFar}`,
  );
}

const stateWords: { readonly [S in SweepTrial['state']]: string } = {
  waiting: 'waiting',
  running: 'running',
  completed: 'done',
  early: 'stopped early',
  skipped: 'skipped',
  failed: 'failed',
};

function trialJson({ trials }: Sweep, index: number): object {
  const trial = trials[index];
  if (trial === undefined) return {};
  const { why, errors, ...fields } = trial;
  return { number: index + 1, ...fields, error: trialError(trial), epochs: errors.length, why: why?.en ?? null };
}

function tellTrial(now: Sweep, index: number, json: boolean, terminal: Terminal): void {
  const trial = now.trials[index];
  if (trial === undefined) return;
  if (json) {
    terminal.out(JSON.stringify({ event: 'trial', ...trialJson(now, index) }));
    return;
  }
  const error = trialError(trial);
  const score = error === null ? '' : `  error ${errorText(trial.metric ?? 'loss', error)}`;
  const why = trial.why === null ? '' : `  ${trial.why.en}`;
  terminal.err(
    `trial ${index + 1}/${now.trials.length}  ${assignmentText(trial.assignment)}  ${stateWords[trial.state]}${score}${why}`,
  );
}

const costTitles: { readonly [C in TrialCost]: string } = { params: 'parameters', macs: 'MACs', seconds: 'seconds' };

function tellEnd(now: Sweep, race: readonly RaceRow[] | null, json: boolean, terminal: Terminal): void {
  const { id, dir, name, state, trials } = now;
  const fronts = trialCosts.map((cost) => [cost, sweepFront(trials, cost)] as const);
  if (json) {
    const front = Object.fromEntries(fronts.map(([cost, indices]) => [cost, indices.map((index) => index + 1)]));
    const rows = trials.map((_, index) => trialJson(now, index));
    const raced = race === null ? {} : { race: { rows: race, words: raceWords(race).en } };
    terminal.out(JSON.stringify({ event: 'finished', id, dir, name, state, front, trials: rows, ...raced }));
    return;
  }
  if (race === null) tellTrials(now, fronts, terminal);
  else tellRace(race, terminal);
  if (state === 'stopped') terminal.err(`\`convloom sweep ${dir}\` goes on from here.`);
}

type Fronts = readonly (readonly [TrialCost, readonly number[]])[];

/** All trials, those that err least first, and the fronts that they are on. */
function tellTrials({ trials }: Sweep, fronts: Fronts, terminal: Terminal): void {
  const targets = [...new Set(trials.flatMap(({ assignment }) => Object.keys(assignment)))];
  const order = trials
    .map((trial, index) => ({ trial, index, error: trialError(trial) ?? Infinity }))
    .sort((a, b) => a.error - b.error || a.index - b.index);
  const table = tableLines(
    [
      { title: 'trial', align: 'right' },
      ...targets.map((title) => ({ title, align: 'right' as const })),
      { title: 'state', align: 'left' },
      { title: 'error', align: 'right' },
      { title: 'parameters', align: 'right' },
      { title: 'MACs', align: 'right' },
      { title: 'seconds', align: 'right' },
      { title: 'on the front of', align: 'left' },
    ],
    order.map(({ trial, index, error }) => [
      String(index + 1),
      ...targets.map((target) => {
        const value = trial.assignment[target];
        return typeof value === 'string' ? value : JSON.stringify(value ?? null);
      }),
      stateWords[trial.state],
      Number.isFinite(error) ? errorText(trial.metric ?? 'loss', error) : '–',
      countText(trial.params),
      trial.macs === null ? '–' : formatShort(trial.macs),
      trial.seconds === null ? '–' : trial.seconds.toFixed(1),
      fronts
        .filter(([, indices]) => indices.includes(index))
        .map(([cost]) => costTitles[cost])
        .join(', '),
    ]),
  );
  for (const line of table) terminal.out(line);
  terminal.err('On a front is what nothing beats in both: less error for less of that.');
}
