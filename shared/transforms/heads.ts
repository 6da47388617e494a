import { analyzeNetwork } from '../analysis/analyze';
import type { NetworkAnalysis } from '../analysis/types';
import { transformAlready, transformNoTrunk, transformNotReady } from '../diagnostics/catalog/transforms';
import { failure, type Result } from '../diagnostics/diagnostic';
import { applyEdits } from '../editing/applyEdits';
import type { NetworkDocument, NetworkNode } from '../schema/document';
import type { Edit } from '../schema/edits';
import { freshNodeId } from '../document/ids';
import type { RawParams } from '../layers/define';
import { classMapsToGap, toConvGap } from './classMaps';
import { commonParams, commonParamsOfNew, coveringKernel } from './fcConv';
import { findHead, headKinds, type HeadKind } from './findHead';
import {
  between,
  flattens,
  headTitles,
  isMap,
  moveTail,
  nextInRow,
  nodeById,
  placesFor,
  roleOf,
  trunkShape,
  type HeadContext,
  type HeadOptions,
} from './headParts';
import { chainPlans, planTransform, type TransformPlan } from './plan';

/**
 * Hidden widths of an FC head over `values` inputs: LeNet's one layer of 500 for small maps, VGG's two of 4,096 from 16,384
 * values on (VGG-16 has 7·7·512 = 25,088).
 */
export function defaultHiddenUnits(values: number): readonly number[] {
  return values >= 16_384 ? [4096, 4096] : [500];
}

/**
 * Rebuilds the classifier head as `to`, keeping the trunk, the class count and what follows the classifier (a softmax).
 *
 * - FC to conv and back changes no number: the first FC over h×w×c becomes a conv with an h×w kernel, the others 1×1 convs, and the
 *   weights are carried over (`equivalent`). LeNet's `[800, 500]` becomes `[4, 4, 50, 500]`, the same row-major values.
 * - GAP takes the mean of each map and leaves one FC to the classes: LeNet 431,080 parameters become 26,080.
 * - Conv + GAP is the same sum the other way round: a 1×1 conv to one map per class, and their means are the scores.
 */
export function switchHead(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  to: HeadKind,
  options: HeadOptions = {},
): Result<TransformPlan> {
  const found = findHead(document, analysis);
  if (!found.ok) return found;
  const head = found.value;
  const context: HeadContext = { document, analysis, head, options };
  return switches[head.kind][to](context);
}

type Switch = (context: HeadContext) => Result<TransformPlan>;

const already: Switch = ({ head }) => failure(transformAlready(head.classifier));

/** How each head becomes each other one. */
const switches: { readonly [From in HeadKind]: { readonly [To in HeadKind]: Switch } } = {
  fc: { fc: already, gap: toGap, convGap: toConvGap, conv: fcToConv },
  gap: { fc: gapToFc, gap: already, convGap: toConvGap, conv: gapToConv },
  convGap: { fc: viaGap('fc'), gap: classMapsToGap, convGap: already, conv: viaGap('conv') },
  conv: { fc: convToFc, gap: toGap, convGap: toConvGap, conv: already },
};

/** By the GAP head that gives the same scores: the mean goes in front of the layer to the classes. */
function viaGap(to: 'fc' | 'conv'): Switch {
  return (context) => {
    const first = classMapsToGap(context);
    if (!first.ok) return first;
    const second = switchHead(first.value.document, first.value.after, to, context.options);
    return second.ok ? { ok: true, value: chainPlans(first.value, second.value, headTitles[to]) } : second;
  };
}

function gapToConv(context: HeadContext): Result<TransformPlan> {
  const dense = gapToFc(context);
  if (!dense.ok) return dense;
  const second = switchHead(dense.value.document, dense.value.after, 'conv');
  return second.ok ? { ok: true, value: chainPlans(dense.value, second.value, headTitles.conv) } : second;
}

/** Replaces everything between trunk and classifier by a chain of new nodes. */
function rechain(
  context: HeadContext,
  fresh: readonly { readonly kind: string; readonly params: RawParams }[],
): { readonly edits: readonly Edit[] } {
  const { document, head } = context;
  const removed = between(head);
  const edits: Edit[] = [];
  if (removed.length > 0) edits.push({ type: 'removeNodes', ids: removed });
  else edits.push({ type: 'disconnect', edge: { from: head.trunkEnd, to: head.classifier } });
  const trailing = flattens(context).filter((id) => !removed.includes(id));
  if (trailing.length > 0) edits.push({ type: 'removeNodes', ids: trailing, heal: true });
  const classifier = nodeById(document, head.classifier);
  if (classifier !== undefined && roleOf(context, classifier.id) === 'convolution') {
    edits.push({
      type: 'setKind',
      id: classifier.id,
      kind: 'fc',
      params: { units: head.classCount, ...commonParamsOfNew(classifier.params) },
    });
  }
  const laid = placesFor(context, fresh.length);
  if (laid !== null) edits.push(...moveTail(context, laid.shift));
  let growing = document;
  let previous = head.trunkEnd;
  for (const [index, { kind, params }] of fresh.entries()) {
    const id = freshNodeId(growing, kind);
    const position = laid?.places[index];
    const node: NetworkNode = { id, kind, params, ...(position === undefined ? {} : { position }) };
    growing = { ...growing, nodes: [...growing.nodes, node] };
    edits.push({ type: 'addNode', node }, { type: 'connect', edge: { from: previous, to: id } });
    previous = id;
  }
  edits.push({ type: 'connect', edge: { from: previous, to: head.classifier } });
  return { edits };
}

