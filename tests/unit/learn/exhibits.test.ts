import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exhibitViews } from '../../../renderer/learn/exhibits/view';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { isRight } from '../../../shared/learn/exhibits/exhibit';
import type { Question } from '../../../shared/learn/exhibits/exhibit';
import { exhibits, exhibitsOf, findExhibit } from '../../../shared/learn/exhibits/exhibits';
import { findLesson } from '../../../shared/learn/lessons';
import { text } from '../../../shared/text';
import { chain } from '../../support/chain';

const templates = join(import.meta.dirname, '..', '..', '..', 'templates');

describe('every exhibit', () => {
  const rows = exhibits.map((exhibit) => [exhibit.id, exhibit] as const);

  it.each(rows)('%s stands beside a lesson, has a network and a view, and is told in both languages', (id, exhibit) => {
    expect(findLesson(exhibit.lesson)).toBeDefined();
    expect(exhibitsOf(exhibit.lesson)).toContain(exhibit);
    expect(existsSync(join(templates, exhibit.template, 'network.json'))).toBe(true);
    expect(exhibitViews[id]).toBeDefined();
    for (const words of [exhibit.title, exhibit.task]) expect(words.zh).toMatch(/\p{Script=Han}/u);
  });

  it('has an id of its own, by which it is found', () => {
    expect(new Set(exhibits.map(({ id }) => id)).size).toBe(exhibits.length);
    expect(exhibits.map(({ id }) => findExhibit(id))).toEqual(exhibits);
    expect(Object.keys(exhibitViews).toSorted()).toEqual(exhibits.map(({ id }) => id).toSorted());
  });

  it.each(rows)('%s does not fit a network with errors, nor one of tables', (_, exhibit) => {
    const broken = chain([
      ['x', 'input', { shape: [28, 28, 1] }],
      ['c', 'conv', { filters: 4, kernelSize: 50 }],
    ]);
    const table = chain([
      ['x', 'input', { shape: [12] }],
      ['f', 'fc', { units: 3 }],
    ]);
    expect(exhibit.fits(analyzeNetwork(broken), broken)).toBe(false);
    expect(exhibit.fits(analyzeNetwork(table), table)).toBe(false);
  });
});

describe('an answer', () => {
  const words = { ask: text('?', '？'), because: text('.', '。') };
  const number: Question = { ...words, kind: 'number', answer: 5, tolerance: 0.1 };
  const choice: Question = { ...words, kind: 'choice', answer: 1, choices: [text('a', 'a'), text('b', 'b')] };

  it('is right within the tolerance, and wrong outside of it', () => {
    expect([5, 5.1, 4.9].map((given) => isRight(number, given))).toEqual([true, true, true]);
    expect([5.2, -5, 0].map((given) => isRight(number, given))).toEqual([false, false, false]);
  });

  it('is one of the choices', () => {
    expect([isRight(choice, 1), isRight(choice, 0)]).toEqual([true, false]);
  });

  it('is none before it was given, or is no number', () => {
    expect([isRight(number, null), isRight(number, NaN), isRight(choice, null)]).toEqual([null, null, null]);
    expect(isRight({ ...words, kind: 'act', isDone: false }, null)).toBeNull();
    expect(isRight({ ...words, kind: 'act', isDone: true }, null)).toBe(true);
  });
});
