import { z } from 'zod';
import { badRules } from '../../shared/diagnostics/catalog/commandLine';
import { failure, success, type Diagnostic, type Result } from '../../shared/diagnostics/diagnostic';
import { explainIssue } from '../../shared/document/issues';
import { layers, findLayer } from '../../shared/layers';
import { readParams } from '../../shared/layers/params';
import { nearestWord } from '../../shared/nearest';
import { errorText, formatCount } from '../../shared/text';

const range = {
  min: z.number().optional(),
  max: z.number().optional(),
  equals: z.number().optional(),
};
const common = { title: z.string().optional(), points: z.number().min(0).default(1) };
const shape = z.array(z.number().int().positive().nullable()).min(1).max(3);

const rule = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('valid'), ...common }),
  z.strictObject({ rule: z.literal('noWarnings'), except: z.array(z.string()).default([]), ...common }),
  z.strictObject({ rule: z.enum(['params', 'trainableParams', 'macs', 'activationBytes']), ...range, ...common }),
  z.strictObject({ rule: z.literal('inputShape'), shape, ...common }),
  z.strictObject({ rule: z.literal('outputShape'), shape, ...common }),
  z.strictObject({ rule: z.literal('shape'), node: z.string(), shape, ...common }),
  z.strictObject({ rule: z.literal('receptiveField'), node: z.string().optional(), ...range, ...common }),
  z.strictObject({
    rule: z.literal('count'),
    kind: z.string(),
    params: z.record(z.string(), z.json()).default({}),
    ...range,
    ...common,
  }),
]);

const rulesFile = z.strictObject({
  format: z.literal('convloom.rules'),
  version: z.literal(1),
  name: z.string().default('Rules'),
  rules: z.array(rule).min(1),
});

export type Rule = z.infer<typeof rule>;
export type Rules = z.infer<typeof rulesFile>;

/** Reads a rules file (JSON, `"format": "convloom.rules"`); every mistake names its path. */
export function parseRules(source: string): Result<Rules> {
  let raw: unknown;
  try {
    raw = JSON.parse(source);
  } catch (error) {
    const reason = errorText(error);
    return failure(badRules('rules', `not JSON: ${reason}`, `不是 JSON：${reason}`));
  }
  const parsed = rulesFile.safeParse(raw);
  if (!parsed.success) {
    return failure(
      ...parsed.error.issues.map((issue) => {
        const { problem } = explainIssue(issue, raw);
        return badRules(issue.path.join('.') || 'rules', problem.en, problem.zh);
      }),
    );
  }
  const mistakes = parsed.data.rules.flatMap((each, at) => mistakesOf(each, `rules.${at}`));
  return mistakes.length > 0 ? failure(...mistakes) : success(parsed.data);
}

/** A range as a rule gives it. */
export type Range = {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly equals?: number | undefined;
};

/** What no network could be judged by: a range that says nothing or holds nothing, a kind or param that does not exist. */
function mistakesOf(each: Rule, path: string): readonly Diagnostic[] {
  const ranged = 'min' in each || 'max' in each || 'equals' in each;
  switch (each.rule) {
    case 'params':
    case 'trainableParams':
    case 'macs':
    case 'activationBytes':
    case 'receptiveField':
      return rangeMistakes(each, path);
    case 'count':
      return [...(ranged ? rangeMistakes(each, path) : [noRange(path)]), ...kindMistakes(each, path)];
    case 'valid':
    case 'noWarnings':
    case 'inputShape':
    case 'outputShape':
    case 'shape':
      return [];
  }
}

function noRange(path: string): Diagnostic {
  return badRules(path, 'give at least one of min, max and equals', '至少给出 min、max、equals 之一');
}

function rangeMistakes({ min, max, equals }: Range, path: string): readonly Diagnostic[] {
  if (min === undefined && max === undefined && equals === undefined) return [noRange(path)];
  const low = Math.max(min ?? -Infinity, equals ?? -Infinity);
  const high = Math.min(max ?? Infinity, equals ?? Infinity);
  if (low <= high) return [];
  const [lowest, highest] = [formatCount(low), formatCount(high)];
  return [
    badRules(
      path,
      `no number is at least ${lowest} and at most ${highest}`,
      `没有数既不小于 ${lowest} 又不大于 ${highest}`,
    ),
  ];
}

/** A typing error in a kind, a param or its value would be met by every network that has none of it. */
function kindMistakes(each: Extract<Rule, { rule: 'count' }>, path: string): readonly Diagnostic[] {
  const definition = findLayer(each.kind);
  if (definition === undefined) {
    const kinds = layers.map(({ kind }) => kind);
    const nearest = nearestWord(each.kind, kinds);
    const [hintEn, hintZh] = nearest === null ? ['', ''] : [`; did you mean "${nearest}"?`, `；是否指 "${nearest}"？`];
    return [
      badRules(`${path}.kind`, `there is no kind "${each.kind}"${hintEn}`, `没有名为 "${each.kind}" 的种类${hintZh}`),
    ];
  }
  const read = readParams(definition, each.params, each.kind, `${path}.params`);
  if (read.ok) return [];
  // A rule names only the params that it asks about: one that is missing is no mistake.
  return read.diagnostics
    .filter(({ at }) => at.param !== undefined && Object.hasOwn(each.params, at.param))
    .map(({ at, summary, why }) =>
      badRules(
        at.path ?? `${path}.params`,
        `${summary.en} ${why?.en ?? ''}`.trim(),
        `${summary.zh}${why?.zh ?? ''}`.trim(),
      ),
    );
}
