import type { NetworkAnalysis } from '../analysis/types';
import { functionParam, isInput } from '../layers/traits';
import type { NetworkDocument } from '../schema/document';
import type { Chapter } from '../learn/lesson';
import { chapterRules } from './course';
import { gradeNetwork } from './grade';
import type { Rule, Rules } from './rules';

/** What a rule made from an example may leave: 10 lets a budget be a tenth larger than the example's. */
export type Slack = { readonly percent: number };

/** A rule that an example meets, and whether a teacher is likely to want it. */
export type Proposal = { readonly id: string; readonly rule: Rule; readonly isUsual: boolean };

function upTo(value: number, { percent }: Slack): number {
  return Math.ceil(value * (1 + percent / 100));
}

function downTo(value: number, { percent }: Slack): number {
  return Math.max(0, Math.floor(value * (1 - percent / 100)));
}

/** A share of 0 to 1, to four places. */
function share(value: number): number {
  return Math.round(10_000 * Math.min(1, value)) / 10_000;
}

const points = 1;

/** The kinds of the layers along the network, each once for a row of the same. */
function orderOf({ order, nodes }: NetworkAnalysis): readonly string[] {
  const kinds = order.flatMap((id) => {
    const node = nodes.get(id);
    return node === undefined || isInput(node.definition) || node.definition?.traits.role === undefined
      ? []
      : [node.kind];
  });
  return kinds.filter((kind, at) => kind !== kinds[at - 1]).slice(0, 100);
}

function counts({ nodes }: NetworkAnalysis): readonly (readonly [kind: string, count: number])[] {
  const found = new Map<string, number>();
  for (const { kind, definition } of nodes.values()) {
    if (!isInput(definition)) found.set(kind, (found.get(kind) ?? 0) + 1);
  }
  return [...found];
}

function shapes(analysis: NetworkAnalysis): readonly Proposal[] {
  const shapeOf = (ids: readonly string[]): readonly (number | null)[] | null => {
    const [first, ...others] = ids.map((id) => analysis.nodes.get(id)?.outputShape ?? null);
    return first != null && others.every((shape) => shape?.join() === first.join()) ? first : null;
  };
  const [input, output] = [shapeOf(analysis.inputs), shapeOf(analysis.outputs)];
  const anySize = input?.length === 3 ? (['any', 'any', input[2] ?? null] as const) : null;
  return [
    ...(input === null ? [] : [proposal('inputShape', { rule: 'inputShape', shape: [...input], points }, true)]),
    ...(anySize === null
      ? []
      : [proposal('inputChannels', { rule: 'inputShape', shape: [...anySize], points }, false)]),
    ...(output === null ? [] : [proposal('outputShape', { rule: 'outputShape', shape: [...output], points }, true)]),
  ];
}

function proposal(id: string, rule: Rule, isUsual: boolean): Proposal {
  return { id, rule, isUsual };
}

/** The function of the node that gives the answer; linear where it has none. */
function endOf({ outputs, nodes }: NetworkAnalysis): string {
  const node = nodes.get(outputs[0] ?? '');
  const param = functionParam(node?.definition);
  const value = param === null ? undefined : node?.params?.[param];
  return typeof value === 'string' ? value : 'linear';
}

/** What can be demanded of a chapter of the course: all of it is likely to be. */
export function proposeChapter(chapter: Chapter): readonly Proposal[] {
  return chapterRules(chapter).map((rule) => proposal(JSON.stringify(rule), rule, true));
}

/**
 * The rules that a network without errors could stand for, every one of them met by it: budgets with `slack` above what it has, least
 * counts as they are, and its form exactly. None for a network that is empty or has errors.
 */
export function proposeRules(document: NetworkDocument, analysis: NetworkAnalysis, slack: Slack): readonly Proposal[] {
  if (!analysis.ok || analysis.nodes.size === 0) return [];
  const { totals } = analysis;
  const fields = [...analysis.nodes.values()].flatMap(({ receptiveField }) =>
    receptiveField === null || receptiveField.global ? [] : [Math.min(...receptiveField.size)],
  );
  const field = Math.max(0, ...fields);
  const order = orderOf(analysis);
  const dense = [...analysis.nodes.values()].filter(({ definition }) => definition?.traits.role === 'dense');
  const denseShare = dense.reduce((sum, { paramCount }) => sum + (paramCount ?? 0), 0) / Math.max(1, totals.params);
  const mostShare = share(denseShare * (1 + slack.percent / 100));
  const all = [
    proposal('valid', { rule: 'valid', points }, true),
    proposal('noWarnings', { rule: 'noWarnings', except: [], points }, false),
    ...shapes(analysis),
    proposal('outputs', { rule: 'outputs', equals: analysis.outputs.length, points }, false),
    proposal('ends', { rule: 'ends', function: endOf(analysis), points }, false),
    proposal('params', { rule: 'params', max: upTo(totals.params, slack), points }, true),
    proposal('macs', { rule: 'macs', max: upTo(totals.macs, slack), points }, false),
    proposal('activationBytes', { rule: 'activationBytes', max: upTo(totals.activationBytes, slack), points }, false),
    proposal('receptiveField', { rule: 'receptiveField', min: downTo(field, slack), points }, false),
    // At most all of it would be no demand.
    ...(mostShare < 1 ? [proposal('fcShare', { rule: 'fcShare', max: mostShare, points }, false)] : []),
    ...(order.length < 2
      ? []
      : [proposal('order', { rule: 'order', layers: [...order], adjacent: false, points }, false)]),
    ...counts(analysis).map(([kind, count]) =>
      proposal(`count ${kind}`, { rule: 'count', kind, params: {}, min: count, points }, false),
    ),
  ];
  const rules: Rules = { format: 'convloom.rules', version: 1, name: '', rules: all.map(({ rule }) => rule) };
  const grades = gradeNetwork(document, analysis, rules);
  // What the example itself does not meet (an order over branches, a share that rounding took) is no rule to make of it.
  return all.filter((_, at) => grades[at]?.ok === true);
}
