import { analyzeNetwork } from '../analysis/analyze';
import { noOutput, settingNotAccepted } from '../diagnostics/catalog/training';
import {
  badVary,
  miniBatchOfOne,
  nothingVaried,
  tooManyTrials,
  unknownDescent,
  unknownTarget,
} from '../diagnostics/catalog/sweep';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import { blockNamed, findBlock, isBlockNode } from '../document/blocks';
import { builtInLayers } from '../layers';
import { nearestWord } from '../nearest';
import { createRandom, seedFor } from '../ops/random';
import type { BlockDefinition, Json, NetworkDocument, NetworkNode } from '../schema/document';
import { descents, descentTarget, mostTrials, type Assignment } from '../schema/sweeps';
import {
  acceptedText,
  isSettingAccepted,
  samplesPerStep,
  trainingField,
  trainingFieldNames,
  trainingFields,
  type TrainingConfig,
  type TrainingFieldName,
} from '../schema/training';
import { text, type Text } from '../text';

/** Something that a sweep can vary. */
export type VaryTarget = {
  /** As it is written: `c1.filters`, `learningRate`. */
  readonly name: string;
  readonly label: Text;
  /** Whether only whole numbers make sense, so that a range gives these. */
  readonly isWhole: boolean;
  /** What it is now, where that is a value by itself. */
  readonly value: Json | undefined;
  /** All values that it takes, where these are few words that no setting has. */
  readonly values?: readonly string[];
};

/** What one thing is set to in the trials of a sweep. */
export type Vary = { readonly target: string } & (
  | { readonly values: readonly Json[] }
  | {
      readonly from: number;
      readonly to: number;
      readonly isLog: boolean;
      readonly isWhole: boolean;
      /** On a grid; null leaves it open. */
      readonly count: number | null;
    }
);

/** Settings that decide what is trained on, or are words. */
const fixedSettings: readonly TrainingFieldName[] = ['data', 'output', 'engine'];

function settingTargets(config: TrainingConfig): readonly VaryTarget[] {
  return trainingFieldNames.flatMap((name): VaryTarget[] => {
    const field = trainingField(name);
    if (fixedSettings.includes(name) || field.type === 'text') return [];
    return [{ name, label: field.label, isWhole: field.type === 'integer', value: config[name] }];
  });
}

/** Params that a number can be given to. */
const variedFields: readonly string[] = ['integer', 'number', 'size', 'padding', 'choice', 'numbers', 'boolean'];

function nodeTargets(
  document: NetworkDocument,
  { id, kind, label, params }: NetworkNode,
  prefix: string,
): readonly VaryTarget[] {
  const title = label ?? id;
  const block = isBlockNode({ kind }) ? findBlock(document, blockNamed({ id, kind, params })) : undefined;
  if (block !== undefined) {
    return Object.entries({ repeat: 1, ...block.params }).map(([param, fallback]) => ({
      name: `${prefix}${id}.${param}`,
      label: text(`${title}: ${param}`, `${title}：${param}`),
      isWhole: Number.isInteger(params[param] ?? fallback),
      value: params[param] ?? fallback,
    }));
  }
  return Object.entries(builtInLayers.find(kind)?.params ?? {}).flatMap(([param, field]): VaryTarget[] => {
    if (!variedFields.includes(field.type)) return [];
    const fallback = 'default' in field ? field.default : undefined;
    return [
      {
        name: `${prefix}${id}.${param}`,
        label: text(`${title}: ${field.label.en}`, `${title}：${field.label.zh}`),
        isWhole: field.type === 'integer' || field.type === 'size' || field.type === 'padding',
        value: params[param] ?? fallback,
      },
    ];
  });
}

