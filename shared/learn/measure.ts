import { analyzeNetwork } from '../analysis/analyze';
import { findNode } from '../analysis/blocks';
import { compareNetworks } from '../analysis/compare';
import type { NetworkAnalysis } from '../analysis/types';
import { applyEdits } from '../editing/applyEdits';
import type { NetworkDocument } from '../schema/document';
import { defaultTrainingConfig, type TrainingFieldName } from '../schema/training';
import type { RunEvent } from '../training/events';
import type { Experiment, Measure, Trial } from './experiment';

/** A document whose nodes have no places, so that it is laid out as what it has become. */
function unplaced(document: NetworkDocument): NetworkDocument {
  return { ...document, nodes: document.nodes.map(({ position: _, ...node }) => node) };
}

/** A measure that needs no training, of an analysed network; null where it is not known, or only a run can say it. */
export function measureNetwork(measure: Measure, analysis: NetworkAnalysis): number | null {
  switch (measure.of) {
    case 'params':
      if (measure.node === undefined) return analysis.totals.params;
      return findNode(analysis, measure.node)?.paramCount ?? null;
    case 'macs':
      return measure.node === undefined ? analysis.totals.macs : (findNode(analysis, measure.node)?.macs ?? null);
    case 'height':
      return findNode(analysis, measure.node)?.outputShape?.[0] ?? null;
    case 'receptiveField':
      return findNode(analysis, measure.node)?.receptiveField?.size[0] ?? null;
    case 'findings':
      return analysis.diagnostics.filter(({ code }) => code === measure.code).length;
    default:
      return null;
  }
}

/** A measure of a run, by the last epoch that it ended; null where a run does not tell it. */
export function measureRun(
  measure: Measure,
  { loss, valLoss, valAccuracy, valMeanIou, valPsnr }: RunEvent & { readonly type: 'epoch' },
) {
  switch (measure.of) {
    case 'accuracy':
      return valAccuracy;
    case 'meanIou':
      return valMeanIou;
    case 'psnr':
      return valPsnr ?? null;
    case 'loss':
      return loss;
    case 'valLoss':
      return valLoss;
    case 'gap':
      return valLoss - loss;
    default:
      return null;
  }
}

/** A trial with its network. */
export type TrialNetwork = {
  readonly trial: Trial;
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
};

/** All networks of an experiment. A trial that cannot be built is a mistake in the lesson. */
export function trialNetworks(template: NetworkDocument, experiment: Experiment): readonly TrialNetwork[] {
  return experiment.trials.map((trial) => {
    const built = applyEdits(unplaced(template), [...experiment.prepare, ...trial.edits]);
    if (!built.ok) throw new Error(`Trial ${trial.id}: ${built.diagnostics[0]?.summary.en ?? ''}`);
    return { trial, document: built.value, analysis: analyzeNetwork(built.value) };
  });
}

/** The settings of training in which the trials differ: those that a network on the canvas must share to be one of them. */
function variedSettings({ trials }: Experiment): readonly TrainingFieldName[] {
  const names = Object.keys(defaultTrainingConfig) as TrainingFieldName[];
  return names.filter((name) =>
    trials.some(({ edits }) => edits.some((edit) => edit.type === 'setTraining' && name in edit.train)),
  );
}

/** The trial whose network this is, whatever its nodes are called and wherever they stand; null when it is none of them. */
export function findTrial(
  experiment: Experiment,
  networks: readonly TrialNetwork[],
  document: NetworkDocument,
  analysis: NetworkAnalysis,
): TrialNetwork | null {
  const settings = variedSettings(experiment);
  const settingOf = (one: NetworkDocument, name: TrainingFieldName) =>
    ({ ...defaultTrainingConfig, ...one.train })[name];
  return (
    networks.find(
      (trial) =>
        settings.every((name) => settingOf(trial.document, name) === settingOf(document, name)) &&
        isSameNetwork(trial.analysis, analysis),
    ) ?? null
  );
}

function isSameNetwork(a: NetworkAnalysis, b: NetworkAnalysis): boolean {
  // Cheap, and almost always enough: the comparison is quadratic.
  if (a.order.length !== b.order.length || a.totals.params !== b.totals.params) return false;
  return compareNetworks(a, b).sameCount === a.order.length;
}
