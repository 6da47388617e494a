import { trainingField, trainingFieldNames, type TrainingConfig } from '../schema/training';
import { csvCell } from '../csvCell';
import { formatCount, formatDecibels, formatShort, text, type Language, type Text } from '../text';
import type { RunEvent } from './events';
import { errorOfPsnr, psnrOf } from './psnr';
import type { WatchedMetric } from './watching';

type Epoch = Extract<RunEvent, { type: 'epoch' }>;

/** The network of a run: what it is called, what it computes (`structureDigest`), and what it costs. */
export type RunNetwork = {
  readonly name: string;
  readonly digest: string;
  readonly params: number;
  readonly trainableParams: number;
  readonly macs: number;
};

/** What a table of runs tells of one. */
export type TabledRun = {
  readonly id: string;
  readonly dir: string;
  readonly name: string;
  readonly startedAt: string;
  readonly config: TrainingConfig;
  readonly state: 'running' | 'completed' | 'stopped' | 'failed' | 'killed';
  readonly lastEpoch: Epoch | null;
  /** Null where its network cannot be read any more. */
  readonly network: RunNetwork | null;
  readonly tags: readonly string[];
  /** Of training, as its end told; null before that. */
  readonly seconds: number | null;
  readonly variant?: { readonly label: Text };
};

/** A score that runs are compared by, and the epoch that had it. */
export type RunScore = { readonly metric: WatchedMetric; readonly value: number; readonly epoch: number };

/** The best watched score of a run; of runs from before there was one, that of the last epoch. */
export function bestScore({ lastEpoch }: Pick<TabledRun, 'lastEpoch'>): RunScore | null {
  if (lastEpoch === null) return null;
  const { watch, epoch } = lastEpoch;
  if (watch !== undefined) return { metric: watch.metric, value: watch.best, epoch: watch.bestEpoch };
  return { ...lastScore(lastEpoch), epoch };
}

/** What an epoch says of its validation. */
export type ValidationScores = Pick<Epoch, 'valPsnr' | 'valMeanIou' | 'valLabels' | 'valAccuracy' | 'valLoss'>;

/** A validation score of an epoch; null where its task has none of the name. */
export function validationScore(epoch: ValidationScores, metric: WatchedMetric): number | null {
  switch (metric) {
    case 'loss':
      return epoch.valLoss;
    case 'accuracy':
      return epoch.valAccuracy;
    case 'macroF1':
      return epoch.valLabels?.macroF1 ?? null;
    case 'meanIou':
      return epoch.valMeanIou;
    case 'psnr':
      return epoch.valPsnr ?? null;
  }
}

/** The score of an epoch that tells most of its task. */
export function lastScore(epoch: ValidationScores): Pick<RunScore, 'metric' | 'value'> {
  for (const metric of ['psnr', 'meanIou', 'macroF1', 'accuracy'] as const) {
    const value = validationScore(epoch, metric);
    if (value !== null) return { metric, value };
  }
  return { metric: 'loss', value: epoch.valLoss };
}

/** What is left of a score to be perfect: a loss as it is, 1 − accuracy, 1 − macro F1, 1 − mean IoU, the squared error of a PSNR. */
export function errorOf({ metric, value }: Pick<RunScore, 'metric' | 'value'>): number {
  if (metric === 'psnr') return errorOfPsnr(value);
  return metric === 'loss' ? value : 1 - value;
}

/** The score that an error is left of; {@link errorOf} the other way round. */
export function scoreOf(metric: WatchedMetric, error: number): Pick<RunScore, 'metric' | 'value'> {
  if (metric === 'psnr') return { metric, value: psnrOf(error) };
  return { metric, value: metric === 'loss' ? error : 1 - error };
}

/** The name of a run with what sets it apart from others of its series. */
export function runName({ id, name, variant }: Pick<TabledRun, 'id' | 'name' | 'variant'>, language: Language): string {
  const own = name === '' ? id : name;
  return variant === undefined ? own : `${own} · ${variant.label[language]}`;
}

const states: { readonly [S in TabledRun['state']]: Text } = {
  running: text('running', '进行中'),
  completed: text('completed', '已完成'),
  stopped: text('stopped', '已停止'),
  failed: text('failed', '失败'),
  killed: text('killed', '被终止'),
};

/** The state of a run in words. */
export function stateText(state: TabledRun['state']): Text {
  return states[state];
}

