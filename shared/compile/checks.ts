import type { NetworkAnalysis } from '../analysis/types';
import { unknownNode } from '../diagnostics/catalog/graph';
import { lossNeedsPictures } from '../diagnostics/catalog/perceptual';
import {
  classCountDiffers,
  headIsImage,
  lossNeedsClasses,
  lossNeedsOneClass,
  lossNeedsPixels,
  noOutput,
  notPerPixel,
  opaqueNotRun,
  outputSizeDiffers,
  severalOutputs,
  targetSizeDiffers,
  unknownOutput,
  unknownSize,
  valueCountDiffers,
} from '../diagnostics/catalog/training';
import { failure, success } from '../diagnostics/diagnostic';
import type { Diagnostic, Fix, Result } from '../diagnostics/diagnostic';
import { hasNamedClasses, isOfWholePictures } from '../schema/data';
import type { NetworkDocument } from '../schema/document';
import { freshNodeId } from '../document/ids';
import type { Shape } from '../layers/define';
import { functionParam } from '../layers/traits';
import { formatCount, text } from '../text';
import { isLossOfScores, isLossOfValues } from './losses';
import type { Loss, TrainingTask } from './losses';
import { sourcesOf } from './lowering';

type Failure = Extract<Result<never>, { readonly ok: false }>;

/** The findings as a failure, or undefined when there are none. */
export function firstFailure(findings: readonly Diagnostic[]): Failure | undefined {
  return findings.length === 0 ? undefined : { ok: false, diagnostics: findings };
}

/** A network with errors is not compiled; its own diagnostics say why. */
export function checkNoErrors(analysis: NetworkAnalysis): readonly Diagnostic[] {
  return analysis.ok ? [] : analysis.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
}

/** Whether these nodes are there and, with all that they depend on, without errors; `order` holds both. */
export function checkWanted(
  analysis: NetworkAnalysis,
  wanted: readonly string[],
  order: readonly string[],
): readonly Diagnostic[] {
  const missing = wanted.filter((id) => !analysis.nodes.has(id));
  if (missing.length > 0) return missing.map(unknownNode);
  const errors = checkNoErrors(analysis);
  const theirs = errors.filter(({ at }) => at.nodeId === undefined || order.includes(at.nodeId));
  if (theirs.length > 0) return theirs;
  // Behind an error elsewhere (a cycle, say) a node has no shape.
  const isWhole = wanted.length > 0 && order.every((id) => analysis.nodes.get(id)?.outputShape != null);
  return isWhole && wanted.every((id) => order.includes(id)) ? [] : errors;
}

/** The node to train: the named one, or the only output. */
export function chooseOutput(analysis: NetworkAnalysis, named: string | undefined): Result<string> {
  const { outputs } = analysis;
  if (named !== undefined) return outputs.includes(named) ? success(named) : failure(unknownOutput(named, outputs));
  const [only] = outputs;
  if (only === undefined) return failure(noOutput());
  return outputs.length === 1 ? success(only) : failure(severalOutputs(outputs));
}

/** Names the first node whose size is still open: an input, where there is one. */
export function checkKnownSizes(analysis: NetworkAnalysis, order: readonly string[]): readonly Diagnostic[] {
  const open = order.find((id) => analysis.nodes.get(id)?.outputShape?.includes(null) === true);
  return open === undefined ? [] : [unknownSize(open, analysis.nodes.get(open)?.outputShape ?? [])];
}

/** Names the first node that stands for an operation which is not understood. */
export function checkRunnable(analysis: NetworkAnalysis, order: readonly string[]): readonly Diagnostic[] {
  const opaque = order.find((id) => analysis.layers.find(analysis.nodes.get(id)?.kind ?? '')?.traits.isOpaque === true);
  if (opaque === undefined) return [];
  const operation = analysis.nodes.get(opaque)?.params?.['operation'];
  return [opaqueNotRun(opaque, typeof operation === 'string' ? operation : opaque)];
}

