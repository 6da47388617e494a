import { findNode } from '../../shared/analysis/blocks';
import type { NetworkNode } from '../../shared/schema/document';
import { stepParam } from '../inspector/paramText';
import type { Session } from '../session';
import { changeLabel, numberAt, numbersOf, type NodeNumber } from './inPlace';

/** How far the pointer goes, in window pixels, for one step; with Shift for ten. */
const pixelsPerStep = 6;
/** Less than this is a click. */
const slackPx = 3;

/** A piece of a caption: plain words, or a number that dragging changes, with the param that it is. */
export type CaptionPart = { readonly text: string; readonly param: string | null };

/** A caption cut at its numbers that can be scrubbed. */
export function captionParts(caption: string, numbers: readonly NodeNumber[]): readonly CaptionPart[] {
  const parts: CaptionPart[] = [];
  let end = 0;
  for (const { 0: digits, index } of caption.matchAll(/\d+(?:\.\d+)?/g)) {
    // Within the digits: at their ends the number beside them may be meant.
    const param = numberAt(numbers, caption, index + 0.5);
    const number = numbers.find(({ name }) => name === param);
    if (number === undefined || stepParam(number.field, number.value, 1) === null) continue;
    if (index > end) parts.push({ text: caption.slice(end, index), param: null });
    parts.push({ text: digits, param: number.name });
    end = index + digits.length;
  }
  if (end < caption.length) parts.push({ text: caption.slice(end), param: null });
  return parts;
}

/** A pointer that moves, as far as a scrub hears of it. */
type Pointer = { readonly clientX: number; readonly shiftKey: boolean };

/**
 * Changes a number of a node while the pointer moves: to the right for more. All of it is one step of the history, and there is none
 * before the pointer has moved at all.
 */
export function createScrub(session: Session, node: NetworkNode, param: string, from: Pointer) {
  const { analysis } = session.project.getState();
  const number = numbersOf(node, findNode(analysis, node.id)).find(({ name }) => name === param);
  let [x, steps, hasBegun] = [from.clientX, 0, false];
  const move = ({ clientX, shiftKey }: Pointer): void => {
    if (number === undefined) return;
    if (!hasBegun) {
      if (Math.abs(clientX - from.clientX) < slackPx) return;
      hasBegun = true;
      session.project.beginGesture(changeLabel(node, number.field));
    }
    steps += ((clientX - x) / pixelsPerStep) * (shiftKey ? 10 : 1);
    x = clientX;
    const value = stepParam(number.field, number.value, Math.round(steps));
    if (value === null) return;
    session.project.edit(
      changeLabel(node, number.field),
      [{ type: 'setParams', id: node.id, params: { [param]: value } }],
      'merge',
    );
  };
  return {
    move,
    hasBegun: (): boolean => hasBegun,
    /** Keeps what it came to. */
    commit: (): void => {
      if (hasBegun) session.project.commitGesture();
    },
    /** As it was before. */
    cancel: (): void => {
      if (hasBegun) session.project.cancelGesture();
    },
  };
}

/** Scrubs a number from where the pointer went down, until it is let go, or Escape takes it back. */
export function scrubNumber(session: Session, node: NetworkNode, param: string, down: PointerEvent): void {
  const { target, pointerId, button } = down;
  if (button !== 0 || !(target instanceof Element)) return;
  const scrub = createScrub(session, node, param, down);
  const listening = new AbortController();
  const { signal } = listening;
  const end = (finish: () => void): void => {
    listening.abort();
    finish();
  };
  const onMove = (event: PointerEvent): void => {
    if (event.pointerId !== pointerId) return;
    scrub.move(event);
    if (scrub.hasBegun()) document.documentElement.style.cursor = 'ew-resize';
  };
  signal.addEventListener('abort', () => document.documentElement.style.removeProperty('cursor'));
  window.addEventListener('pointermove', onMove, { signal });
  window.addEventListener('pointerup', () => end(scrub.commit), { signal });
  window.addEventListener('pointercancel', () => end(scrub.cancel), { signal });
  window.addEventListener('blur', () => end(scrub.cancel), { signal });
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !scrub.hasBegun()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      end(scrub.cancel);
    },
    { signal, capture: true },
  );
}
