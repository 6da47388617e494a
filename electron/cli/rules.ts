import { z } from 'zod';
import type { NetworkAnalysis, NodeAnalysis, ReceptiveField } from '../../shared/analysis/types';
import { badRules } from '../../shared/diagnostics/catalog/commandLine';
import { failure, success, type Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { errorText, formatCount, formatShape } from '../../shared/text';

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

/** What became of one rule. `expected` and `found` are for people. */
export type Grade = {
  readonly rule: Rule['rule'];
  readonly title: string;
  readonly ok: boolean;
  readonly points: number;
  readonly maxPoints: number;
  readonly expected: string;
  readonly found: string;
};

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
  if (parsed.success) return success(parsed.data);
  return failure(
    ...parsed.error.issues.map(({ path, message }) => badRules(path.join('.') || 'rules', message, message)),
  );
}

type Verdict = { readonly ok: boolean; readonly expected: string; readonly found: string };
type Range = {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly equals?: number | undefined;
};

/** Judges a network by every rule, in order. A rule about a node that is not there is not met. */
export function gradeNetwork(document: NetworkDocument, analysis: NetworkAnalysis, rules: Rules): readonly Grade[] {
  return rules.rules.map((each) => {
    const verdict = judge(each, document, analysis);
    return {
      rule: each.rule,
      title: each.title ?? defaultTitle(each),
      ...verdict,
      points: verdict.ok ? each.points : 0,
      maxPoints: each.points,
    };
  });
}

function judge(each: Rule, document: NetworkDocument, analysis: NetworkAnalysis): Verdict {
  switch (each.rule) {
    case 'valid':
      return judgeFindings(analysis, 'error', []);
    case 'noWarnings':
      return judgeFindings(analysis, 'warning', each.except);
    case 'params':
    case 'trainableParams':
    case 'macs':
    case 'activationBytes':
      return judgeRange(each, analysis.totals[each.rule]);
    case 'inputShape':
      return judgeShapes(each.shape, analysis.inputs, analysis);
    case 'outputShape':
      return judgeShapes(each.shape, analysis.outputs, analysis);
    case 'shape':
      return judgeShapes(each.shape, [each.node], analysis);
    case 'receptiveField':
      return judgeReceptiveField(each, each.node, analysis);
    case 'count':
      return judgeRange(each, document.nodes.filter((node) => isOfKind(node.id, each, analysis)).length);
  }
}

function judgeFindings(analysis: NetworkAnalysis, severity: 'error' | 'warning', except: readonly string[]): Verdict {
  const found = analysis.diagnostics.filter((one) => one.severity === severity && !except.includes(one.code));
  return {
    ok: found.length === 0,
    expected: `no ${severity}s`,
    found:
      found.length === 0
        ? 'none'
        : found.map(({ code, at }) => `${code}${at.nodeId === undefined ? '' : ` at ${at.nodeId}`}`).join(', '),
  };
}

function rangeText({ min, max, equals }: Range): string {
  const parts = [
    ...(equals === undefined ? [] : [`exactly ${formatCount(equals)}`]),
    ...(min === undefined ? [] : [`at least ${formatCount(min)}`]),
    ...(max === undefined ? [] : [`at most ${formatCount(max)}`]),
  ];
  return parts.join(', ') || 'any';
}

function isInRange({ min, max, equals }: Range, value: number): boolean {
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity) && value === (equals ?? value);
}

function judgeRange(limits: Range, value: number): Verdict {
  return { ok: isInRange(limits, value), expected: rangeText(limits), found: formatCount(value) };
}

function judgeShapes(wanted: readonly (number | null)[], ids: readonly string[], analysis: NetworkAnalysis): Verdict {
  const shapes = ids.map((id) => analysis.nodes.get(id)?.outputShape ?? null);
  const ok =
    shapes.length > 0 &&
    shapes.every((found) => found?.length === wanted.length && wanted.every((size, axis) => size === found[axis]));
  const found = shapes.map((each) => (each === null ? 'nothing' : formatShape(each))).join(', ');
  return { ok, expected: formatShape(wanted), found: found === '' ? 'nothing' : found };
}

/** Without a node: the largest window that any node before fc and gap has. */
function judgeReceptiveField(limits: Range, id: string | undefined, analysis: NetworkAnalysis): Verdict {
  const nodes: readonly (NodeAnalysis | undefined)[] =
    id === undefined ? [...analysis.nodes.values()] : [analysis.nodes.get(id)];
  const fields = nodes
    .map((node) => node?.receptiveField ?? null)
    .filter((field): field is ReceptiveField => field !== null && (id !== undefined || !field.global));
  const expected = rangeText(limits);
  if (fields.length === 0) return { ok: false, expected, found: 'nothing' };
  if (fields.some(({ global }) => global)) {
    return { ok: limits.max === undefined && limits.equals === undefined, expected, found: 'the whole input' };
  }
  const height = Math.max(...fields.map(({ size }) => size[0]));
  const width = Math.max(...fields.map(({ size }) => size[1]));
  return {
    ok: isInRange(limits, height) && isInRange(limits, width),
    expected,
    found: height === width ? formatCount(height) : formatShape([height, width]),
  };
}

/** Params are compared as the layer reads them, so that a default counts as written. */
function isOfKind(id: string, each: Extract<Rule, { rule: 'count' }>, analysis: NetworkAnalysis): boolean {
  const node = analysis.nodes.get(id);
  if (node?.kind !== each.kind) return false;
  return Object.entries(each.params).every(([name, wanted]) => {
    const found = node.params?.[name];
    const isSame = JSON.stringify(found) === JSON.stringify(wanted);
    return isSame || JSON.stringify(found) === JSON.stringify([wanted, wanted]);
  });
}

function defaultTitle(each: Rule): string {
  switch (each.rule) {
    case 'valid':
      return 'The network has no errors';
    case 'noWarnings':
      return 'The network has no warnings';
    case 'params':
      return 'Parameters';
    case 'trainableParams':
      return 'Trainable parameters';
    case 'macs':
      return 'Multiply-adds';
    case 'activationBytes':
      return 'Activation memory in bytes';
    case 'inputShape':
      return 'Input shape';
    case 'outputShape':
      return 'Output shape';
    case 'shape':
      return `Shape of ${each.node}`;
    case 'receptiveField':
      return each.node === undefined ? 'Receptive field' : `Receptive field of ${each.node}`;
    case 'count': {
      const params = Object.entries(each.params).map(([name, value]) => ` ${name} ${JSON.stringify(value)}`);
      return `Number of ${each.kind}${params.join(',')}`;
    }
  }
}
