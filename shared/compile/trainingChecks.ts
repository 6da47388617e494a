import { lossNetworkMissing } from '../diagnostics/catalog/perceptual';
import {
  channelsFirst,
  labelsLarger,
  softmaxOfLabels,
  softmaxOfOne,
  softmaxOfPicture,
  softmaxTwice,
  trainingNeedsWeights,
} from '../diagnostics/catalog/trainingAdvice';
import { headClamped } from '../diagnostics/catalog/traps';
import type { Diagnostic, Fix } from '../diagnostics/diagnostic';
import { channelsFor, hasNamedClasses, isOfClasses, targetAt, type Task } from '../schema/data';
import type { TrainingConfig } from '../schema/training';
import type { NetworkDocument } from '../schema/document';
import { expand, flatNetwork } from '../document/expand';
import { freshNodeId } from '../document/ids';
import type { Shape } from '../layers/define';
import { activationOf } from '../layers/activations';
import { functionParam } from '../layers/traits';
import { checkTarget, checkTask, checkValues, chooseOutput, withoutFunction } from './checks';
import { checkMixing } from './mixingChecks';
import { isLossOfScores, isLossOfValues, lossFor } from './losses';
import type { TrainingTask } from './losses';
import { taskFor } from './oneScore';
import { closeInputs } from './openSizes';
import { formatShape, text } from '../text';
import { analyzeWithoutFixes, baselineOf, wiringOf } from '../analysis/analyze';
import { withFixes } from '../analysis/fixes';
import type { NetworkAnalysis } from '../analysis/types';

/** What of a data set decides whether a network can learn it; `DataInfo` is one. */
export type TrainingData = {
  readonly task: Task;
  /** `[height, width, channels]` of one picture. */
  readonly inputShape: readonly number[];
  /** Of one picture that is to be learned, at pictures of `inputShape`; absent where none is. */
  readonly targetShape?: readonly number[];
  readonly classes: readonly string[];
  /** True where the classes are whole numbers, which may be learned as values. */
  readonly hasNumberClasses?: boolean;
  /** What the same data can be learned as instead, by the setting `annotations`. */
  readonly otherTask?: Task;
};

/** What of the settings decides it. */
export type TrainingChoices = Partial<
  Pick<TrainingConfig, 'output' | 'loss' | 'lossNetwork' | 'mixup' | 'cutmix' | 'batchSize'>
>;

/** A table has one column to learn, and nothing but tables has values. */
const valuesToLearn = 1;

/**
 * What a network learns of the data: whole numbers, such as one to five stars, are values and no classes where it is to give one number
 * under the mean squared or absolute error.
 */
export function taskOf(analysis: NetworkAnalysis, data: TrainingData, { output, loss }: TrainingChoices): Task {
  const chosen = chooseOutput(analysis, output);
  const isOfValues = loss !== undefined && loss !== 'auto' && isLossOfValues(loss);
  if (data.hasNumberClasses !== true || !isOfValues || !chosen.ok) return data.task;
  const answer = analysis.nodes.get(chosen.value)?.outputShape ?? [];
  return answer.length > 0 && answer.every((size) => size === 1) ? 'regression' : data.task;
}

/** A document may name an output to train that it does not have: that is known before any data are. Nothing of a network with errors. */
export function checkNamedOutput({ train }: NetworkDocument, analysis: NetworkAnalysis): readonly Diagnostic[] {
  if (train?.output === undefined || !analysis.ok || analysis.nodes.size === 0) return [];
  const chosen = chooseOutput(analysis, train.output);
  return chosen.ok ? [] : chosen.diagnostics;
}

/**
 * What keeps a network from learning a data set, or makes it learn badly: the head, the classes, the size of the answer, the
 * order of channels, a softmax too many. An input with open sizes is taken at the data's. Empty for a network with errors, whose
 * own findings come first. `choices.output` names the node to train where there are several.
 */