/** Outputs that learn the same labels must have their size; those of whole pictures have none. */
export function checkSameSize(
  analysis: NetworkAnalysis,
  { kind }: TrainingTask,
  [main = '', ...others]: readonly string[],
): readonly Diagnostic[] {
  if (isOfWholePictures(kind)) return [];
  const shapeOf = (id: string): Shape => analysis.nodes.get(id)?.outputShape ?? [];
  const other = others.find((id) => shapeOf(id).join() !== shapeOf(main).join());
  return other === undefined ? [] : [outputSizeDiffers(other, shapeOf(other), shapeOf(main))];
}

type TaskCheck = {
  readonly task: TrainingTask;
  readonly loss: Loss;
  readonly inputNode: string;
  readonly outputNode: string;
};

/** Whether the network's answer has the shape that the task's labels need. */
export function checkTask(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  { task, loss, inputNode, outputNode }: TaskCheck,
): readonly Diagnostic[] {
  const output = analysis.nodes.get(outputNode)?.outputShape ?? [];
  const input = analysis.nodes.get(inputNode)?.outputShape ?? [];
  if (loss === 'perceptual' && task.kind !== 'image-to-image') return [lossNeedsPictures()];
  if (!hasNamedClasses(task.kind)) return isLossOfValues(loss) ? [] : [lossNeedsClasses(loss)];
  if (task.kind === 'multi-label' && isLossOfScores(loss)) return [lossNeedsOneClass(loss)];
  if (loss === 'dice' && task.kind !== 'segmentation') return [lossNeedsPixels()];
  const { classCount } = task;
  const found = output.at(-1) ?? 0;
  const isVector = output.length === 1 || (output.length === 3 && output[0] === 1 && output[1] === 1);
  if (isOfWholePictures(task.kind) && !isVector) {
    return [headIsImage(outputNode, output, classCount, headFixes(document, outputNode, output, classCount))];
  }
  if (task.kind === 'segmentation') {
    if (output.length !== 3) return [notPerPixel(outputNode, output, classCount)];
    // An answer for the middle of the picture (U-Net: 572 in, 388 out) is trained on labels cropped to it.
    const isLarger = (output[0] ?? 0) > (input[0] ?? 0) || (output[1] ?? 0) > (input[1] ?? 0);
    if (isLarger) return [outputSizeDiffers(outputNode, output, input)];
  }
  if (found === classCount || task.hasOneScore === true) return [];
  const fixes = classCountFixes(document, analysis, outputNode, classCount);
  const ofPixels = task.kind === 'segmentation';
  // What made one channel a probability would hold the scores of many within its bounds.
  const ending = ofPixels && found === 1 ? (withoutFunction(analysis, outputNode, 'sigmoid')?.edits ?? []) : [];
  const whole = fixes.map((fix) => ({ ...fix, edits: [...fix.edits, ...ending] }));
  return [classCountDiffers(outputNode, found, classCount, whole, { ofPixels })];
}

/** Takes the function that ends a network away; null where it ends in another. */
export function withoutFunction(analysis: NetworkAnalysis, outputNode: string, name: string): Fix | null {
  const node = analysis.nodes.get(outputNode);
  const param = functionParam(node?.definition);
  if (param === null || node?.params?.[param] !== name) return null;
  return node.definition?.traits.role === 'activation'
    ? {
        title: text(`Remove the ${name} “${outputNode}”`, `移除 ${name}“${outputNode}”`),
        edits: [{ type: 'removeNodes', ids: [outputNode], heal: true }],
      }
    : {
        title: text(`Make “${outputNode}” linear`, `将“${outputNode}”的激活改为线性`),
        edits: [{ type: 'setParams', id: outputNode, params: { [param]: 'linear' } }],
      };
}

/** Whether a network answers with as many values as a sample has to learn. */
export function checkValues(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  outputNode: string,
  count: number,
): readonly Diagnostic[] {
  const output = analysis.nodes.get(outputNode)?.outputShape ?? [];
  const found = output.reduce<number>((product, size) => product * (size ?? 0), 1);
  if (found === count) return [];
  const isVector = output.slice(0, -1).every((size) => size === 1);
  const fixes = isVector
    ? classCountFixes(document, analysis, outputNode, count)
    : headFixes(document, outputNode, output, count);
  return [valueCountDiffers(outputNode, found, count, fixes)];
}

/**
 * Whether a network answers with a picture of the size that is to be learned, `[height, width, channels]`. `others` are fixes that are
 * offered beside those of the last layer.
 */