function blockTargets(document: NetworkDocument, name: string, block: BlockDefinition): readonly VaryTarget[] {
  return [
    ...Object.entries(block.params).map(([param, value]) => ({
      name: `${name}.${param}`,
      label: text(`${name}: ${param}`, `${name}：${param}`),
      isWhole: Number.isInteger(value),
      value,
    })),
    ...block.nodes.flatMap((node) => nodeTargets(document, node, `${name}/`)),
  ];
}

/** The three descents: a setting of its own, that stands for those that say how many samples a step takes. */
const descentVary: VaryTarget = {
  name: descentTarget,
  label: text('Descent', '梯度下降方式'),
  isWhole: false,
  value: undefined,
  values: descents.map(({ value }) => value),
};

/** All that a sweep of a network can vary: params of its nodes, of its blocks and of what is in these, the descent, and the training settings. */
export function varyTargets(document: NetworkDocument, config: TrainingConfig): readonly VaryTarget[] {
  return [
    ...document.nodes.flatMap((node) => nodeTargets(document, node, '')),
    ...Object.entries(document.blocks ?? {}).flatMap(([name, block]) => blockTargets(document, name, block)),
    descentVary,
    ...settingTargets(config),
  ];
}

/** A value as it was typed: a number, true or false, JSON in brackets, else a word. */
function readValue(typed: string): Json {
  if (typed === 'true' || typed === 'false') return typed === 'true';
  if (typed !== '' && Number.isFinite(Number(typed))) return Number(typed);
  if (!typed.startsWith('[')) return typed;
  try {
    const parsed: unknown = JSON.parse(typed);
    return Array.isArray(parsed) && parsed.every((one): one is number => typeof one === 'number') ? parsed : typed;
  } catch {
    return typed;
  }
}

/** At commas that are in no brackets: sizes are `[3,5]`. */
function splitList(typed: string): readonly string[] {
  return typed.split(/,(?![^[]*\])/).map((one) => one.trim());
}

const range = /^([^.]*(?:\.(?!\.)[^.]*)?)\.\.(.*?)(:log)?(?::(\d+))?$/;

function readRange(given: string, typed: string, { name, isWhole }: VaryTarget): Result<Vary> {
  const [, low = '', high = '', log, count] = range.exec(typed) ?? [];
  const [from, to] = [Number(low), Number(high)];
  if (low.trim() === '' || high.trim() === '' || !Number.isFinite(from) || !Number.isFinite(to) || from >= to) {
    const why = text('A range goes from a number up to a larger one.', '范围须从一个数到更大的数。');
    return failure(badVary(given, why));
  }
  if (log !== undefined && from <= 0) {
    return failure(badVary(given, text('A range by factors begins above 0.', '按倍数的范围须从大于 0 开始。')));
  }
  const wanted = count === undefined ? null : Number(count);
  if (wanted !== null && (wanted < 2 || wanted > mostTrials)) {
    const why = text(`A range has 2 to ${mostTrials} values.`, `范围可取 2 到 ${mostTrials} 个值。`);
    return failure(badVary(given, why));
  }
  return success({ target: name, from, to, isLog: log !== undefined, isWhole, count: wanted });
}

/** Reads `c1.filters=8,16,32` or `learningRate=1e-3..1e-1:log:5` for a network. */
export function parseVary(given: string, targets: readonly VaryTarget[]): Result<Vary> {
  const equals = given.indexOf('=');
  const name = given.slice(0, Math.max(0, equals)).trim();
  const typed = given.slice(equals + 1).trim();
  if (name === '' || typed === '') return failure(badVary(given, text('It has no value.', '没有取值。')));
  const target = targets.find((one) => one.name === name);
  if (target === undefined) {
    const known = targets.map((one) => one.name);
    return failure(unknownTarget(name, nearestWord(name, known)));
  }
  if (typed.includes('..')) return readRange(given, typed, target);
  const values = splitList(typed);
  if (values.includes('')) return failure(badVary(given, text('A value is empty.', '有一个取值为空。')));
  return success({ target: name, values: [...new Set(values)].map(readValue) });
}