/** Watched scores in words. */
export const metricNames: { readonly [M in WatchedMetric]: Text } = {
  loss: text('validation loss', '验证损失'),
  accuracy: text('validation accuracy', '验证准确率'),
  macroF1: text('validation macro F1', '验证宏平均 F1'),
  meanIou: text('validation mean IoU', '验证平均交并比'),
  psnr: text('validation PSNR', '验证峰值信噪比'),
};

const shortNames: { readonly [M in WatchedMetric]: Text } = {
  loss: text('loss', '损失'),
  accuracy: text('accuracy', '准确率'),
  macroF1: text('macro F1', '宏平均 F1'),
  meanIou: text('mean IoU', '平均交并比'),
  psnr: text('PSNR', '峰值信噪比'),
};

/** A score as people read it: a loss in four places, a PSNR in decibels, a share in percent. */
export function scoreText(metric: WatchedMetric, value: number): string {
  if (metric === 'psnr') return formatDecibels(value);
  return metric === 'loss' ? value.toFixed(4) : `${(100 * value).toFixed(2)} %`;
}

/** An error as people read it: what is left of a share in percent, a squared error as a loss is written. */
export function errorText(metric: WatchedMetric, error: number): string {
  return scoreText(metric === 'psnr' ? 'loss' : metric, error);
}

/** How long something took, with a tenth of a second where that can be read. */
export function durationText(seconds: number): string {
  return seconds < 99.95 ? `${seconds.toFixed(1)} s` : `${formatCount(Math.round(seconds))} s`;
}

type Value = string | number | null;

/** One column of a table of runs. `value` is what is sorted by and written to files, `show` what people read. */
export type RunColumn = {
  readonly id: string;
  readonly label: Text;
  readonly isNumber: boolean;
  readonly value: (run: TabledRun) => Value;
  readonly show: (run: TabledRun, language: Language) => string;
};

function words(id: string, label: Text, value: (run: TabledRun) => string | null): RunColumn {
  return { id, label, isNumber: false, value, show: (run) => value(run) ?? '–' };
}

function number(
  id: string,
  label: Text,
  value: (run: TabledRun) => number | null,
  format: (value: number, run: TabledRun) => string,
): RunColumn {
  const show = (run: TabledRun): string => {
    const found = value(run);
    return found === null ? '–' : format(found, run);
  };
  return { id, label, isNumber: true, value, show };
}

