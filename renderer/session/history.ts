import type { NetworkDocument } from '../../shared/schema/document';
import type { Text } from '../../shared/text';

/** One step that can be taken back: what it was called, and the document before it. */
export type HistoryStep = { readonly label: Text; readonly document: NetworkDocument };

/** A drag, a slider, a scrubbed number: many documents that become one step when it is committed. */
export type Gesture = { readonly label: Text; readonly base: NetworkDocument };

/** Documents are immutable, so a step costs a reference and undo after do is the identity by construction. */
export type History = {
  readonly present: NetworkDocument;
  /** Oldest first. */
  readonly past: readonly HistoryStep[];
  /** What undo took back, the next redo last. */
  readonly future: readonly HistoryStep[];
  readonly gesture: Gesture | null;
};

/**
 * What an edit leaves behind: 'record' is a step of its own, 'merge' belongs to the open gesture (and is a step where none is
 * open), 'ignore' changes the document without a step, for what the app does and not the user.
 */
export type Capture = 'record' | 'merge' | 'ignore';

/** Steps that are kept: a reference each, with the structure that documents share, so this bounds days and not memory. */
const stepLimit = 500;

export function startHistory(document: NetworkDocument): History {
  return { present: document, past: [], future: [], gesture: null };
}

/** Puts `document` in place of the present one. The same document leaves no trace, so an edit without effect is no step. */
export function capture(history: History, label: Text, document: NetworkDocument, how: Capture): History {
  if (document === history.present) return history;
  if (how === 'ignore' || (how === 'merge' && history.gesture)) return { ...history, present: document };
  const settled = commitGesture(history);
  return {
    present: document,
    past: [...settled.past, { label, document: settled.present }].slice(-stepLimit),
    future: [],
    gesture: null,
  };
}

/** Opens a gesture; one that is still open is committed first, so that a lost pointer-up loses nothing. */
export function beginGesture(history: History, label: Text): History {
  const settled = commitGesture(history);
  return { ...settled, gesture: { label, base: settled.present } };
}

/** Makes the open gesture one step. */
export function commitGesture(history: History): History {
  const { gesture, present, past, future } = history;
  if (!gesture) return history;
  if (gesture.base === present) return { present, past, future, gesture: null };
  return {
    present,
    past: [...past, { label: gesture.label, document: gesture.base }].slice(-stepLimit),
    future: [],
    gesture: null,
  };
}

/** Goes back to where the open gesture began. */
export function cancelGesture(history: History): History {
  return history.gesture ? { ...history, present: history.gesture.base, gesture: null } : history;
}

/** Takes the last step back. An open gesture counts as the last step. */
export function undo(history: History): History {
  const settled = commitGesture(history);
  const step = settled.past.at(-1);
  if (!step) return settled;
  return {
    present: step.document,
    past: settled.past.slice(0, -1),
    future: [...settled.future, { label: step.label, document: settled.present }],
    gesture: null,
  };
}

/** Does the step again that undo took back. */
export function redo(history: History): History {
  const settled = commitGesture(history);
  const step = settled.future.at(-1);
  if (!step) return settled;
  return {
    present: step.document,
    past: [...settled.past, { label: step.label, document: settled.present }],
    future: settled.future.slice(0, -1),
    gesture: null,
  };
}

/** Takes `by` steps back (below 0) or does them again, as far as there are any. */
export function travel(history: History, by: number): History {
  let there = history;
  for (let step = 0; step < Math.abs(by); step++) there = by < 0 ? undo(there) : redo(there);
  return there;
}

/** A state that the network has been in, and the step that led to it: null for how it was opened. */
export type HistoryState = {
  readonly label: Text | null;
  readonly document: NetworkDocument;
  /** How many steps it lies after the present one; below 0 before it. */
  readonly distance: number;
};

/** Every state that can be gone to, oldest first. An open gesture counts as done. */
export function historyStates(history: History): readonly HistoryState[] {
  const { past, future, present } = commitGesture(history);
  const later = [...future].reverse();
  const documents = [...past.map((step) => step.document), present, ...later.map((step) => step.document)];
  const labels = [null, ...past.map((step) => step.label), ...later.map((step) => step.label)];
  return documents.map((document, place) => ({
    document,
    label: labels[place] ?? null,
    distance: place - past.length,
  }));
}

/** What undo would take back, for the menu. */
export function undoLabel(history: History): Text | null {
  return history.gesture && history.gesture.base !== history.present
    ? history.gesture.label
    : (history.past.at(-1)?.label ?? null);
}

/** What redo would do again, for the menu. */
export function redoLabel(history: History): Text | null {
  return history.future.at(-1)?.label ?? null;
}