/** A number with as many digits as anybody reads. */
function rounded(value: number, isWhole: boolean): number {
  return isWhole ? Math.round(value) : Number(value.toPrecision(4));
}

function between({ from, to, isLog, isWhole }: Extract<Vary, { from: number }>, share: number): number {
  const value = isLog ? from * (to / from) ** share : from + (to - from) * share;
  return rounded(value, isWhole);
}

/** So many values a range has on a grid that does not say. */
const usualCount = 4;

function valuesOf(vary: Vary): readonly Json[] {
  if ('values' in vary) return vary.values;
  const count = vary.count ?? usualCount;
  return [...new Set(Array.from({ length: count }, (_, at) => between(vary, at / (count - 1))))];
}

/** How many trials: every value with every other, or so many at random. */
export type TrialCount = number | 'grid';

/**
 * The trials of a sweep. Random ones follow the seed alone, are never twice the same, and are the whole grid where that is not larger.
 */
export function planTrials(varies: readonly Vary[], trials: TrialCount, seed: number): Result<readonly Assignment[]> {
  if (varies.length === 0) return failure(nothingVaried());
  const isFinite = varies.every((vary) => 'values' in vary || vary.count !== null);
  const size = varies.reduce((product, vary) => product * valuesOf(vary).length, 1);
  if (trials !== 'grid' && !(isFinite && size <= trials)) return success(drawTrials(varies, trials, seed));
  if (size > mostTrials) return failure(tooManyTrials(size, mostTrials));
  let grid: readonly Assignment[] = [{}];
  for (const vary of varies) {
    const values = valuesOf(vary);
    grid = grid.flatMap((before) => values.map((value) => ({ ...before, [vary.target]: value })));
  }
  return success(grid);
}

function drawTrials(varies: readonly Vary[], count: number, seed: number): readonly Assignment[] {
  const random = createRandom(seedFor(seed, 'sweep'));
  const drawn = new Map<string, Assignment>();
  // What is drawn again is drawn once more, but not for ever: a range of whole numbers has only so many.
  for (let attempt = 0; attempt < 50 * count && drawn.size < count; attempt++) {
    const assignment = Object.fromEntries(
      varies.map((vary) => {
        const share = random.uniform();
        const isList = 'values' in vary || vary.count !== null;
        if (!isList) return [vary.target, between(vary, share)];
        const values = valuesOf(vary);
        return [vary.target, values[Math.floor(share * values.length)] ?? null];
      }),
    );
    drawn.set(JSON.stringify(assignment), assignment);
  }
  return [...drawn.values()];
}