/** A moment without its seconds, the same everywhere: `2026-11-26 23:47`, in UTC. */
function minuteText(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/**
 * The columns of a table of runs, in their order: what `convloom runs` prints, what the app shows, and what both write to files is this
 * one list.
 */
export const runColumns = [
  { ...words('name', text('Run', '训练'), (run) => runName(run, 'en')), show: runName },
  words('network', text('Network', '网络'), ({ network }) => network?.name ?? null),
  words('data', text('Data', '数据'), ({ config }) => config.data),
  {
    ...words('state', text('State', '状态'), ({ state }) => state),
    show: ({ state }, language) => states[state][language],
  },
  number('epochs', text('Epochs', '轮数'), ({ lastEpoch }) => lastEpoch?.epoch ?? 0, formatCount),
  {
    ...words('metric', text('Watched', '指标'), (run) => bestScore(run)?.metric ?? null),
    show: (run, language) => {
      const score = bestScore(run);
      return score === null ? '–' : shortNames[score.metric][language];
    },
  },
  number(
    'best',
    text('Best', '最佳'),
    (run) => bestScore(run)?.value ?? null,
    (value, run) => scoreText(bestScore(run)?.metric ?? 'loss', value),
  ),
  number('params', text('Parameters', '参数量'), ({ network }) => network?.params ?? null, formatCount),
  number('macs', text('MACs', '乘加次数'), ({ network }) => network?.macs ?? null, formatShort),
  number('seconds', text('Time', '用时'), ({ seconds }) => seconds, durationText),
  {
    ...words('startedAt', text('Started', '开始时间'), ({ startedAt }) => startedAt),
    show: ({ startedAt }) => minuteText(startedAt),
  },
  words('tags', text('Tags', '标签'), ({ tags }) => tags.join(' ')),
] as const satisfies readonly RunColumn[];

/** The id of a column. */
export type RunColumnId = (typeof runColumns)[number]['id'];

/** Made once: localeCompare() with options makes one for each of the ten thousands of comparisons of a long table. */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

/** Runs by a column, the smallest first unless `isDescending`; what has no value is last either way. */
export function sortRuns<R extends TabledRun>(
  runs: readonly R[],
  columnId: string,
  isDescending: boolean,
): readonly R[] {
  const column = runColumns.find(({ id }) => id === columnId);
  if (column === undefined) return runs;
  return runs
    .map((run) => ({ run, value: column.value(run) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return (isDescending ? -1 : 1) * compareValues(a.value, b.value);
    })
    .map(({ run }) => run);
}

/** Runs in which every word of a search is found, and that have the tag, where one is asked for. */
export function findRuns<R extends TabledRun>(
  runs: readonly R[],
  { search = '', tag = null }: { readonly search?: string; readonly tag?: string | null },
): readonly R[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => {
    if (tag !== null && !run.tags.includes(tag)) return false;
    if (wanted.length === 0) return true;
    const all = [run.id, ...runColumns.flatMap((column) => [column.show(run, 'en'), column.show(run, 'zh')])];
    const haystack = all.join('\n').toLowerCase();
    return wanted.every((word) => haystack.includes(word));
  });
}

/** The tags of all runs, each once, in the order of the alphabet. */
export function allTags(runs: readonly Pick<TabledRun, 'tags'>[]): readonly string[] {
  return [...new Set(runs.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b));
}

/** A run as JSON has it: a field for each column, and all that makes it the run that it is. */
export function runJson(run: TabledRun): object {
  const columns = Object.fromEntries(runColumns.map(({ id, value }) => [id, value(run)]));
  const { id, dir, config, lastEpoch, network, tags } = run;
  const { valLoss = null, valAccuracy = null, valLabels = null, valMeanIou = null, valPsnr = null } = lastEpoch ?? {};
  const bestEpoch = bestScore(run)?.epoch ?? null;
  return {
    id,
    ...columns,
    tags,
    bestEpoch,
    valLoss,
    valAccuracy,
    valLabels,
    valMeanIou,
    valPsnr,
    trainableParams: network?.trainableParams ?? null,
    networkDigest: network?.digest ?? null,
    dir,
    config,
  };
}

/** Runs as JSON, one a line. */
export function runLines(runs: readonly TabledRun[]): string {
  return runs.map((run) => `${JSON.stringify(runJson(run))}\n`).join('');
}

/** Runs as comma-separated values: the columns of the table, then every setting that any of the runs has. */
export function runsCsv(runs: readonly TabledRun[]): string {
  const settings = trainingFieldNames.filter(
    (name) => name !== 'data' && name !== 'epochs' && runs.some(({ config }) => config[name] !== undefined),
  );
  const heads = ['id', ...runColumns.map(({ id }) => id), ...settings];
  const rows = runs.map((run) => [
    run.id,
    ...runColumns.map(({ value }) => value(run)),
    ...settings.map((name) => run.config[name] ?? null),
  ]);
  return [heads, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

/** One line of a comparison of runs. */
export type ComparedFact = {
  readonly id: string;
  readonly label: Text;
  /** One for each run, in their order. */
  readonly values: readonly string[];
  readonly differs: boolean;
};

/** What runs were made of, beside each other: the network and every setting. What differs is first. */
export function compareRuns(runs: readonly TabledRun[], language: Language): readonly ComparedFact[] {
  const fact = (id: string, label: Text, keys: readonly Value[], shown = keys): ComparedFact => ({
    id,
    label,
    values: shown.map((value) => (value === null ? '–' : String(value))),
    differs: new Set(keys).size > 1,
  });
  const digests = runs.map(({ network }) => network?.digest ?? null);
  const facts = [
    fact(
      'network',
      text('Network', '网络'),
      digests,
      runs.map(({ network }, at) => (network === null ? null : `${network.name} ${digests[at]?.slice(0, 4) ?? ''}`)),
    ),
    ...(['params', 'macs'] as const).map((id) => {
      const column = runColumns.find((one) => one.id === id);
      const label = column?.label ?? text(id, id);
      return fact(
        id,
        label,
        runs.map(({ network }) => network?.[id] ?? null),
        runs.map((run) => column?.show(run, language) ?? null),
      );
    }),
    ...trainingFieldNames
      .filter((name) => runs.some(({ config }) => config[name] !== undefined))
      .map((name) => {
        const field = trainingField(name);
        const values = runs.map(({ config }) => config[name] ?? null);
        const named = (value: Value): Value =>
          field.type === 'choice'
            ? (field.choices.find((one) => one.value === value)?.label[language] ?? value)
            : value;
        return fact(name, field.label, values, values.map(named));
      }),
  ];
  return [...facts.filter(({ differs }) => differs), ...facts.filter(({ differs }) => !differs)];
}