export function checkTraining(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  data: TrainingData,
  choices: TrainingChoices = {},
): readonly Diagnostic[] {
  if (!analysis.ok || analysis.nodes.size === 0) return [];
  const { document: closed, analysis: closedAnalysis } = closeInputs(document, analysis, data.inputShape);
  if (!closedAnalysis.ok) return closedAnalysis.diagnostics.filter(({ severity }) => severity === 'error');
  const withFindings = (changed: NetworkDocument): NetworkAnalysis => {
    const after = analyzeWithoutFixes(changed, closedAnalysis);
    const problems = findProblems(flatNetwork(changed), after, data, choices);
    return { ...after, diagnostics: [...after.diagnostics, ...problems] };
  };
  const expansion = expand(closed);
  const findings = findProblems(expansion.document, closedAnalysis, data, choices);
  const wiring = wiringOf(closedAnalysis);
  const [input] = closedAnalysis.inputs;
  const inputShape = closedAnalysis.nodes.get(input ?? '')?.outputShape ?? data.inputShape;
  const mixing = checkMixing({ task: taskOf(closedAnalysis, data, choices), inputShape }, choices);
  if (wiring === null) return [...findings, ...mixing];
  const context = {
    source: closed,
    document: expansion.document,
    expansion,
    analysis: { ...closedAnalysis, diagnostics: [...closedAnalysis.diagnostics, ...findings] },
    wiring,
    baseline: baselineOf(closedAnalysis),
    analyze: withFindings,
  };
  const tried = (finding: Diagnostic): Diagnostic => withSettingFixes(withFixes(context, finding), finding);
  return [...findings.map((finding) => withAnnotationFix(tried(finding), data)), ...mixing];
}

function findProblems(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  given: TrainingData,
  choices: TrainingChoices,
): readonly Diagnostic[] {
  const chosen = chooseOutput(analysis, choices.output);
  if (!chosen.ok) return chosen.diagnostics;
  const outputNode = chosen.value;
  const inputNode = analysis.inputs[0];
  if (inputNode === undefined) return [];
  const data = { ...given, task: taskOf(analysis, given, choices) };
  const answer = analysis.nodes.get(outputNode)?.outputShape ?? [];
  const picture = analysis.nodes.get(inputNode)?.outputShape ?? [];
  const swapped = checkChannels(inputNode, picture, data);
  // With height and channels swapped, everything behind comes out wrong for that one cause.
  if (swapped !== null) return [swapped];
  if (analysis.totals.trainableParams === 0) return [trainingNeedsWeights()];
  const task = taskFor({ kind: data.task, classCount: data.classes.length }, answer);
  const loss = lossFor(task, choices.loss ?? 'auto');
  return [
    ...(data.task === 'regression' ? checkValues(document, analysis, outputNode, valuesToLearn) : []),
    ...checkPicture(document, analysis, { inputNode, outputNode, picture, answer, data }),
    ...checkTask(document, analysis, { task, loss, inputNode, outputNode }),
    ...(loss === 'perceptual' && data.task === 'image-to-image' && choices.lossNetwork === undefined
      ? [lossNetworkMissing()]
      : []),
    ...checkLabels(document, analysis, { inputNode, outputNode, picture, answer, data }),
    ...checkSoftmax(document, analysis, outputNode, task),
    // One channel that is too few for the classes is to become several, without what held it.
    ...(isLossOfScores(loss) && (answer.at(-1) !== 1 || task.hasOneScore === true)
      ? checkHead(analysis, outputNode, task)
      : []),
  ];
}

/** Other settings cannot be tried out as other networks are: a finding's own mends by settings stand before what was tried. */
function withSettingFixes(tried: Diagnostic, { fixes }: Diagnostic): Diagnostic {
  const settings = fixes.filter(({ edits }) => edits.every(({ type }) => type === 'setTraining'));
  if (settings.length === 0) return tried;
  return {
    ...tried,
    get fixes() {
      return [...settings, ...tried.fixes.filter(({ title }) => settings.every((own) => own.title.en !== title.en))];
    },
  };
}

