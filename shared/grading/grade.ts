import { analyzeNetwork, wiringOf } from '../analysis/analyze';
import { findNode } from '../analysis/blocks';
import type { NetworkAnalysis, NetworkTotals, NodeAnalysis, ReceptiveField } from '../analysis/types';
import { findLayer } from '../layers';
import { functionParam, isInput } from '../layers/traits';
import type { Json, NetworkDocument, NetworkNode } from '../schema/document';
import { formatBytes, formatCount, formatShape, text, type Text } from '../text';
import { isCourseRule, judgeCourse, type CourseRule } from './course';
import { isInRange, percent, rangeText, type Range } from './range';
import type { CourseResults } from './results';
import { layerText, shapeText, titleOf, type Wanted } from './words';
import type { AskedSize, Rule, Rules, Step } from './rules';

/** What became of one rule. Words are for people. */
export type Grade = {
  readonly rule: Rule['rule'];
  readonly title: Text;
  readonly ok: boolean;
  readonly points: number;
  readonly maxPoints: number;
  readonly expected: Text;
  readonly found: Text;
};

/** What a run of the network has reached, each from 0 to 1; null where it was not measured. */
export type RunScores = { readonly accuracy: number | null; readonly meanIou: number | null };

type Verdict = { readonly ok: boolean; readonly expected: Text; readonly found: Text };

const nothing = text('nothing', '无');

/**
 * Judges a network by every rule, in order. Nothing is met by a network that is empty or has errors: what it would come to is not
 * known. A rule about a node that is not there is not met, and neither is one about a run where `scores` is null. What was done of the
 * course counts whatever the network is; null where it was not handed in.
 */
export function gradeNetwork(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  rules: Rules,
  scores: RunScores | null = null,
  course: CourseResults | null = null,
): readonly Grade[] {
  const graded = partOf(document, analysis);
  const isEmpty = analysis.nodes.size === 0;
  const unfit = isEmpty
    ? text('nothing: the network is empty', '无：网络为空')
    : text('nothing: the network has errors', '无：网络有错误');
  const isFit = analysis.ok && !isEmpty;
  return rules.rules.map((each) => {
    const judged = isCourseRule(each) ? judgeCourse(each, course) : judge(each, graded, scores);
    const isJudged = isFit || isCourseRule(each) || (each.rule === 'valid' && !isEmpty);
    const verdict = isJudged ? judged : { ...judged, ok: false, found: unfit };
    return {
      rule: each.rule,
      title: each.title === undefined ? titleOf(each) : text(each.title, each.title),
      ...verdict,
      points: verdict.ok ? each.points : 0,
      maxPoints: each.points,
    };
  });
}

/** A network with the layers that count: those that lead to its answer. */
type GradedNetwork = {
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  /** The node that gives the answer; null in an empty network. */
  readonly answer: string | null;
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
  let answer: string | null = null;
  let ids = new Set<string>();
  for (const id of named.length > 0 ? named : analysis.outputs) {
    const leading = ancestorsOf(analysis, id);
    if (leading.size > ids.size) [answer, ids] = [id, leading];
  }
  const counted = analysis.order.flatMap((id) => (ids.has(id) ? (analysis.nodes.get(id) ?? []) : []));
  if (counted.length === analysis.nodes.size) return { document, analysis, answer, counted, totals: analysis.totals };
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
  return { document, analysis, answer, counted, totals };
}

function ancestorsOf(analysis: NetworkAnalysis, output: string): Set<string> {
  const wiring = wiringOf(analysis);
  const found = new Set([output]);
  // A set that grows while it is walked through is walked to its end.
  for (const id of found)
    for (const source of wiring?.nodes.get(id)?.sources ?? []) if (source !== null) found.add(source);
  return found;
}

function judge(each: Exclude<Rule, CourseRule>, graded: GradedNetwork, scores: RunScores | null): Verdict {
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
    case 'order':
      return judgeOrder(each, graded);
    case 'outputs':
      return judgeRange(each, analysis.outputs.length);
    case 'ends':
      return judgeEnd(each.function, graded);
    case 'fcShare':
      return judgeFcShare(each, graded);
    case 'takesSizes':
      return judgeSizes(each.sizes, graded);
    case 'accuracy':
    case 'meanIou':
      return judgeScore(each, scores?.[each.rule] ?? null);
  }
}

/** A budget counts the whole network, a least amount only what leads to the answer. */
function judgeTotal(
  limits: Range,
  name: 'params' | 'trainableParams' | 'macs' | 'activationBytes',
  { analysis, totals }: GradedNetwork,
): Verdict {
  const whole = judgeRange(limits, analysis.totals[name], name === 'activationBytes' ? formatBytes : formatCount);
  return { ...whole, ok: whole.ok && totals[name] >= (limits.min ?? limits.equals ?? -Infinity) };
}

