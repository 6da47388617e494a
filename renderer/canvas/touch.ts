import type { Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { sessionPart } from '../session';
import { moveView } from './view';
import { wiringState } from './wiring';

/** A finger that rests this long, and moves less than this meanwhile, asks for the menu. */
const longPressMs = 500;
const restingPixels = 8;

/** What fingers are doing: a press that may become a long one, two that move the view, or the rest of either until all have left. */
type Gesture = 'none' | 'press' | 'pinch' | 'spent';

const gestureOf = sessionPart((): { now: Gesture } => ({ now: 'none' }));

/** True while two fingers move the view: what one of them had begun to drag is left where it was. */
export function isPinching(session: Session): boolean {
  return gestureOf(session).now === 'pinch';
}

type Grip = { readonly centre: Position; readonly spread: number };

function gripOf(a: Touch, b: Touch, pane: Element): Grip {
  const { left, top } = pane.getBoundingClientRect();
  return {
    centre: { x: (a.clientX + b.clientX) / 2 - left, y: (a.clientY + b.clientY) / 2 - top },
    spread: Math.max(1, Math.hypot(b.clientX - a.clientX, b.clientY - a.clientY)),
  };
}

/** Ends what one finger had begun, for those who hear its end alone. */
function cancelTouch(touch: Touch): void {
  touch.target.dispatchEvent(
    new TouchEvent('touchcancel', { bubbles: true, cancelable: true, changedTouches: [touch] }),
  );
}

/**
 * Fingers on a session's canvas: two of them pinch and pan wherever they lie, over nodes too, and one that rests opens the menu. React
 * Flow gives a finger on a node to the node alone, so this hears of all before it does. Gives back what ends it.
 */
export function watchFingers(session: Session, element: HTMLElement): () => void {
  const gesture = gestureOf(session);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pressed: Touch | null = null;
  let grip: Grip | null = null;

  /** Those on the drawing itself, and not on a field or a menu over it. */
  const fingers = (event: TouchEvent): readonly Touch[] =>
    [...event.touches].filter(({ target }) => target instanceof Element && target.closest('.react-flow') !== null);
  const take = (event: TouchEvent): void => {
    event.stopPropagation();
    if (event.cancelable) event.preventDefault();
  };
  const openMenu = (touch: Touch): void => {
    gesture.now = 'spent';
    cancelTouch(touch);
    const { clientX, clientY, target } = touch;
    target.dispatchEvent(
      new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX, clientY, button: 2 }),
    );
  };
  const onStart = (event: TouchEvent): void => {
    const [first, second] = fingers(event);
    clearTimeout(timer);
    if (first === undefined) return;
    if (second === undefined) {
      gesture.now = 'press';
      pressed = first;
      timer = setTimeout(() => openMenu(first), longPressMs);
      return;
    }
    // A wire in one hand is not let go for what the other does.
    if (gesture.now === 'spent' || isPulling(session)) return;
    take(event);
    if (gesture.now !== 'pinch') {
      gesture.now = 'pinch';
      cancelTouch(first);
    }
    grip = gripOf(first, second, element);
  };
  const onMove = (event: TouchEvent): void => {
    if (gesture.now === 'press') {
      const [first] = fingers(event);
      const hasMoved =
        first !== undefined &&
        pressed !== null &&
        Math.hypot(first.clientX - pressed.clientX, first.clientY - pressed.clientY) > restingPixels;
      if (hasMoved) clearTimeout(timer);
      return;
    }
    if (gesture.now === 'none') return;
    take(event);
    const [first, second] = fingers(event);
    if (gesture.now !== 'pinch' || grip === null || first === undefined || second === undefined) return;
    const next = gripOf(first, second, element);
    moveView(session, grip.centre, next.centre, next.spread / grip.spread);
    grip = next;
  };
  const onEnd = (event: TouchEvent): void => {
    clearTimeout(timer);
    // No click follows: it would close the menu, or select what a finger of the two lay on.
    if ((gesture.now === 'pinch' || gesture.now === 'spent') && event.cancelable) event.preventDefault();
    const left = fingers(event).length;
    if (left === 0) gesture.now = 'none';
    else if (gesture.now === 'pinch' && left < 2) gesture.now = 'spent';
  };
  /** The browser's own long press, where it has one, says the same a second time. */
  const onContextMenu = (event: MouseEvent): void => {
    if (event.isTrusted && gesture.now === 'spent') {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.isTrusted && gesture.now === 'press') {
      clearTimeout(timer);
      gesture.now = 'spent';
    }
  };
  const options = { capture: true, passive: false };
  element.addEventListener('touchstart', onStart, options);
  element.addEventListener('touchmove', onMove, options);
  element.addEventListener('touchend', onEnd, options);
  element.addEventListener('contextmenu', onContextMenu, true);
  return () => {
    clearTimeout(timer);
    element.removeEventListener('touchstart', onStart, options);
    element.removeEventListener('touchmove', onMove, options);
    element.removeEventListener('touchend', onEnd, options);
    element.removeEventListener('contextmenu', onContextMenu, true);
  };
}

/** A finger pulls a wire; one that a tap or a key began needs no finger. */
function isPulling(session: Session): boolean {
  const { start, targets, isTapped } = wiringState(session);
  return start !== null && targets === null && !isTapped;
}
