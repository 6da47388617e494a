import { analyzeNetwork } from '../analysis/analyze';
import { solveInputSizes, type InputSizes } from '../analysis/inputSizes';
import { describeInputSizes } from '../analysis/inputSizesText';
import { estimateTrainingMemory, largestBatchSize } from '../analysis/memory';
import { findNode } from '../analysis/blocks';
import type { NetworkAnalysis } from '../analysis/types';
import { success, type Diagnostic, type Result } from '../diagnostics/diagnostic';
import { applyEdits } from '../editing/applyEdits';
import type { NetworkDocument } from '../schema/document';
import type { OptimizerName } from '../schema/training';
import { formatCount, text, type Text } from '../text';
import { findHead, headCost, headKinds, type Head, type HeadCost, type HeadKind } from './findHead';
import { headVariants } from './heads';
import { graftHead, type OwnHead } from './ownHead';
import type { TransformPlan } from './plan';

/** One head on the trunk, or why it cannot be there. `id` is the kind, or `own:` and the name of a head of one's own. */
export type LabHead =
  | ({ readonly state: 'current' } & BuiltHead)
  | ({ readonly state: 'plan'; readonly plan: TransformPlan } & BuiltHead)
  | {
      readonly state: 'impossible';
      readonly id: string;
      readonly label: Text;
      readonly diagnostics: readonly Diagnostic[];
    };

/** A network under one of the heads, and what that head costs. */
export type BuiltHead = {
  readonly id: string;
  readonly label: Text;
  /** Null for a head of one's own. */
  readonly kind: HeadKind | null;
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly cost: HeadCost;
};

/** The same trunk under several heads. */
export type HeadLab = {
  readonly heads: readonly LabHead[];
  /** What has to be known to read the comparison: which of the heads the network has, and what the others are. */
  readonly note: Text;
};

/** The name of a kind of head in lists and files. */
export const headWords: { readonly [K in HeadKind]: string } = {
  fc: 'fc',
  gap: 'gap',
  convGap: 'conv-gap',
  conv: 'conv',
};

/** What each kind of head is called. */
export const headLabels: { readonly [K in HeadKind]: Text } = {
  fc: text('FC', '全连接'),
  gap: text('GAP + FC', '全局池化 + 全连接'),
  convGap: text('Conv + GAP', '卷积 + 全局池化'),
  conv: text('FC as conv', '全连接写成卷积'),
};

/** `7×7 conv` says more than that an FC was written as one. */
function labelOf(kind: HeadKind, analysis: NetworkAnalysis, head: Head): Text {
  const [first] = head.layers;
  const kernel = findNode(analysis, first ?? '')?.weights.find(({ name }) => name === 'kernel')?.shape;
  const [height, width] = kernel ?? [];
  if (kind !== 'conv' || height === undefined || width === undefined) return headLabels[kind];
  return text(`${height}×${width} conv`, `${height}×${width} 卷积`);
}

const isPooled: { readonly [K in HeadKind]: boolean } = { fc: false, gap: true, convGap: true, conv: false };

/** What stands in the document as drawn, and what was made of it. */
function noteOf(head: Head, analysis: NetworkAnalysis, heads: readonly LabHead[]): Text {
  const dense = heads.find((one) => one.state === 'plan' && one.kind === 'fc');
  if (!isPooled[head.kind] || dense?.state !== 'plan') {
    const count = formatCount(headCost(analysis, head).trainableParams);
    return text(
      `The trunk is the same in all; the head as drawn has ${count} trainable parameters.`,
      `各方案的主干相同；当前的分类头有 ${count} 个可训练参数。`,
    );
  }
  const built = findHead(dense.document, dense.analysis);
  const hidden = built.ok
    ? built.value.layers.slice(0, -1).map((id) => formatCount(dense.analysis.nodes.get(id)?.outputShape?.at(-1) ?? 0))
    : [];
  return text(
    `This network has GAP already: it is compared with what it would have been with FC, hidden layers of ${hidden.join(' and ')} units.`,
    `此网络已经使用全局池化：与它改用全连接（隐藏层 ${hidden.join('、')} 个单元）时相比。`,
  );
}

/** The trunk of a network under every head that can be built on it, and under those of one's own. */
export function headLab(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  own: readonly OwnHead[] = [],
): Result<HeadLab> {
  const found = findHead(document, analysis);
  if (!found.ok) return found;
  const variants = headVariants(document, analysis);
  if (!variants.ok) return variants;
  const built = variants.value.map((variant): LabHead => {
    const { kind, state } = variant;
    if (state === 'impossible') {
      return { state, id: kind, label: headLabels[kind], diagnostics: variant.result.diagnostics };
    }
    const shown = state === 'current' ? variant : { document: variant.plan.document, analysis: variant.plan.after };
    const head = findHead(shown.document, shown.analysis);
    if (!head.ok) return { state: 'impossible', id: kind, label: headLabels[kind], diagnostics: head.diagnostics };
    const cost = headCost(shown.analysis, head.value);
    const label = labelOf(kind, shown.analysis, head.value);
    const one = { id: kind, label, kind, document: shown.document, analysis: shown.analysis, cost };
    return state === 'current' ? { state, ...one } : { state, ...one, plan: variant.plan };
  });
  const grafted = own.map((one): LabHead => {
    const id = `own:${one.name}`;
    const label = text(one.name, one.name);
    const graft = graftHead(document, analysis, one);
    if (!graft.ok) return { state: 'impossible', id, label, diagnostics: graft.diagnostics };
    const { plan, nodes } = graft.value;
    if (!plan.after.ok) {
      const diagnostics = plan.after.diagnostics.filter(({ severity }) => severity === 'error');
      return { state: 'impossible', id, label, diagnostics };
    }
    const cost = headCost(plan.after, { nodes });
    return { state: 'plan', id, label, kind: null, document: plan.document, analysis: plan.after, cost, plan };
  });
  const heads = [...built, ...grafted];
  return success({ heads, note: noteOf(found.value, analysis, heads) });
}