function judgeFindings(analysis: NetworkAnalysis, severity: 'error' | 'warning', except: readonly string[]): Verdict {
  const found = analysis.diagnostics.filter((one) => one.severity === severity && !except.includes(one.code));
  const list = found
    .map(({ code, at }) => `${code}${at.nodeId === undefined ? '' : ` (${at.nodeId})`}`)
    .slice(0, 20)
    .join(', ');
  return {
    ok: found.length === 0,
    expected: severity === 'error' ? text('no errors', '没有错误') : text('no warnings', '没有警告'),
    found: found.length === 0 ? text('none', '无') : text(list, list),
  };
}

function judgeRange(limits: Range, value: number, format: (value: number) => string = formatCount): Verdict {
  const found = format(value);
  return { ok: isInRange(limits, value), expected: rangeText(limits, format), found: text(found, found) };
}

function judgeShapes(wanted: readonly AskedSize[], ids: readonly string[], analysis: NetworkAnalysis): Verdict {
  const shapes = ids.map((id) => findNode(analysis, id)?.outputShape ?? null);
  const fits = (size: AskedSize, found: number | null | undefined): boolean => size === 'any' || size === found;
  const ok =
    shapes.length > 0 &&
    shapes.every((found) => found?.length === wanted.length && wanted.every((size, axis) => fits(size, found[axis])));
  const list = shapes.flatMap((each) => (each === null ? [] : [formatShape(each)])).join(', ');
  return { ok, expected: shapeText(wanted), found: list === '' ? nothing : text(list, list) };
}

/** Without a node: the largest window that any node before fc and gap has. */
function judgeReceptiveField(limits: Range, id: string | undefined, counted: readonly NodeAnalysis[]): Verdict {
  const fields = counted
    .filter((node) => id === undefined || node.id === id)
    .map((node) => node.receptiveField)
    .filter((field): field is ReceptiveField => field !== null && (id !== undefined || !field.global));
  const expected = rangeText(limits, formatCount);
  if (fields.length === 0) return { ok: false, expected, found: nothing };
  if (fields.some(({ global }) => global)) {
    const found = text('the whole input', '整个输入');
    return { ok: limits.max === undefined && limits.equals === undefined, expected, found };
  }
  const height = Math.max(...fields.map(({ size }) => size[0]));
  const width = Math.max(...fields.map(({ size }) => size[1]));
  const found = height === width ? formatCount(height) : formatShape([height, width]);
  return { ok: isInRange(limits, height) && isInRange(limits, width), expected, found: text(found, found) };
}

/** The activation that a layer of another kind brings along: a conv with relu is a conv and a ReLU. Null where it brings none. */
function innerFunction(node: NodeAnalysis): string | null {
  const own = functionParam(node.definition);
  const inner = own === 'activation' ? node.params?.[own] : undefined;
  return typeof inner === 'string' && inner !== 'linear' ? inner : null;
}

/** How often a node is what a rule asks for: as itself, and as the activation that it brings along. */
function occurrencesOf(wanted: Wanted, node: NodeAnalysis): number {
  const asItself = node.kind === wanted.kind && hasParams(node.params ?? {}, wanted) ? 1 : 0;
  const inner = node.kind === wanted.kind ? null : innerFunction(node);
  if (functionParam(findLayer(wanted.kind)) !== 'function' || inner === null) return asItself;
  return asItself + (hasParams({ function: inner }, wanted) ? 1 : 0);
}

/** Params are compared as the layer reads them, so that a default counts as written. */
function hasParams(found: { readonly [name: string]: unknown }, { params }: Wanted): boolean {
  return Object.entries(params).every(([name, wanted]: readonly [string, Json]) => {
    const value = JSON.stringify(found[name]);
    return value === JSON.stringify(wanted) || value === JSON.stringify([wanted, wanted]);
  });
}

function wantedOf(step: Step): Wanted {
  return typeof step === 'string' ? { kind: step, params: {} } : step;
}

/** Whether a node, or the activation that it brings along, is what a step asks for. */
function matches(step: Step, node: NodeAnalysis, part: 'layer' | 'activation'): boolean {
  const wanted = wantedOf(step);
  if (part === 'layer') return node.kind === wanted.kind && hasParams(node.params ?? {}, wanted);
  const inner = innerFunction(node);
  const isActivation = functionParam(findLayer(wanted.kind)) === 'function';
  return inner !== null && isActivation && hasParams({ function: inner }, wanted);
}

