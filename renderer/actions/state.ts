import { flowOf, useFlow } from '../canvas/flow';
import { selectedFrameIds, useFrameState } from '../canvas/frameStore';
import { trainingProblems, useTrainingProblems } from '../problems/trainingFindings';
import type { Session } from '../session';
import { focusOf, levelOf, rootOf, useLevel, useProject, useRun, useSession, useWorkspace } from '../session';
import { useHost } from '../store/host';
import { useUi } from '../store/ui';
import type { Action, ActionState } from './action';
import { windowState } from './action';

/** The state that actions on a session are decided by. */
export function actionState(session: Session): ActionState {
  const focus = focusOf(session);
  return {
    project: focus.project.getState(),
    run: session.run.getState(),
    level: levelOf(session),
    selectedFrames: selectedFrameIds(focus),
    hasSelectedWires: flowOf(focus).selectedEdges().length > 0,
    training: trainingProblems(rootOf(session)),
    ...windowState(),
  };
}

/** As {@link actionState}, of this component's session; renders again when it changes. */
export function useActionState(): ActionState {
  return {
    project: useProject((state) => state),
    run: useRun(),
    ui: useUi(),
    level: useLevel(),
    hasHost: useHost((state) => state.status === 'ready'),
    training: useTrainingProblems(),
    selectedFrames: useFrameState(({ selected }) => selected),
    hasSelectedWires: useFlow(({ edges }) => edges.some((edge) => edge.selected === true)),
  };
}

/** Does an action on this component's session, if it applies. */
export function usePerform(): (action: Action) => void {
  const workspace = useWorkspace();
  const session = useSession();
  return (action) => {
    if (action.applies(actionState(session))) action.perform({ workspace, session });
  };
}
