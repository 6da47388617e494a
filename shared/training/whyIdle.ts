import {
  batchNormOfOne,
  classNotTrained,
  deadUnits,
  gradientVanishes,
  labelsDisagree,
  labelsUnrelated,
  notLearning,
  oneClassAnswered,
  rateTooLarge,
  rateTooSmall,
  inputUnscaled,
  signalLost,
  tooFewSteps,
} from '../diagnostics/catalog/learning';
import type { IdleEpoch } from '../diagnostics/catalog/learning';
import type { Diagnostic } from '../diagnostics/diagnostic';
import type { Edit } from '../schema/edits';
import type { OptimizerName, TrainingConfig } from '../schema/training';

/** How a network stands in one layer, at the start and now. Sizes are root mean squares. */
export type LayerEvidence = {
  readonly nodeId: string;
  readonly hasKernel: boolean;
  /** Of what leaves it at the start. */
  readonly signal: number;
  /** Of its kernel's gradient now; null where it has none that is trained. */
  readonly gradient: number | null;
  /** Share of its units that give 0 for every sample, at the start and now; null where units cannot die. */
  readonly dead: { readonly before: number; readonly now: number } | null;
};

/** How some samples are answered now, as the network is used. Fractions. */
export type AnswerEvidence = {
  readonly accuracy: number;
  /** The commonest answer, its share of the answers, and the share of the labels that are it. */
  readonly commonest: { readonly name: string; readonly answered: number; readonly share: number };
  /** Accuracy if every answer were read as the label that it mostly meets; `shift` where that is the same distance for all. */
  readonly renamed: { readonly accuracy: number; readonly shift: number | null };
};

/** What was measured of a run that learned nothing in an epoch. */
export type Evidence = {
  readonly idle: IdleEpoch;
  readonly config: Pick<TrainingConfig, 'learningRate' | 'optimizer' | 'batchSize' | 'epochs'>;
  readonly steps: number;
  readonly firstLoss: number;
  /** Mean over the epoch's steps. */
  readonly trainLoss: number;
  /** Of some training samples at its end, as the network is used. */
  readonly lossNow: number;
  /** While training; null for numbers. */
  readonly trainAccuracy: number | null;
  /** The loss of an answer that knows how often each label comes, and looks at nothing. */
  readonly chanceLoss: number;
  /** The accuracy of that answer on the training samples; null for numbers. */
  readonly chanceAccuracy: number | null;
  /** How far the kernels went from where they began, as a share of their length there. */
  readonly moved: number;
  /** In the order in which values flow. */
  readonly layers: readonly LayerEvidence[];
  /** The norm of batch statistics whose channels have the fewest values in a batch, if there is one. */
  readonly batchNorm: { readonly nodeId: string; readonly values: number } | null;
  /** Null for numbers. */
  readonly answers: { readonly training: AnswerEvidence; readonly validation: AnswerEvidence } | null;
  /** Classes of validation labels that training lacks, and their share of those labels. */
  readonly missing: { readonly classes: readonly string[]; readonly share: number };
  /** What the first node with a kernel is fed: its root mean square. Null where that is not known. */
  readonly fedToFirst: { readonly nodeId: string; readonly size: number } | null;
  /** What makes all kernels start by what follows them; empty where they do. */
  readonly autoStart: readonly Edit[];
};

/** A rate so many times the usual one, with which kernels went farther than they are long, explains what else has no cause. */
const wildRate = 10;
/** Kernels that went less than this share of their length are those that the run began with. */
const hardlyMoved = 0.01;
/** A signal or a gradient that gets so many times smaller on its way is lost. */
const lost = 1e-4;
/** Kernels start for values of about 1; pixels that were not divided by 255 are a hundred times that. */
const unscaledSize = 20;
/** A starting signal may fade or grow by this from the first to the last kernel. */
const faded = 0.02;
/** A layer of which this share of units is dead passes nothing on. */
const mostlyDead = 0.9;
/** A loss up to this many times that of chance has come down to it. */
const nearChance = 1.1;
/** A loss below this share of that of chance knows the samples. */
const byHeartShare = 0.8;
/** After fewer steps than these a network that learns looks like one that does not. */
const tellingSteps = 10;
/** That nothing is to be found is told later than all else: a loss sinks slowly at first, and in the sum over many labels slowest. */
const searchedSteps = 100;
/** Learning rates that suit most networks, beyond which none is advised. */
const usualRates: { readonly [K in OptimizerName]: number } = {
  adam: 0.002,
  adamW: 0.002,
  momentum: 0.01,
  nesterov: 0.01,
  rmsProp: 0.001,
  adagrad: 0.01,
  sgd: 0.1,
};