/** Findings that the network's answer is none to the task of the data. */
const taskMisfits: readonly string[] = ['train/not-per-pixel', 'train/head-is-image'];

/**
 * Annotations make masks or classes: where the network answers with the one, they need not be learned as the other. Other data cannot be
 * tried out as other networks are.
 */
function withAnnotationFix(finding: Diagnostic, { otherTask }: TrainingData): Diagnostic {
  if (otherTask === undefined || !taskMisfits.includes(finding.code)) return finding;
  const annotations = otherTask === 'classification' ? 'classes' : otherTask === 'multi-label' ? 'labels' : 'masks';
  const title = {
    classes: text('Learn the classes of the pictures', '学习图像的类别'),
    labels: text('Learn all classes of each picture', '学习每幅图像的全部类别'),
    masks: text('Learn masks of the outlines', '学习轮廓掩码'),
  }[annotations];
  const fix: Fix = { title, edits: [{ type: 'setTraining', train: { annotations } }] };
  return {
    ...finding,
    get fixes() {
      return [fix, ...finding.fixes];
    },
  };
}

function checkChannels(inputNode: string, picture: Shape, { inputShape }: TrainingData): Diagnostic | null {
  const [height, width, channels] = inputShape;
  if (picture.length !== 3 || height === undefined || width === undefined || channels === undefined) return null;
  const isExpected = picture[2] === channels;
  const isSwapped = picture[0] === channels && picture[1] === height && picture[2] === width;
  if (isExpected || !isSwapped) return null;
  return channelsFirst(inputNode, formatShape(picture), picture[0] ?? 1, picture[2] ?? 1, [
    {
      title: text(`Use ${formatShape(inputShape)}`, `改为 ${formatShape(inputShape)}`),
      edits: [{ type: 'setParams', id: inputNode, params: { shape: [height, width, channels] } }],
    },
  ]);
}

type Labels = {
  readonly inputNode: string;
  readonly outputNode: string;
  readonly picture: Shape;
  readonly answer: Shape;
  readonly data: TrainingData;
};

/** Convolutions without padding answer for the middle of the picture only (U-Net: 572 in, 388 out). */
function checkLabels(document: NetworkDocument, analysis: NetworkAnalysis, labels: Labels): readonly Diagnostic[] {
  const { inputNode, outputNode, picture, answer, data } = labels;
  if (data.task !== 'segmentation' || answer.length !== 3) return [];
  const [inHeight = 0, inWidth = 0] = picture.map((size) => size ?? 0);
  const [outHeight = 0, outWidth = 0] = answer.map((size) => size ?? 0);
  if (outHeight >= inHeight && outWidth >= inWidth) return [];
  const valid = unpaddedConvs(analysis);
  const same = samePaddingFix(valid);
  const lost = [inHeight - outHeight, inWidth - outWidth] as const;
  return [
    labelsLarger(outputNode, formatShape(picture.slice(0, 2)), formatShape(answer.slice(0, 2)), valid.length, lost, [
      ...mirrorFixes(document, { inputNode, outputNode, lost }),
      same,
    ]),
  ];
}

function unpaddedConvs(analysis: NetworkAnalysis): readonly string[] {
  return [...analysis.nodes.values()].flatMap(({ id, definition, params }) =>
    definition?.traits.role === 'convolution' && params?.['padding'] === 'valid' && !isPointwise(params['kernelSize'])
      ? [id]
      : [],
  );
}

function samePaddingFix(convs: readonly string[]): Fix {
  return {
    title: text('Same padding in all convs', '所有卷积改用 same 填充'),
    edits: convs.map((id) => ({ type: 'setParams', id, params: { padding: 'same' } })),
  };
}

