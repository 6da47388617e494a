import type { Action } from './action';
import { editActions, insertActions } from './editActions';
import { fileActions } from './fileActions';
import { learnActions } from './learnActions';
import { moveActions } from './moveActions';
import { helpActions, runActions, viewActions } from './viewActions';
import { volumeActions } from './volumeActions';

export type { Action, ActionContext, ActionState } from './action';
export { actionState, useActionState, usePerform } from './state';

/** Everything that the user can do, each once. */
export const actions: readonly Action[] = [
  ...fileActions,
  ...editActions,
  ...runActions,
  ...viewActions,
  ...volumeActions,
  ...insertActions,
  ...moveActions,
  ...learnActions,
  ...helpActions,
];

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