/**
 * Whether the layers stand in this order on one way to the answer: one behind the other, or, if not `adjacent`, with any others between.
 * For each node all numbers of steps that a way to it may have behind it; a way may always begin anew.
 */
function judgeOrder(
  { layers, adjacent }: Extract<Rule, { rule: 'order' }>,
  { analysis, counted }: GradedNetwork,
): Verdict {
  const wiring = wiringOf(analysis);
  const reached = new Map<string, ReadonlySet<number>>();
  let most = 0;
  for (const node of counted) {
    let done = new Set([0]);
    for (const source of wiring?.nodes.get(node.id)?.sources ?? []) {
      for (const steps of (source === null ? undefined : reached.get(source)) ?? []) done.add(steps);
    }
    const parts =
      isInput(node.definition) || innerFunction(node) === null
        ? (['layer'] as const)
        : (['layer', 'activation'] as const);
    for (const part of parts) {
      const next = new Set(adjacent ? [0] : done);
      for (const steps of done) {
        const step = layers[steps];
        if (step !== undefined && matches(step, node, part)) next.add(steps + 1);
      }
      most = Math.max(most, ...next);
      done = next;
    }
    reached.set(node.id, done);
  }
  return {
    ok: most === layers.length,
    expected: stepsText(layers),
    found: most === 0 ? nothing : stepsText(layers.slice(0, most)),
  };
}

function stepsText(steps: readonly Step[]): Text {
  const kinds = steps.map((step) => layerText(wantedOf(step)));
  return text(kinds.map(({ en }) => en).join(' → '), kinds.map(({ zh }) => zh).join(' → '));
}

/** The function that the answer ends in: its own, or that of a layer before it that only reorders values. */
function judgeEnd(wanted: string, { analysis, answer }: GradedNetwork): Verdict {
  const wiring = wiringOf(analysis);
  let node = answer === null ? undefined : analysis.nodes.get(answer);
  while (node?.definition?.traits.role === 'flattening') {
    const [source] = wiring?.nodes.get(node.id)?.sources ?? [];
    node = source == null ? undefined : analysis.nodes.get(source);
  }
  const param = functionParam(node?.definition);
  const value = param === null ? undefined : node?.params?.[param];
  const found = node === undefined ? '' : typeof value === 'string' ? value : 'linear';
  return { ok: found === wanted, expected: text(wanted, wanted), found: found === '' ? nothing : text(found, found) };
}

/** Of the layers that lead to the answer: parameters put elsewhere make no share smaller. */
function judgeFcShare(limits: Range, { counted, totals }: GradedNetwork): Verdict {
  const expected = rangeText(limits, percent);
  if (totals.params === 0 || totals.unknown > 0) return { ok: false, expected, found: nothing };
  const dense = counted.filter(({ definition }) => definition?.traits.role === 'dense');
  const share = dense.reduce((sum, { paramCount }) => sum + (paramCount ?? 0), 0) / totals.params;
  return { ok: isInRange(limits, share), expected, found: text(percent(share), percent(share)) };
}

/** The network with another height and width of its maps; null where it takes no maps, or takes them inside a block. */
function withSize(document: NetworkDocument, size: readonly [number, number]): NetworkDocument | null {
  const channelsOf = ({ kind, params }: NetworkNode): Json | undefined => {
    const shape = params['shape'];
    return isInput(findLayer(kind)) && Array.isArray(shape) && shape.length === 3
      ? (shape[2] as Json | undefined)
      : undefined;
  };
  if (document.nodes.every((node) => channelsOf(node) === undefined)) return null;
  const nodes = document.nodes.map((node) => {
    const channels = channelsOf(node);
    return channels === undefined ? node : { ...node, params: { ...node.params, shape: [...size, channels] } };
  });
  return { ...document, nodes };
}

/** A network that takes a size has no errors there, and no other parameters. */
function judgeSizes(sizes: readonly (readonly [number, number])[], { document, analysis }: GradedNetwork): Verdict {
  const taken = sizes.filter((size) => {
    const resized = withSize(document, size);
    const other = resized === null ? null : analyzeNetwork(resized, undefined, analysis.layers);
    return other?.ok === true && other.totals.params === analysis.totals.params;
  });
  const list = (of: readonly (readonly [number, number])[]): string => of.map((size) => formatShape(size)).join(', ');
  return {
    ok: taken.length === sizes.length,
    expected: text(list(sizes), list(sizes)),
    found: taken.length === 0 ? nothing : text(list(taken), list(taken)),
  };
}

function judgeScore(limits: Range, score: number | null): Verdict {
  const expected = rangeText(limits, percent);
  if (score === null) return { ok: false, expected, found: text('no run', '没有训练') };
  return { ok: isInRange(limits, score), expected, found: text(percent(score), percent(score)) };
}
