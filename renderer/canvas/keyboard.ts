import { heldNodes } from '../../shared/layout/frames';
import { messages } from '../i18n';
import type { Session } from '../session';
import { openDialog, toggleCanvasAlone, useUi } from '../store/ui';
import { notify } from '../ui/notify';
import { connectNodes, nudgeSelection } from './actions';
import { announce } from './announce';
import { enterNode, leaveToOuter } from './blocks';
import { holdField, isFieldHeld } from './field';
import { clearFrames, selectedFrames } from './frameStore';
import type { Direction } from './navigate';
import { neighbour } from './navigate';
import { focusFrame, focusNode, goToNode } from './view';
import { chooseTarget, edgeBetween, endWire, startKeyboardWire, wiringState } from './wiring';

/** The node that keys are about: the focused one, else the first that is selected. */
function focusedNode(session: Session): string | null {
  const framed = document.activeElement?.closest<HTMLElement>('[data-framed-id]');
  const isFramed = framed?.closest<HTMLElement>('[data-session]')?.dataset['session'] === session.id;
  if (framed && isFramed) return framed.dataset['framedId'] ?? null;
  const element = document.activeElement?.closest<HTMLElement>('.react-flow__node');
  const [first] = session.project.getState().selection;
  return element?.dataset['id'] ?? first ?? null;
}

/** Goes to the next node, along the wires or across them; while a wire is pulled, to the next place for it. */
export function moveFocus(session: Session, direction: Direction, extend: boolean): void {
  if (wiringState(session).targets) {
    chooseTarget(session, direction === 'right' || direction === 'down' ? 1 : -1);
    return;
  }
  const { document: network, selection } = session.project.getState();
  const [frame] = selectedFrames(session);
  const from = focusedNode(session);
  // From a frame the way leads into it.
  const first = (frame && heldNodes(frame, network.nodes)[0]) ?? network.nodes[0]?.id ?? null;
  const next = from === null ? first : neighbour(session, from, direction);
  if (next === null) return;
  session.project.select(extend ? [...selection, next] : [next]);
  goToNode(session, next);
}

/** Moves the selection over the canvas. */
export function nudge(session: Session, direction: Direction, step: number): void {
  if (wiringState(session).targets) {
    chooseTarget(session, direction === 'right' || direction === 'down' ? 1 : -1);
    return;
  }
  const along = direction === 'left' || direction === 'up' ? -step : step;
  const isLevel = direction === 'left' || direction === 'right';
  nudgeSelection(session, isLevel ? along : 0, isLevel ? 0 : along);
}

/** Pulls a wire from the focused node with the keyboard. */
export function beginWire(session: Session): void {
  const id = focusedNode(session);
  if (id === null || startKeyboardWire(session, id)) return;
  const t = messages('canvas', useUi.getState().language);
  notify(t.wiringNowhere);
  announce(session, t.wiringNowhere);
}

/** Wires the chosen target, goes into a block, or takes the keyboard from a layer to its form. */
export function acceptOnCanvas(session: Session): void {
  const { start, targets, chosen } = wiringState(session);
  const target = targets?.[chosen];
  if (start && target) {
    const edge = edgeBetween(start, target);
    endWire(session);
    if (edge && connectNodes(session, edge)) focusNode(session, edge.to);
    return;
  }
  const id = focusedNode(session);
  const isOnFrame = selectedFrames(session).length > 0;
  if (!isOnFrame && (id === null || enterNode(session, id))) return;
  if (!isOnFrame && id !== null) session.project.select([id]);
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('[data-panel-name="inspector"] :is(input, button, [tabindex="0"])')?.focus(),
  );
}

/** Leaves a form for its node, as Enter came from there; on the canvas it takes back what was begun. */
export function leave(session: Session): void {
  const [only] = session.project.getState().selection;
  const isInForm = document.activeElement?.closest('[data-panel-name="inspector"]') != null;
  const [frame] = selectedFrames(session);
  if (isInForm) {
    if (only !== undefined) focusNode(session, only);
    else if (frame !== undefined) focusFrame(session, frame.id);
    return;
  }
  if (wiringState(session).start) endWire(session);
  else if (session.view.getState().openProblem !== null) session.view.openProblemCard(null);
  else if (isFieldHeld(session)) holdField(session, false);
  else if (useUi.getState().isCanvasAlone) toggleCanvasAlone();
  else if (frame !== undefined || only !== undefined) {
    clearFrames(session);
    session.project.select([]);
  } else leaveToOuter(session);
}

/** Puts the keyboard into the search of the layers; into the command palette where they are hidden. */
export function searchLayers(): void {
  const search = document.querySelector<HTMLInputElement>('[data-palette-search]');
  if (search) search.focus();
  else openDialog('commands');
}