/** What sets a trial apart, in a line: `c1.filters 8, learningRate 0.01`. */
export function assignmentText(assignment: Assignment): string {
  return Object.entries(assignment)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** {@link assignmentText} as people read it: a descent by its name. */
export function trialLabel({ [descentTarget]: descent, ...rest }: Assignment): Text {
  const others = assignmentText(rest);
  const found = descents.find(({ value }) => value === descent);
  if (found === undefined) return text(others, others);
  if (others === '') return found.label;
  return text(`${found.label.en}, ${others}`, `${found.label.zh}，${others}`);
}

type Varied = { readonly document: NetworkDocument; readonly config: TrainingConfig };

/**
 * Settings with so many samples a step. Batch descent gathers all batches of an epoch, as many as there are, so that it takes no more
 * memory than mini-batch descent; batch norm takes its statistics from each of them.
 */
function withDescent(config: TrainingConfig, descent: Json): Result<TrainingConfig> {
  switch (descents.find(({ value }) => value === descent)?.value) {
    case 'batch':
      return success({ ...config, accumulate: trainingFields.accumulate.max });
    case 'miniBatch':
      return samplesPerStep(config) === 1 ? failure(miniBatchOfOne()) : success(config);
    case 'stochastic':
      return success({ ...config, batchSize: 1, accumulate: 1 });
    case undefined:
      return failure(unknownDescent(JSON.stringify(descent)));
  }
}

function isSettingName(name: string): name is TrainingFieldName {
  return trainingFieldNames.some((one) => one === name);
}

/** The network and the settings of one trial. A setting that no run accepts is told; what is wrong with the network, its analysis tells. */
export function applyAssignment({ document, config }: Varied, assignment: Assignment): Result<Varied> {
  let [network, settings] = [document, config];
  // Last: it stands for the batch size, which may be varied too.
  const { [descentTarget]: descent, ...others } = assignment;
  for (const [target, value] of Object.entries(others)) {
    if (isSettingName(target)) {
      if (typeof value !== 'number' && typeof value !== 'string')
        return failure(refused(target, JSON.stringify(value)));
      if (!isSettingAccepted(target, value)) return failure(refused(target, value));
      settings = { ...settings, [target]: value };
      continue;
    }
    const changed = withParam(network, target, value);
    if (changed === null) return failure(unknownTarget(target, null));
    network = changed;
  }
  if (descent === undefined) return success({ document: network, config: settings });
  const descended = withDescent(settings, descent);
  return descended.ok ? success({ document: network, config: descended.value }) : descended;
}

/** A variant with what it costs, or why it cannot be trained. */
export function tryAssignment(
  base: Varied,
  assignment: Assignment,
): Result<Varied & { readonly params: number; readonly macs: number }> {
  const applied = applyAssignment(base, assignment);
  if (!applied.ok) return applied;
  const { totals, diagnostics, outputs } = analyzeNetwork(applied.value.document);
  const fault =
    diagnostics.find(({ severity }) => severity === 'error') ?? (outputs.length === 0 ? noOutput() : undefined);
  return fault === undefined ? success({ ...applied.value, params: totals.params, macs: totals.macs }) : failure(fault);
}

/** Values to begin with around what something is now: a list, or for a rate a range by factors. */
export function suggestValues({ value, values: known, isWhole }: VaryTarget): string {
  if (known !== undefined) return known.join(', ');
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value ?? 1);
  if (!isWhole && value > 0 && value < 0.1) return `${rounded(value / 10, false)}..${rounded(value * 10, false)}:log:3`;
  const values = [value / 2, value, value * 2].map((one) => rounded(isWhole ? Math.max(1, one) : one, isWhole));
  return [...new Set(values)].join(', ');
}

function refused(name: TrainingFieldName, value: number | string) {
  return settingNotAccepted({ path: `train.${name}`, label: trainingField(name).label }, value, acceptedText(name), []);
}

function withParam(document: NetworkDocument, target: string, value: Json): NetworkDocument | null {
  const dot = target.lastIndexOf('.');
  const [owner, param] = [target.slice(0, dot), target.slice(dot + 1)];
  const set = (nodes: readonly NetworkNode[], id: string): readonly NetworkNode[] | null =>
    nodes.some((node) => node.id === id)
      ? nodes.map((node) => (node.id === id ? { ...node, params: { ...node.params, [param]: value } } : node))
      : null;
  const nodes = set(document.nodes, owner);
  if (nodes !== null) return { ...document, nodes };
  const withBlock = (name: string, change: (block: BlockDefinition) => BlockDefinition | null) => {
    const block = findBlock(document, name);
    const changed = block === undefined ? null : change(block);
    return changed === null ? null : { ...document, blocks: { ...document.blocks, [name]: changed } };
  };
  const whole = withBlock(owner, (block) =>
    Object.hasOwn(block.params, param) ? { ...block, params: { ...block.params, [param]: value } } : null,
  );
  if (whole !== null) return whole;
  const slash = owner.indexOf('/');
  return withBlock(owner.slice(0, Math.max(0, slash)), (block) => {
    const inner = set(block.nodes, owner.slice(slash + 1));
    return inner === null ? null : { ...block, nodes: inner };
  });
}
