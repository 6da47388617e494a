import type { TrainingConfig } from '../../shared/schema/training';
import { checkSettings } from '../../shared/training/checkSettings';
import { isRunActive } from '../../shared/training/runState';
import { currentHost, showDockTab, startRun, stopRun, useProject, useRun } from '../store';
import { useEngines } from './engineStore';
import { trainingConfig } from './useTrainingConfig';

/**
 * What the one training action does now: with errors or settings in the way it leads to them, and 'wait' means that it can do nothing
 * yet.
 */
export type TrainAction = 'train' | 'stop' | 'showProblems' | 'showSettings' | 'wait';

/** The action that the Train button, its key and the command palette share. */
export function trainAction(): TrainAction {
  const run = useRun.getState();
  if (isRunActive(run)) return run.phase === 'stopping' || run.phase === 'requesting' ? 'wait' : 'stop';
  const { document, analysis } = useProject.getState();
  if (analysis.diagnostics.some((one) => one.severity === 'error')) return 'showProblems';
  if (document.nodes.length === 0 || currentHost() === null) return 'wait';
  return checkSettings(nextConfig()).length > 0 ? 'showSettings' : 'train';
}

/** The configuration that a run would have that is started now. */
function nextConfig(): TrainingConfig {
  return trainingConfig(useProject.getState().document, useEngines.getState().choice);
}

/** Trains the open network or stops its run, whichever {@link trainAction} says. */
export function trainOrStop(): void {
  const action = trainAction();
  if (action === 'stop') void stopRun();
  if (action === 'showProblems') showDockTab('problems');
  if (action === 'train' || action === 'showSettings') showDockTab('training');
  if (action === 'train') void startRun(nextConfig());
}