type Cause = (evidence: Evidence) => Diagnostic | null;

/** Says why an epoch taught nothing: the first of the known causes that the numbers show, surest first. */
export function explainIdle(evidence: Evidence): Diagnostic {
  for (const cause of causes) {
    const found = cause(evidence);
    if (found !== null) return found;
  }
  return notLearning(evidence.idle);
}

const causes: readonly Cause[] = [
  missingClass,
  smallBatch,
  largeInput,
  wrongStart,
  namesExchanged,
  deadLayer,
  longSteps,
  lostGradient,
  shortSteps,
  fewSteps,
  learnedByHeart,
  commonestOnly,
  stillFalling,
  wildSteps,
  unrelated,
];

function missingClass({ idle, missing }: Evidence): Diagnostic | null {
  return missing.share >= 0.1 ? classNotTrained(idle, missing) : null;
}

function largeInput({ idle, fedToFirst }: Evidence): Diagnostic | null {
  return fedToFirst !== null && fedToFirst.size > unscaledSize ? inputUnscaled(idle, fedToFirst) : null;
}

function wrongStart({ idle, layers, autoStart }: Evidence): Diagnostic | null {
  const kernels = layers.filter(({ hasKernel }) => hasKernel);
  const [first] = kernels;
  const last = kernels.at(-1);
  if (first === undefined || last === undefined) return null;
  const silent = kernels.find(({ signal }) => signal === 0);
  const end = silent ?? last;
  const ratio = first.signal === 0 ? 0 : end.signal / first.signal;
  if (ratio >= faded && ratio <= 1 / faded) return null;
  return signalLost(idle, { nodeId: end.nodeId, first: first.signal, last: end.signal, edits: autoStart });
}

/** What the network learns of the samples that it is trained on, above chance: null for numbers. */
function isAbove(accuracy: number | null, chance: number | null): boolean {
  return accuracy !== null && chance !== null && accuracy > chance + 0.2 * (1 - chance);
}

function smallBatch({ idle, batchNorm, config, answers, ...run }: Evidence): Diagnostic | null {
  if (batchNorm === null) return null;
  const { nodeId, values } = batchNorm;
  const learns = isAbove(run.trainAccuracy, run.chanceAccuracy);
  const isLost = learns && answers !== null && !isAbove(answers.training.accuracy, run.chanceAccuracy);
  if (values > 1 && !isLost) return null;
  const whileTraining = learns ? run.trainAccuracy : null;
  return batchNormOfOne(idle, { nodeId, values, batchSize: config.batchSize, whileTraining });
}

function namesExchanged({ idle, answers, chanceAccuracy }: Evidence): Diagnostic | null {
  if (answers === null || !isAbove(answers.training.accuracy, chanceAccuracy)) return null;
  const { renamed } = answers.validation;
  const trained = answers.training.accuracy;
  if (renamed.accuracy < 0.6 * trained || !isAbove(renamed.accuracy, chanceAccuracy)) return null;
  return labelsDisagree(idle, { trained, renamed: renamed.accuracy, shift: renamed.shift });
}

function deadLayer({ idle, layers, config }: Evidence): Diagnostic | null {
  const found = layers.find(({ dead }) => dead !== null && dead.now >= mostlyDead && dead.now > dead.before);
  if (found?.dead == null) return null;
  const { now, before } = found.dead;
  return deadUnits(idle, { nodeId: found.nodeId, share: now, before, learningRate: config.learningRate });
}

