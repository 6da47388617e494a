import { descents, descentTarget, type DescentKind } from '../schema/sweeps';
import { samplesPerStep, type TrainingConfig } from '../schema/training';
import { formatCount, text, type Text } from '../text';
import type { RunEvent } from './events';
import { errorOf, metricNames, scoreOf, scoreText } from './runTable';
import { trialError, type Sweep, type SweepTrial } from './sweep';
import type { WatchedMetric } from './watching';

/** The rate of a race whose network has one for another optimizer: one sample a step still gets along with it on small networks. */
const raceRate = 0.01;
/** Passes over the data of a race that nobody gave another number; single samples make it long. */
const raceEpochs = 3;

/** What a race varies: it is a sweep of the descents, and of nothing else. */
export const raceVary: readonly string[] = [`${descentTarget}=${descents.map(({ value }) => value).join(',')}`];

/** Whether a sweep is a race of descents. */
export function isRace({ vary }: Pick<Sweep, 'vary'>): boolean {
  return vary.length === 1 && vary[0]?.startsWith(`${descentTarget}=`) === true;
}

/**
 * The settings of a race, from those of the network: plain gradient descent with one rate to the end, as many samples for each. The
 * network's rate is kept where it is one of SGD.
 */
export function raceConfig(config: TrainingConfig): TrainingConfig {
  return {
    ...config,
    optimizer: 'sgd',
    learningRate: config.optimizer === 'sgd' ? config.learningRate : raceRate,
    schedule: 'constant',
    epochs: Math.min(config.epochs, raceEpochs),
    patience: 0,
  };
}

/** How far one descent of a race has come. */
export type RaceRow = {
  readonly descent: DescentKind;
  readonly state: SweepTrial['state'];
  /** Null before its run has said how many samples there are. */
  readonly samplesPerStep: number | null;
  readonly steps: number;
  readonly epochs: number;
  readonly samples: number;
  /** Null before its end. */
  readonly seconds: number | null;
  /** The best validation score by now. */
  readonly score: { readonly metric: WatchedMetric; readonly value: number } | null;
};

/** What a run said of itself when it began, and what it was set to. */
export type RaceRun = {
  readonly config: Pick<TrainingConfig, 'batchSize' | 'accumulate'>;
  readonly started: Extract<RunEvent, { type: 'started' }> | null;
};

/** A trial of a race with its run; null for what varies something else. */
export function raceRow(trial: SweepTrial, run: RaceRun | null): RaceRow | null {
  const descent = descents.find(({ value }) => value === trial.assignment[descentTarget])?.value;
  if (descent === undefined) return null;
  const { state, seconds, metric, errors } = trial;
  const [error, started, epochs] = [trialError(trial), run?.started ?? null, errors.length];
  return {
    descent,
    state,
    samplesPerStep: run === null || started === null ? null : Math.min(samplesPerStep(run.config), started.trainCount),
    steps: epochs * (started?.stepsPerEpoch ?? 0),
    epochs,
    samples: epochs * (started?.trainCount ?? 0),
    seconds: state === 'running' ? null : seconds,
    score: error === null || metric === null ? null : scoreOf(metric, error),
  };
}

type Scored = RaceRow & { readonly score: NonNullable<RaceRow['score']>; readonly seconds: number };

function isThrough(row: RaceRow): row is Scored {
  return row.state === 'completed' && row.score !== null && row.seconds !== null;
}

/** A descent by its name. */
export function descentLabel(descent: DescentKind): Text {
  return descents.find(({ value }) => value === descent)?.label ?? text(descent, descent);
}

