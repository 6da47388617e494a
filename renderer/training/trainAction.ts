import { checkSettings } from '../../shared/training/checkSettings';
import type { RunState } from '../../shared/training/runState';
import { isRunActive } from '../../shared/training/runState';
import type { ProjectState, Session } from '../session';
import { currentHost, showDockTab } from '../store';
import { useEngines } from './engineStore';
import { trainingConfig } from './useTrainingConfig';

/**
 * What the one training action does now: with errors or settings in the way it leads to them, and 'wait' means that it can do nothing
 * yet.
 */
export type TrainAction = 'train' | 'stop' | 'showProblems' | 'showSettings' | 'wait';

type TrainState = {
  readonly run: RunState;
  readonly project: Pick<ProjectState, 'document' | 'analysis'>;
  readonly hasHost: boolean;
};

/** Decides for the Train button, its keys and the command palette alike. */
export function decideTraining({ run, project, hasHost }: TrainState): TrainAction {
  if (isRunActive(run)) return run.phase === 'stopping' || run.phase === 'requesting' ? 'wait' : 'stop';
  const { document, analysis } = project;
  if (analysis.diagnostics.some((one) => one.severity === 'error')) return 'showProblems';
  if (document.nodes.length === 0 || !hasHost) return 'wait';
  // The engine is the machine's choice and never in the way; the rest is the document's.
  return checkSettings(trainingConfig(document, 'auto')).length > 0 ? 'showSettings' : 'train';
}

/** Trains the session's network or stops its run, whichever {@link decideTraining} says. */
export function trainOrStop(session: Session): void {
  const project = session.project.getState();
  const { document } = project;
  const action = decideTraining({ run: session.run.getState(), project, hasHost: currentHost() !== null });
  if (action === 'stop') void session.run.stop();
  if (action === 'showProblems') showDockTab('problems');
  if (action === 'train' || action === 'showSettings') showDockTab('training');
  if (action === 'train') void session.run.start(trainingConfig(document, useEngines.getState().choice), document);
}