function toGap(context: HeadContext): Result<TransformPlan> {
  const { document, analysis, head } = context;
  if (!isMap(context)) return failure(transformNoTrunk(head.trunkEnd));
  const { edits } = rechain(context, [{ kind: 'gap', params: {} }]);
  return planTransform(document, analysis, edits, headTitles.gap, { equivalent: false });
}

function gapToFc(context: HeadContext): Result<TransformPlan> {
  const { document, analysis, head, options } = context;
  const values = knownCount(trunkShape(context));
  if (values === null) return failure(transformNotReady(head.trunkEnd));
  const hidden = options.hiddenUnits ?? defaultHiddenUnits(values);
  const { edits } = rechain(
    context,
    hidden.map((units) => ({ kind: 'fc', params: { units, activation: 'relu' } })),
  );
  return planTransform(document, analysis, edits, headTitles.fc, { equivalent: false });
}

function knownCount(shape: readonly (number | null)[] | null): number | null {
  if (shape === null) return null;
  let product = 1;
  for (const size of shape) {
    if (size === null) return null;
    product *= size;
  }
  return product;
}

function fcToConv(context: HeadContext): Result<TransformPlan> {
  const { document, analysis, head } = context;
  const shape = trunkShape(context);
  const [height, width] = shape ?? [];
  if (shape?.length !== 3) {
    return failure(shape === null ? transformNotReady(head.trunkEnd) : transformNoTrunk(head.trunkEnd));
  }
  if (typeof height !== 'number' || typeof width !== 'number') return failure(transformNotReady(head.trunkEnd));
  const flat = flattens(context);
  const edits: Edit[] = flat.length > 0 ? [{ type: 'removeNodes', ids: flat, heal: true }] : [];
  for (const [index, id] of head.layers.entries()) {
    const node = nodeById(document, id);
    if (node === undefined || roleOf(context, id) !== 'dense') continue;
    edits.push({
      type: 'setKind',
      id,
      kind: 'conv',
      params: {
        filters: node.params['units'] ?? null,
        kernelSize: index === 0 ? coveringKernel(height, width) : 1,
        ...commonParams(node.params),
      },
    });
  }
  // The scores leave as a vector, so that what follows (a softmax, the loss) sees what it saw before.
  const place = nodeById(document, head.classifier)?.position;
  const flatten: NetworkNode = {
    id: freshNodeId(document, 'flatten'),
    kind: 'flatten',
    params: {},
    ...(place === undefined ? {} : { position: { x: place.x + nextInRow, y: place.y } }),
  };
  edits.push(...moveTail(context, { x: 0, y: 0 }, nextInRow));
  edits.push({ type: 'insertAfter', after: head.classifier, node: flatten });
  return planTransform(document, analysis, edits, headTitles.conv, { equivalent: true });
}

function convToFc(context: HeadContext): Result<TransformPlan> {
  const { document, analysis, head } = context;
  const flat = flattens(context);
  const edits: Edit[] = [];
  for (const id of head.layers) {
    const node = nodeById(document, id);
    if (node === undefined || roleOf(context, id) !== 'convolution') continue;
    edits.push({
      type: 'setKind',
      id,
      kind: 'fc',
      params: { units: node.params['filters'] ?? null, ...commonParams(node.params) },
    });
  }
  if (flat.length > 0) edits.push({ type: 'removeNodes', ids: flat, heal: true });
  return planTransform(document, analysis, edits, headTitles.fc, { equivalent: true });
}

/** One variant of a network in the head lab: the network as it is, or a plan that gets there, or why there is none. */
export type HeadVariant =
  | {
      readonly kind: HeadKind;
      readonly state: 'current';
      readonly analysis: NetworkAnalysis;
      readonly document: NetworkDocument;
    }
  | { readonly kind: HeadKind; readonly state: 'plan'; readonly plan: TransformPlan }
  | { readonly kind: HeadKind; readonly state: 'impossible'; readonly result: Extract<Result<never>, { ok: false }> };

/** The same trunk under every head of {@link headKinds}, in their order. */
export function headVariants(
  document: NetworkDocument,
  analysis: NetworkAnalysis = analyzeNetwork(document),
): Result<readonly HeadVariant[]> {
  const found = findHead(document, analysis);
  if (!found.ok) return found;
  const variants = headKinds.map((kind): HeadVariant => {
    if (kind === found.value.kind) return { kind, state: 'current', analysis, document };
    const plan = switchHead(document, analysis, kind);
    return plan.ok ? { kind, state: 'plan', plan: plan.value } : { kind, state: 'impossible', result: plan };
  });
  return { ok: true, value: variants };
}

/** For tests and the command line: the network with its head switched. */
export function withHead(document: NetworkDocument, to: HeadKind): Result<NetworkDocument> {
  const plan = switchHead(document, analyzeNetwork(document), to);
  return plan.ok ? applyEdits(document, plan.value.edits) : plan;
}
