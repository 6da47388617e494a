import { focusOf, rootOf } from '../session';
import type { Action, ActionGroup } from './action';
import { buildActions } from './buildActions';
import { blockActions } from './blockActions';
import { editActions, insertActions } from './editActions';
import { fileActions } from './fileActions';
import { frameActions } from './frameActions';
import { historyActions } from './historyActions';
import { learnActions } from './learnActions';
import { moveActions } from './moveActions';
import { movingActions } from './movingActions';
import { seeingActions } from './seeingActions';
import { tabActions } from './tabActions';
import { helpActions, runActions, viewActions } from './viewActions';
import { volumeActions } from './volumeActions';

export type { Action, ActionContext, ActionState } from './action';
export { actionState, useActionState, usePerform } from './state';

/** What is about the network as a whole, wherever in its blocks the canvas is. */
const ofNetwork: ReadonlySet<ActionGroup> = new Set(['file', 'run', 'learn', 'help']);

/** An action on the session that it is about: the network's, or that of the block on the canvas. */
function onItsSession(action: Action): Action {
  return {
    ...action,
    perform: ({ workspace, session }) =>
      action.perform({ workspace, session: ofNetwork.has(action.group) ? rootOf(session) : focusOf(session) }),
  };
}

/** Everything that the user can do, each once. */
export const actions: readonly Action[] = [
  ...fileActions,
  ...tabActions,
  ...editActions,
  ...buildActions,
  ...historyActions,
  ...blockActions,
  ...frameActions,
  ...runActions,
  ...viewActions,
  ...volumeActions,
  ...seeingActions,
  ...insertActions,
  ...moveActions,
  ...movingActions,
  ...learnActions,
  ...helpActions,
].map(onItsSession);

const byId = new Map(actions.map((action) => [action.id, action]));

/** The action of an id from outside, such as the native menu's. */
export function findAction(id: string): Action | undefined {
  return byId.get(id);
}

/** The action of an id that this code names itself. */
export function actionOf(id: string): Action {
  const action = byId.get(id);
  if (action === undefined) throw new Error(`There is no action ${id}.`);
  return action;
}

/** The shown keys of an action, as props to spread; none where it has none. */
export function keysOf(action: Action): { readonly keys?: string } {
  const [keys] = action.shortcuts ?? [];
  return keys === undefined ? {} : { keys };
}