function lostGradient({ idle, layers }: Evidence): Diagnostic | null {
  const trained = layers.flatMap(({ nodeId, gradient }) => (gradient === null ? [] : [{ nodeId, gradient }]));
  const [first] = trained;
  const last = trained.at(-1);
  if (first === undefined || last === undefined || last.gradient === 0) return null;
  if (first.gradient > lost * last.gradient) return null;
  return gradientVanishes(idle, { nodeId: first.nodeId, first: first.gradient, last: last.gradient });
}

function shortSteps({ idle, config, steps, moved }: Evidence): Diagnostic | null {
  const usual = usualRates[config.optimizer];
  if (moved >= hardlyMoved || config.learningRate >= usual) return null;
  const better = moved === 0 ? usual : Math.min(usual, (config.learningRate * 0.2) / moved);
  return rateTooSmall(idle, { learningRate: config.learningRate, steps, moved, better });
}

function longSteps({ idle, config, firstLoss, trainLoss, chanceLoss, moved }: Evidence): Diagnostic | null {
  if (trainLoss < 1.5 * Math.max(firstLoss, chanceLoss)) return null;
  return rateTooLarge(idle, { learningRate: config.learningRate, loss: trainLoss, chance: chanceLoss, moved });
}

function fewSteps(evidence: Evidence): Diagnostic | null {
  return evidence.steps < tellingSteps ? tooEarly(evidence, 3 * tellingSteps) : null;
}

/** There were too few steps for any judgement; `enough` of them are offered at least. */
function tooEarly({ idle, steps, firstLoss, lossNow, chanceLoss, config }: Evidence, enough: number): Diagnostic {
  const epochs = Math.max(3 * config.epochs, Math.ceil((enough * idle.epoch) / Math.max(1, steps)));
  return tooFewSteps(idle, { steps, first: firstLoss, loss: lossNow, chance: chanceLoss, epochs, isTooEarly: true });
}

function wildSteps({ idle, config, trainLoss, chanceLoss, moved }: Evidence): Diagnostic | null {
  const { learningRate, optimizer } = config;
  if (learningRate < wildRate * usualRates[optimizer] || moved < 1) return null;
  return rateTooLarge(idle, { learningRate, loss: trainLoss, chance: chanceLoss, moved });
}

function learnedByHeart({ idle, answers, lossNow, chanceLoss, chanceAccuracy }: Evidence): Diagnostic | null {
  const trained = answers?.training.accuracy ?? null;
  const byHeart = trained === null ? lossNow < byHeartShare * chanceLoss : isAbove(trained, chanceAccuracy);
  return byHeart ? labelsUnrelated(idle, { trained, loss: lossNow, chance: chanceLoss, byHeart }) : null;
}

function commonestOnly({ idle, answers, config }: Evidence): Diagnostic | null {
  if (answers === null) return null;
  const { name, answered, share } = answers.validation.commonest;
  return answered >= 0.98 && share >= 0.6
    ? oneClassAnswered(idle, { name, answered, share, epochs: config.epochs })
    : null;
}

function stillFalling({ idle, steps, firstLoss, lossNow, chanceLoss, config }: Evidence): Diagnostic | null {
  if (lossNow > 0.95 * firstLoss || lossNow < nearChance * chanceLoss) return null;
  const facts = { steps, first: firstLoss, loss: lossNow, chance: chanceLoss, isTooEarly: false };
  return tooFewSteps(idle, { ...facts, epochs: 3 * config.epochs });
}

function unrelated(evidence: Evidence): Diagnostic | null {
  const { idle, answers, steps, lossNow, chanceLoss } = evidence;
  if (lossNow > nearChance * chanceLoss || lossNow < byHeartShare * chanceLoss) return null;
  if (steps < searchedSteps) return tooEarly(evidence, searchedSteps);
  const trained = answers?.training.accuracy ?? null;
  return labelsUnrelated(idle, { trained, loss: lossNow, chance: chanceLoss, byHeart: false });
}
