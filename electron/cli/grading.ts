import { findNode } from '../../shared/analysis/blocks';
import { wiringOf } from '../../shared/analysis/analyze';
import type { NetworkAnalysis, NetworkTotals, NodeAnalysis, ReceptiveField } from '../../shared/analysis/types';
import { findLayer } from '../../shared/layers';
import { functionParam } from '../../shared/layers/traits';
import type { Json, NetworkDocument } from '../../shared/schema/document';
import { formatCount, formatShape } from '../../shared/text';
import type { Range, Rule, Rules } from './rules';

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

type Verdict = { readonly ok: boolean; readonly expected: string; readonly found: string };
/**
 * Judges a network by every rule, in order. Nothing is met by a network that is empty or has errors: what it would come to is not
 * known. A rule about a node that is not there is not met.
 */
export function gradeNetwork(document: NetworkDocument, analysis: NetworkAnalysis, rules: Rules): readonly Grade[] {
  const graded = partOf(document, analysis);
  const unfit = analysis.nodes.size === 0 ? 'nothing: the network is empty' : 'nothing: the network has errors';
  const isFit = analysis.ok && analysis.nodes.size > 0;
  return rules.rules.map((each) => {
    const judged = judge(each, graded);
    const verdict =
      isFit || (each.rule === 'valid' && analysis.nodes.size > 0) ? judged : { ...judged, ok: false, found: unfit };
    return {
      rule: each.rule,
      title: each.title ?? defaultTitle(each),
      ...verdict,
      points: verdict.ok ? each.points : 0,
      maxPoints: each.points,
    };
  });
}

/** A network with the layers that count: those that lead to its answer. */
type GradedNetwork = {
  readonly analysis: NetworkAnalysis;
  readonly counted: readonly NodeAnalysis[];
  /** Sums over the counted layers; the totals of the analysis where all count. */
  readonly totals: NetworkTotals;
};

/**
 * The answer is the only output, or the one that `train.output` names, or else the one that most layers lead to. A branch that ends
 * somewhere else earns no points.
 */
function partOf(document: NetworkDocument, analysis: NetworkAnalysis): GradedNetwork {
  const named = analysis.outputs.filter((id) => id === document.train?.output);
  const candidates = (named.length > 0 ? named : analysis.outputs).map((id) => ancestorsOf(analysis, id));
  const ids = candidates.reduce((largest, each) => (each.size > largest.size ? each : largest), new Set<string>());
  const counted = analysis.order.flatMap((id) => (ids.has(id) ? (analysis.nodes.get(id) ?? []) : []));
  if (counted.length === analysis.nodes.size) return { analysis, counted, totals: analysis.totals };
  const sum = (read: (node: NodeAnalysis) => number | null): number =>
    counted.reduce((total, node) => total + (read(node) ?? 0), 0);
  const [params, trainableParams] = [sum((node) => node.paramCount), sum((node) => node.trainableParams)];
  const totals = {
    params,
    trainableParams,
    nonTrainableParams: params - trainableParams,
    macs: sum((node) => node.macs),
    activationBytes: sum((node) => node.activationBytes),
    unknown: counted.filter(({ paramCount }) => paramCount === null).length,
  };
  return { analysis, counted, totals };
}

function ancestorsOf(analysis: NetworkAnalysis, output: string): Set<string> {
  const wiring = wiringOf(analysis);
  const found = new Set([output]);
  // A set that grows while it is walked through is walked to its end.
  for (const id of found)
    for (const source of wiring?.nodes.get(id)?.sources ?? []) if (source !== null) found.add(source);
  return found;
}

function judge(each: Rule, graded: GradedNetwork): Verdict {
  const { analysis, counted } = graded;
  switch (each.rule) {
    case 'valid':
      return judgeFindings(analysis, 'error', []);
    case 'noWarnings':
      return judgeFindings(analysis, 'warning', each.except);
    case 'params':
    case 'trainableParams':
    case 'macs':
    case 'activationBytes':
      return judgeTotal(each, each.rule, graded);
    case 'inputShape':
      return judgeShapes(each.shape, analysis.inputs, analysis);
    case 'outputShape':
      return judgeShapes(each.shape, analysis.outputs, analysis);
    case 'shape':
      return judgeShapes(each.shape, counted.some(({ id }) => id === each.node) ? [each.node] : [], analysis);
    case 'receptiveField':
      return judgeReceptiveField(each, each.node, counted);
    case 'count':
      return judgeRange(
        each,
        counted.reduce((count, node) => count + occurrencesOf(each, node), 0),
      );
  }
}

/** A budget counts the whole network, a least amount only what leads to the answer. */
function judgeTotal(
  limits: Range,
  name: 'params' | 'trainableParams' | 'macs' | 'activationBytes',
  { analysis, totals }: GradedNetwork,
): Verdict {
  const whole = judgeRange(limits, analysis.totals[name]);
  return { ...whole, ok: whole.ok && totals[name] >= (limits.min ?? limits.equals ?? -Infinity) };
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
  const shapes = ids.map((id) => findNode(analysis, id)?.outputShape ?? null);
  const ok =
    shapes.length > 0 &&
    shapes.every((found) => found?.length === wanted.length && wanted.every((size, axis) => size === found[axis]));
  const found = shapes.map((each) => (each === null ? 'nothing' : formatShape(each))).join(', ');
  return { ok, expected: formatShape(wanted), found: found === '' ? 'nothing' : found };
}

/** Without a node: the largest window that any node before fc and gap has. */
function judgeReceptiveField(limits: Range, id: string | undefined, counted: readonly NodeAnalysis[]): Verdict {
  const fields = counted
    .filter((node) => id === undefined || node.id === id)
    .map((node) => node.receptiveField)
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

/**
 * How often a node is what a rule counts: as itself, and, where activations are counted, as the activation that a layer brings along
 * (a conv with relu is a conv and a ReLU).
 */
function occurrencesOf(each: Extract<Rule, { rule: 'count' }>, node: NodeAnalysis): number {
  const asItself = node.kind === each.kind && hasParams(node.params ?? {}, each) ? 1 : 0;
  const wanted = functionParam(findLayer(each.kind));
  const own = functionParam(node.definition);
  const inner = own === null || node.kind === each.kind ? undefined : node.params?.[own];
  if (wanted !== 'function' || own !== 'activation' || inner === undefined || inner === 'linear') return asItself;
  return asItself + (hasParams({ function: inner }, each) ? 1 : 0);
}

/** Params are compared as the layer reads them, so that a default counts as written. */
function hasParams(found: { readonly [name: string]: unknown }, { params }: Extract<Rule, { rule: 'count' }>): boolean {
  return Object.entries(params).every(([name, wanted]: readonly [string, Json]) => {
    const value = JSON.stringify(found[name]);
    return value === JSON.stringify(wanted) || value === JSON.stringify([wanted, wanted]);
  });
}

function defaultTitle(each: Rule): string {
  switch (each.rule) {
    case 'valid':
      return 'The network has no errors';
    case 'noWarnings':
      return 'The network has no warnings';
    case 'params':
      return 'All parameters';
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