function namesOf(rows: readonly RaceRow[]): Text {
  const names = rows.map(({ descent }) => descentLabel(descent));
  const [last, ...before] = names.map(({ en }) => en.toLowerCase()).toReversed();
  const en = before.length === 0 ? (last ?? '') : `${before.toReversed().join(', ')} and ${last ?? ''}`;
  return text(en, names.map(({ zh }) => zh).join('、'));
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function shown({ score: { metric, value } }: Scored): string {
  return scoreText(metric, value);
}

/** Who came how far with the same samples. Scores that read the same are the same. */
function byScore(through: readonly Scored[], samples: number): Text {
  const ranked = through.toSorted((a, b) => errorOf(a.score) - errorOf(b.score));
  const [first] = ranked;
  if (first === undefined) return text('', '');
  const leaders = ranked.filter((row) => shown(row) === shown(first));
  const rest = ranked.slice(leaders.length);
  const [names, metric, all] = [namesOf(leaders), metricNames[first.score.metric], formatCount(samples)];
  const steps = leaders.map((row) => formatCount(row.steps));
  const others = {
    en: rest.map((row) => `; ${namesOf([row]).en} ${shown(row)} in ${formatCount(row.steps)}`).join(''),
    zh: rest.map((row) => `；${namesOf([row]).zh} ${shown(row)}（${formatCount(row.steps)} 步）`).join(''),
  };
  const isAlone = leaders.length === 1;
  return text(
    `After the same ${all} samples ${names.en} descent ${isAlone ? 'is ahead' : 'are level'}: best ${metric.en} ${shown(first)} in ${steps.join(' and ')} steps${others.en}.`,
    `看过同样的 ${all} 个样本后，${names.zh}${isAlone ? '领先' : '不相上下'}：最佳${metric.zh} ${shown(first)}（${steps.join('、')} 步）${others.zh}。`,
  );
}

/** So many times as long, or so many seconds more, is no difference that the clock of one run can tell: how long an engine takes to begin varies. */
const sameTime = { factor: 1.05, seconds: 0.5 } as const;

function byTime(through: readonly Scored[]): Text {
  const ranked = through.toSorted((a, b) => a.seconds - b.seconds);
  const [quickest, slowest] = [ranked[0], ranked.at(-1)];
  if (quickest === undefined || slowest === undefined) return text('', '');
  const least = quickest.seconds;
  const isLevel = ({ seconds }: Scored): boolean =>
    seconds - least < sameTime.seconds || seconds < sameTime.factor * least;
  const level = ranked.filter(isLevel);
  const within = (level.at(-1) ?? quickest).seconds;
  const most = within.toFixed(1);
  if (level.length === ranked.length) {
    const range =
      least.toFixed(1) === most
        ? text(`${most} s`, `${most} 秒`)
        : text(`${least.toFixed(1)} to ${most} s`, `${least.toFixed(1)} 至 ${most} 秒`);
    return text(`They took about the same time, ${range.en}.`, `用时相近，为 ${range.zh}。`);
  }
  const names = namesOf(through.filter(isLevel));
  const times = (slowest.seconds / Math.max(within, 1e-3)).toFixed(1);
  const isAlone = level.length === 1;
  return text(
    `${capital(names.en)} ${isAlone ? 'was the quickest with' : 'were the quickest, with at most'} ${most} s; ${namesOf([slowest]).en} took ${slowest.seconds.toFixed(1)} s, ${times} times as long.`,
    `${names.zh}最快，用时${isAlone ? '' : '至多'} ${most} 秒；${namesOf([slowest]).zh}用时 ${slowest.seconds.toFixed(1)} 秒，为其 ${times} 倍。`,
  );
}

const stateWords: { readonly [S in SweepTrial['state']]: Text } = {
  waiting: text('not begun', '未开始'),
  running: text('under way', '进行中'),
  completed: text('through', '已完成'),
  early: text('stopped', '已停止'),
  skipped: text('left out', '已略过'),
  failed: text('failed', '失败'),
};

/** What happened in a race, from its numbers alone: who came how far with the same samples, who was quick, and who is not compared. */
export function raceWords(rows: readonly RaceRow[]): Text {
  const through = rows.filter(isThrough);
  const samples = through[0]?.samples ?? 0;
  const left = rows.filter((row) => !isThrough(row));
  const parts: Text[] = [];
  if (through.length < 2 || through.some((row) => row.samples !== samples)) {
    parts.push(text('Nothing can be compared yet.', '暂时无法比较。'));
  } else parts.push(byScore(through, samples), byTime(through));
  if (left.length > 0) {
    const en = left.map((row) => `${namesOf([row]).en} (${stateWords[row.state].en})`).join(', ');
    const zh = left.map((row) => `${namesOf([row]).zh}（${stateWords[row.state].zh}）`).join('、');
    parts.push(text(`Not in this: ${en}.`, `未计入：${zh}。`));
  }
  return text(parts.map(({ en }) => en).join(' '), parts.map(({ zh }) => zh).join(''));
}
