import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Session } from '../session';
import { sessionPart, useProject, useSession } from '../session';
import type { UiState } from '../store/ui';
import { remember, useUi } from '../store/ui';
import { wiringState } from './wiring';

/** Whose receptive field is shown: of the node that the pointer rests on, or, once it is held, of the one that is selected. */
type Field = { readonly pointed: string | null; readonly isHeld: boolean };

type FieldPart = { readonly store: ReturnType<typeof createField>; timer: ReturnType<typeof setTimeout> | undefined };

function createField() {
  return createStore<Field>(() => ({ pointed: null, isHeld: false }));
}

const fieldOf = sessionPart((): FieldPart => ({ store: createField(), timer: undefined }));

/** Long enough that a pointer on its way over the canvas calls up nothing. */
const restMs = 500;
const key = 'canvas.fieldOnHover';

/** Whether resting on a node is enough. */
export function showsOnHover({ layout }: Pick<UiState, 'layout'>): boolean {
  return layout[key] !== false;
}

/** Has fields shown when the pointer rests on a node, or only when they are asked for. */
export function rememberOnHover(isWanted: boolean): void {
  remember(key, isWanted);
}

/** The pointer is on a node, or on none. */
export function pointAtNode(session: Session, id: string | null): void {
  const part = fieldOf(session);
  clearTimeout(part.timer);
  if (id === part.store.getState().pointed) return;
  if (id === null) part.store.setState({ pointed: null });
  else if (showsOnHover(useUi.getState())) {
    part.timer = setTimeout(() => {
      if (wiringState(session).start === null) part.store.setState({ pointed: id });
    }, restMs);
  }
}

/** Shows the field of what is selected until it is asked for again. */
export function toggleField(session: Session): void {
  holdField(session, !fieldOf(session).store.getState().isHeld);
}

/** Shows the field of what is selected, or no more. */
export function holdField(session: Session, isHeld: boolean): void {
  fieldOf(session).store.setState({ isHeld });
}

/** Whether the field of what is selected is shown. */
export function isFieldHeld(session: Session): boolean {
  return fieldOf(session).store.getState().isHeld;
}

/** The node whose field is shown on this component's canvas, and whether it is held; null for none. */
export function useFieldNode(): { readonly id: string; readonly isHeld: boolean } | null {
  const { pointed, isHeld } = useStore(fieldOf(useSession()).store);
  const selected = useProject(({ selection }) => (selection.size === 1 ? ([...selection][0] ?? null) : null));
  const id = (isHeld ? selected : null) ?? pointed;
  return id === null ? null : { id, isHeld };
}
