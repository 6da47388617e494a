import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findExhibit } from '../../../shared/learn/exhibits/exhibits';
import { findLesson, lessons } from '../../../shared/learn/lessons';
import { templateNames } from '../../support/templatePrograms';

const course = readFileSync(resolve(import.meta.dirname, '../../../docs/course.md'), 'utf8');
const rows = course.split('\n').filter((line) => /^\| /.test(line) && !/^\| (statement|-+) /.test(line));

/** Names behind a word: "lesson `gap`", "lessons `u-net`, `skips`". */
function namedBehind(word: string): ReadonlySet<string> {
  const lists = [...course.matchAll(new RegExp(`\\b${word}s? (\`[a-z0-9-]+\`(?:[^\`|;]{1,18}\`[a-z0-9-]+\`)*)`, 'g'))];
  return new Set(lists.flatMap(([, list = '']) => [...list.matchAll(/`([a-z0-9-]+)`/g)].map(([, name = '']) => name)));
}

describe('the table of the course', () => {
  it('has a place, or says that there is none yet, for each statement', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((row) => (row.split('|')[2] ?? '').trim() === '')).toEqual([]);
  });

  it('names every lesson, and none that there is not', () => {
    const ids = lessons.map(({ id }) => id);
    expect([...namedBehind('lesson')].sort()).toEqual([...ids].sort());
  });

  it('names exhibits that there are', () => {
    const named = [...namedBehind('exhibit')];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((id) => findExhibit(id) === undefined)).toEqual([]);
  });

  it('says the shares that the experiments measure', () => {
    const said = [...course.matchAll(/lesson `([a-z-]+)`: ([^;|]*%)/g)];
    expect(said.length).toBeGreaterThan(3);
    for (const [, id = '', words = ''] of said) {
      const figures = (findLesson(id)?.experiment.trials ?? []).map(({ figure }) => Number((100 * figure).toFixed(1)));
      const shares = [...words.matchAll(/([\d.]+) %/g)].map(([, share]) => Number(share));
      expect(
        shares.filter((share) => !figures.includes(share)),
        id,
      ).toEqual([]);
    }
  });

  it('names templates that there are', () => {
    const named = [...namedBehind('template')];
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !templateNames.includes(name))).toEqual([]);
  });
});