/** The heads that could be built. */
export function builtHeads({ heads }: HeadLab): readonly Exclude<LabHead, { readonly state: 'impossible' }>[] {
  return heads.flatMap((head) => (head.state === 'impossible' ? [] : [head]));
}

/** What one head comes to, as numbers. */
export type HeadFigures = {
  readonly id: string;
  readonly label: Text;
  readonly isCurrent: boolean;
  readonly params: number;
  readonly trainableParams: number;
  /** Of the head alone. */
  readonly head: HeadCost;
  /** Of the trainable parameters, how many are the head's: 0 to 1. */
  readonly share: number;
  readonly macs: number;
  /** float32 bytes of all outputs for one sample. */
  readonly activationBytes: number;
  /** Bytes of a training step; null while a size is open. */
  readonly trainingBytes: number | null;
  /** Size of the weights as a safetensors file. */
  readonly fileBytes: number;
  readonly inputSizes: Text;
  /** Measured; null where nothing was. */
  readonly secondsPerStep: number | null;
  /** What validation came to, 0 to 1; null where it was not trained. */
  readonly score: number | null;
};

/** How the figures of training are to be taken. */
export type StepSettings = { readonly batchSize: number; readonly optimizer: OptimizerName };

/** All of {@link HeadFigures} that the network itself says. */
export function headFigures(
  head: Exclude<LabHead, { readonly state: 'impossible' }>,
  { batchSize, optimizer }: StepSettings,
): HeadFigures {
  const { id, label, document, analysis, cost } = head;
  const { params, trainableParams, macs, activationBytes } = analysis.totals;
  return {
    id,
    label,
    isCurrent: head.state === 'current',
    params,
    trainableParams,
    head: cost,
    share: trainableParams === 0 ? 0 : cost.trainableParams / trainableParams,
    macs,
    activationBytes,
    trainingBytes: estimateTrainingMemory(analysis, batchSize, optimizer)?.totalBytes ?? null,
    fileBytes: weightFileBytes(analysis),
    inputSizes: acceptedSizes(document, analysis),
    secondsPerStep: null,
    score: null,
  };
}

function utf8Length(words: string): number {
  let length = 0;
  for (const character of words) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** How large the file of a trained network's weights is: safetensors is a header of names, shapes and places, and the values. */
export function weightFileBytes(analysis: NetworkAnalysis): number {
  let offset = 0;
  const header: [string, object][] = [];
  for (const { id, weights } of analysis.nodes.values()) {
    for (const { name, shape } of weights) {
      const end = offset + 4 * shape.reduce((product, size) => product * size, 1);
      header.push([`${id}/${name}`, { dtype: 'F32', shape, data_offsets: [offset, end] }]);
      offset = end;
    }
  }
  return 8 + Math.ceil(utf8Length(JSON.stringify(Object.fromEntries(header))) / 8) * 8 + offset;
}

/** Which pictures a network with these weights takes: a dense layer that reads a map is bound to the size of that map. */
function acceptedSizes(document: NetworkDocument, analysis: NetworkAnalysis): Text {
  const [input, second] = analysis.inputs;
  const shape = input === undefined ? null : (analysis.nodes.get(input)?.outputShape ?? null);
  if (input === undefined || second !== undefined || shape?.length !== 3) return text('–', '–');
  const [height, width, channels] = shape;
  const sizes = ([0, 1] as const).map((axis) => solveInputSizes(document, input, axis, 'works', analysis.layers));
  const [rows, columns] = sizes;
  if (rows === undefined || columns === undefined) return text('–', '–');
  if (height != null && width != null && isBound(document, analysis, input, [height, width, channels ?? 1], rows)) {
    const only = `${formatCount(height)}×${formatCount(width)}`;
    return text(`only ${only}`, `只有 ${only}`);
  }
  const [down, across] = [describeInputSizes(rows), describeInputSizes(columns)];
  return down.en === across.en ? down : text(`${down.en} × ${across.en}`, `${down.zh} × ${across.zh}`);
}

/** Whether another size of input, the next that fits, would need other weights. */
function isBound(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  input: string,
  [height, width, channels]: readonly [number, number, number],
  rows: InputSizes,
): boolean {
  const step = Math.max(...rows.classes.map(({ period }) => period), 0);
  if (step === 0) return true;
  // A map behind several pools changes only after as many pixels as they take together.
  const growth = step * Math.ceil(128 / step);
  const shape = [height + growth, width + growth, channels];
  const edited = applyEdits(document, [{ type: 'setParams', id: input, params: { shape } }], analysis.layers);
  if (!edited.ok) return true;
  return analyzeNetwork(edited.value, undefined, analysis.layers).totals.params !== analysis.totals.params;
}

/** What a head would be called that is asked for by a word; null for a word that is none. */
export function headOfWord(word: string): HeadKind | null {
  return headKinds.find((kind) => headWords[kind] === word) ?? null;
}

/** One batch size for all that all have room for in so many bytes: what is timed is the same work. */
export function fittingBatch(
  heads: readonly BuiltHead[],
  { batchSize, optimizer }: StepSettings,
  availableBytes: number,
): number {
  const room = heads.map(({ analysis }) => largestBatchSize(analysis, optimizer, availableBytes) ?? batchSize);
  return Math.max(1, Math.min(batchSize, ...room));
}

/** The share of a machine's memory that a step may take which is only timed. */
export const timedMemoryShare = 0.25;