export function checkTarget(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  outputNode: string,
  target: readonly number[],
  others: readonly Fix[] = [],
): readonly Diagnostic[] {
  const output = analysis.nodes.get(outputNode)?.outputShape ?? [];
  if (output.join() === target.join()) return [];
  const [height = 0, width = 0, channels = 0] = target;
  const isImage = output.length === 3;
  const sameSize = isImage && output[0] === height && output[1] === width;
  const fixes = sameSize
    ? classCountFixes(document, analysis, outputNode, channels)
    : isImage
      ? [...others, ...enlargingFixes(document, outputNode, output, target)]
      : [];
  return [targetSizeDiffers(outputNode, output, target, fixes)];
}

/** Up-conv to the size of the target, where that is a whole number of times larger. */
function enlargingFixes(
  document: NetworkDocument,
  outputNode: string,
  output: Shape,
  [height = 0, width = 0, channels = 0]: readonly number[],
): readonly Fix[] {
  const strides = [height / (output[0] ?? 1), width / (output[1] ?? 1)];
  if (!strides.every((times) => Number.isInteger(times) && times <= 8)) return [];
  const params = { filters: channels, kernelSize: strides, strides };
  const node = { id: freshNodeId(document, 'upconv'), kind: 'upconv', params };
  const times = strides.join('×');
  return [
    {
      title: text(`Add an up-conv of strides ${times}`, `添加步长为 ${times} 的上卷积`),
      edits: [{ type: 'insertAfter', after: outputNode, node }],
    },
  ];
}

/** Ways to end feature maps in one vector of scores: GAP (with an FC where the channels are not yet the classes), or FC alone. */
function headFixes(document: NetworkDocument, outputNode: string, output: Shape, classCount: number): readonly Fix[] {
  const gap = { id: freshNodeId(document, 'gap'), kind: 'gap', params: {} };
  const fc = { id: freshNodeId(document, 'fc'), kind: 'fc', params: { units: classCount } };
  const channels = output.at(-1) ?? 0;
  const values = output.reduce<number>((product, size) => product * (size ?? 0), 1);
  const gapOnly: Fix = {
    title: text(`Add GAP (${channels} values)`, `添加全局池化（${channels} 个值）`),
    edits: [{ type: 'insertAfter', after: outputNode, node: gap }],
    paramsDelta: 0,
  };
  const gapAndFc: Fix = {
    title: text(`Add GAP and FC ${classCount}`, `添加全局池化和全连接 ${classCount}`),
    edits: [
      { type: 'insertAfter', after: outputNode, node: gap },
      { type: 'insertAfter', after: gap.id, node: fc },
    ],
    paramsDelta: (channels + 1) * classCount,
  };
  const fcOnly: Fix = {
    title: text(
      `Add FC ${classCount} on all ${formatCount(values)} values`,
      `在全部 ${formatCount(values)} 个值上添加全连接 ${classCount}`,
    ),
    edits: [{ type: 'insertAfter', after: outputNode, node: fc }],
    paramsDelta: (values + 1) * classCount,
  };
  return channels === classCount ? [gapOnly, fcOnly] : [gapAndFc, fcOnly];
}

/** Sets the number of units or filters on the node that decides the last axis, passing back over those that keep it. */
function classCountFixes(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  outputNode: string,
  classCount: number,
): readonly Fix[] {
  const last = analysis.nodes.get(outputNode)?.outputShape?.at(-1);
  for (let id: string | undefined = outputNode; id !== undefined;) {
    const node = analysis.nodes.get(id);
    const param = ['units', 'filters'].find((name) => node?.definition?.params[name] !== undefined);
    if (param !== undefined) {
      return [
        {
          title: text(`Set ${param} of ${id} to ${classCount}`, `把 ${id} 的 ${param} 设为 ${classCount}`),
          edits: [{ type: 'setParams', id, params: { [param]: classCount } }],
        },
      ];
    }
    const [source, ...others]: readonly string[] = sourcesOf(document, id);
    const keeps =
      others.length === 0 && source !== undefined && analysis.nodes.get(source)?.outputShape?.at(-1) === last;
    id = keeps ? source : undefined;
  }
  return [];
}
