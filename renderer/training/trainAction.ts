import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { RunState } from '../../shared/training/runState';
import { isRunActive } from '../../shared/training/runState';
import { showProblem } from '../problems/showProblem';
import { askForData, trainingProblems } from '../problems/trainingFindings';
import type { ProjectState, Session } from '../session';
import { currentHost, showDockTab } from '../store';
import { beginTraining } from './beginning';
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
  /** What `trainingProblems` says. */
  readonly training: readonly Diagnostic[];
};

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/** The first thing that keeps the network from being trained: an error of its own, else one of its settings or its data. */
export function firstObstacle({ project, training }: Pick<TrainState, 'project' | 'training'>): Diagnostic | null {
  return project.analysis.diagnostics.find(isError) ?? training.find(isError) ?? null;
}

/** Decides for the Train button, its keys and the command palette alike. */
export function decideTraining({ run, project, hasHost, training }: TrainState): TrainAction {
  if (isRunActive(run)) return run.phase === 'stopping' || run.phase === 'requesting' ? 'wait' : 'stop';
  const { document } = project;
  const obstacle = firstObstacle({ project, training });
  // What is about no node is about the settings: it is mended there.
  if (obstacle !== null) return isOfSettings(obstacle) ? 'showSettings' : 'showProblems';
  return document.nodes.length === 0 || !hasHost ? 'wait' : 'train';
}

function isOfSettings({ at }: Diagnostic): boolean {
  return at.nodeId === undefined && at.path?.startsWith('train.') === true;
}

/** Trains the session's network or stops its run, whichever {@link decideTraining} says. */
export function trainOrStop(session: Session): void {
  const project = session.project.getState();
  const { document } = project;
  const training = trainingProblems(session);
  const hasHost = currentHost() !== null;
  const action = decideTraining({ run: session.run.getState(), project, hasHost, training });
  if (action === 'stop') void session.run.stop();
  const obstacle = firstObstacle({ project, training });
  if (action === 'showProblems' && obstacle !== null) {
    showDockTab('problems');
    showProblem(session, obstacle);
    // The data may have been mended outside since it was read.
    void askForData(session);
  }
  if (action === 'train' || action === 'showSettings') showDockTab('training');
  if (action === 'train') void beginTraining(session, trainingConfig(document, useEngines.getState().choice), document);
}