/** A picture that is learned must have the size of the answer: values of pixels cannot be cut as labels are, or counted as classes. */
function checkPicture(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  { outputNode, picture, answer, data: { inputShape, targetShape } }: Labels,
): readonly Diagnostic[] {
  if (targetShape === undefined) return [];
  const [height = 0, width = 0, own = 1] = targetAt({ inputShape, targetShape }, picture);
  // Grey becomes colours and colours grey as a network has it; other channels nothing can be made of.
  const wanted = [height, width, channelsFor(own, answer[2])];
  const valid = unpaddedConvs(analysis);
  const isSmaller = valid.length > 0 && [0, 1].every((axis) => (answer[axis] ?? 0) < (wanted[axis] ?? 0));
  return checkTarget(document, analysis, outputNode, wanted, isSmaller ? [samePaddingFix(valid)] : []);
}

/** Mirrors a border around the picture that the convolutions then eat, and cuts what is left over off the answer. */
function mirrorFixes(
  document: NetworkDocument,
  {
    inputNode,
    outputNode,
    lost,
  }: Pick<Labels, 'inputNode' | 'outputNode'> & { readonly lost: readonly [number, number] },
): readonly Fix[] {
  const pad = freshNodeId(document, 'pad');
  const crop = freshNodeId(document, 'crop');
  const side = Math.ceil(Math.max(...lost) / 2);
  // The enlarged picture must be a size that the network takes, so a few widths are tried.
  return Array.from({ length: 33 }, (_, extra) => {
    const border = side + extra;
    return {
      title: text(`Mirror ${border} pixels around the input`, `在输入四周镜像 ${border} 个像素`),
      edits: [
        {
          type: 'insertAfter',
          after: inputNode,
          node: {
            id: pad,
            kind: 'pad',
            params: { top: border, bottom: border, left: border, right: border, mode: 'reflect' },
          },
        },
        { type: 'insertAfter', after: outputNode, node: { id: crop, kind: 'crop', params: {} } },
        { type: 'connect', edge: { from: inputNode, to: crop, toPort: 1 } },
      ],
    };
  });
}

function isPointwise(kernelSize: unknown): boolean {
  return Array.isArray(kernelSize) && kernelSize.every((size) => size === 1);
}

/** How far apart the scores of functions that saturate can get. */
const scoreSpans: { readonly [name: string]: number } = { sigmoid: 1, hardsigmoid: 1, tanh: 2 };

/** The same of one score, which stands for two at most so far apart as it is from 0; a sigmoid is what is wanted of it. */
const oneScoreSpans: { readonly [name: string]: number } = { hardsigmoid: 1, tanh: 1 };

/** A head whose scores are held within bounds: a cross-entropy of ten classes behind a sigmoid ends at 1.4612. */
function checkHead(
  analysis: NetworkAnalysis,
  outputNode: string,
  { kind, classCount, hasOneScore }: TrainingTask,
): readonly Diagnostic[] {
  const node = analysis.nodes.get(outputNode);
  const param = functionParam(node?.definition);
  const name = activationOf(param === null ? null : node?.params?.[param]);
  const span = hasOneScore === true ? oneScoreSpans[name] : scoreSpans[name];
  if (!isOfClasses(kind) || param === null || span === undefined || classCount < 2) return [];
  const floor = Math.log(1 + (classCount - 1) * Math.exp(-span));
  const linear: Fix = {
    title: text(`Make “${outputNode}” linear`, `将“${outputNode}”的激活改为线性`),
    edits: [{ type: 'setParams', id: outputNode, params: { [param]: 'linear' } }],
  };
  return [headClamped(outputNode, name, { floor, classCount }, [linear])];
}

function checkSoftmax(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  outputNode: string,
  { kind, hasOneScore }: TrainingTask,
): readonly Diagnostic[] {
  const isPicture = kind === 'image-to-image';
  if (!isPicture && !hasNamedClasses(kind)) return [];
  const remove = withoutFunction(analysis, outputNode, 'softmax');
  if (remove === null) return [];
  if (hasOneScore === true) return [softmaxOfOne(outputNode, [remove])];
  if (isPicture) return [softmaxOfPicture(outputNode, [remove])];
  if (kind === 'multi-label') return [softmaxOfLabels(outputNode, [remove])];
  return document.nodes.length > 1 ? [softmaxTwice(outputNode, [remove])] : [];
}
