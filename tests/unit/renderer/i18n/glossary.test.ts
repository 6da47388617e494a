import { describe, expect, it } from 'vitest';
import { glossary } from '../../../../renderer/i18n/glossary';
import { findTexts } from '../../../support/texts';

/** Printed programs hold both languages, and their own words between them. */
const printedPrograms = 'shared/exports/python/training/';

const texts = findTexts().filter(
  ({ at }) => !at.startsWith('renderer/i18n/glossary.ts') && !at.startsWith(printedPrograms),
);

/** Names of files, options and code are no prose. */
function prose(words: string): string {
  return words.replace(/`[^`]*`|\{[^}]*\}|--[\w-]+|\bconvloom [\w -]+|[\w.]+=\S+/g, ' ');
}

it('finds the texts of every room', () => {
  for (const room of [
    'renderer/i18n',
    'shared/diagnostics',
    'shared/layers',
    'shared/learn',
    'shared/schema',
    'templates',
  ]) {
    expect(texts.filter(({ at, en }) => at.startsWith(room) && en !== null).length, room).toBeGreaterThan(10);
  }
});

describe.each(glossary)('$en', ({ zh, says, notEn, notZh }) => {
  it(`is ${zh} wherever it is said`, () => {
    if (says === undefined) return;
    const other = texts.filter(({ en, zh: chinese }) => en !== null && says.test(prose(en)) && !chinese.includes(zh));
    expect(other).toEqual([]);
  });

  it('has no other name, in either language', () => {
    const other = texts.filter(
      ({ en, zh: chinese }) => notZh?.test(prose(chinese)) === true || (en !== null && notEn?.test(prose(en)) === true),
    );
    expect(other).toEqual([]);
  });
});
