import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyDocument } from '../../../../shared/schema/document';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { text } from '../../../../shared/text';
import type { Capture, History } from '../../../../renderer/session/history';
import {
  beginGesture,
  cancelGesture,
  capture,
  commitGesture,
  historyStates,
  redo,
  redoLabel,
  startHistory,
  travel,
  undo,
  undoLabel,
} from '../../../../renderer/session/history';

const label = (name: string) => text(name, name);
const doc = (name: string): NetworkDocument => emptyDocument(name);

type Step =
  | { readonly type: 'capture'; readonly how: Capture }
  | { readonly type: 'begin' | 'commit' | 'cancel' | 'undo' | 'redo' };

const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('capture' as const), how: fc.constantFrom('record' as const, 'merge' as const) }),
    fc.record({
      type: fc.constantFrom('begin' as const, 'commit' as const, 'cancel' as const, 'undo' as const, 'redo' as const),
    }),
  ),
  { maxLength: 40 },
);

function play(history: History, step: Step, index: number): History {
  switch (step.type) {
    case 'capture':
      return capture(history, label(`step ${index}`), doc(`document ${index}`), step.how);
    case 'begin':
      return beginGesture(history, label(`gesture ${index}`));
    case 'commit':
      return commitGesture(history);
    case 'cancel':
      return cancelGesture(history);
    case 'undo':
      return undo(history);
    case 'redo':
      return redo(history);
  }
}

const playAll = (sequence: readonly Step[]): History =>
  sequence.reduce((history, step, index) => play(history, step, index), startHistory(doc('start')));

describe('history', () => {
  it('undo after a recorded step is the identity on the document, from any state', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const before = commitGesture(playAll(sequence));
        const after = undo(capture(before, label('do'), doc('done'), 'record'));
        expect(after.present).toBe(before.present);
        expect(after.past).toEqual(before.past);
      }),
    );
  });

  it('redo after undo is the identity, from any state with something to undo', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const before = commitGesture(playAll(sequence));
        fc.pre(before.past.length > 0);
        expect(redo(undo(before))).toEqual(before);
      }),
    );
  });

  it('undoing everything comes back to the document that was opened', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        let history = playAll(sequence);
        for (let count = 0; count <= sequence.length; count++) history = undo(history);
        expect(history.present.name).toBe('start');
        expect(undoLabel(history)).toBeNull();
      }),
    );
  });

  it('a gesture of many merges is one step with the gesture’s label', () => {
    let history = beginGesture(startHistory(doc('start')), label('Drag'));
    for (let index = 0; index < 50; index++) history = capture(history, label('frame'), doc(`frame ${index}`), 'merge');
    history = commitGesture(history);
    expect(history.past).toHaveLength(1);
    expect(undoLabel(history)?.en).toBe('Drag');
    expect(undo(history).present.name).toBe('start');
  });

  it('a cancelled gesture leaves no trace', () => {
    const before = capture(startHistory(doc('start')), label('one'), doc('one'), 'record');
    const during = capture(beginGesture(before, label('Drag')), label('frame'), doc('frame'), 'merge');
    expect(cancelGesture(during)).toEqual(before);
  });

  it('a gesture without effect is no step', () => {
    const before = startHistory(doc('start'));
    expect(commitGesture(beginGesture(before, label('Drag')))).toEqual(before);
  });

  it('an edit that changes nothing is no step', () => {
    const before = startHistory(doc('start'));
    expect(capture(before, label('nothing'), before.present, 'record')).toBe(before);
  });

  it('a merge without a gesture is a step of its own', () => {
    const history = capture(startHistory(doc('start')), label('typed'), doc('typed'), 'merge');
    expect(undoLabel(history)?.en).toBe('typed');
  });

  it('an ignored change keeps both ends of the history', () => {
    const one = undo(capture(startHistory(doc('start')), label('one'), doc('one'), 'record'));
    const laidOut = capture(one, label('layout'), doc('laid out'), 'ignore');
    expect(laidOut.present.name).toBe('laid out');
    expect(redoLabel(laidOut)?.en).toBe('one');
  });

  it('a new step drops what could have been redone', () => {
    const undone = undo(capture(startHistory(doc('start')), label('one'), doc('one'), 'record'));
    expect(redoLabel(capture(undone, label('two'), doc('two'), 'record'))).toBeNull();
  });
});

describe('the list of states', () => {
  const all = ['a', 'b', 'c'].reduce(
    (history, name) => capture(history, label(name), doc(name), 'record'),
    startHistory(doc('0')),
  );

  it('has every state oldest first, with the step that led to it and how far it is away', () => {
    const listed = historyStates(undo(all)).map(({ label: step, document, distance }) => [
      step?.en ?? null,
      document.name,
      distance,
    ]);
    expect(listed).toEqual([
      [null, '0', -2],
      ['a', 'a', -1],
      ['b', 'b', 0],
      ['c', 'c', 1],
    ]);
  });

  it('is gone through by that distance, and stays as it is', () => {
    for (const { distance, document } of historyStates(undo(all))) {
      const there = travel(undo(all), distance);
      expect(there.present).toBe(document);
      expect(historyStates(there).map((state) => state.document)).toEqual(
        historyStates(all).map((state) => state.document),
      );
    }
    expect(travel(all, -9).present.name).toBe('0');
  });

  it('counts an open gesture as a step', () => {
    const dragging = capture(beginGesture(all, label('drag')), label('drag'), doc('d'), 'merge');
    expect(historyStates(dragging).at(-1)).toMatchObject({ label: { en: 'drag' }, distance: 0 });
  });
});
