import { describe, expect, it } from 'vitest';
import { openData } from '../../../electron/data/open';
import type { ReadAs } from '../../../electron/data/dataset';
import { parseTargets, writeTargets } from '../../../shared/schema/targets';
import { defaultReading } from '../../../shared/schema/training';
import { useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();

/** Twenty rows: `sport` where n is even, `news` every third, `music` never with `news`. */
const rows = Array.from({ length: 20 }, (_, n) => [n, n / 3, +(n % 2 === 0), +(n % 3 === 0), +(n % 3 === 1)]);
const named = `x,z,sport,news,music\n${rows.map((row) => row.join()).join('\n')}\n`;

async function open(content: string, targets?: string, readAs?: ReadAs) {
  await folder.put('t.csv', content);
  const reading = { ...defaultReading, ...(targets === undefined ? {} : { targets }) };
  const options = { wanted: null, infoOnly: false, reading, ...(readAs === undefined ? {} : { readAs }) };
  return await openData(`csv:${folder.at('t.csv')}`, options);
}

async function dataOf(...asked: Parameters<typeof open>) {
  const opened = await open(...asked);
  if (!opened.ok) throw new Error(opened.diagnostics[0]!.code);
  return opened.value;
}

describe('names of columns to learn', () => {
  it.each([
    ['a', ['a']],
    [' a, b ，c', ['a', 'b', 'c']],
    ['"a, b", "say ""so"""', ['a, b', 'say "so"']],
  ])('%s', (source, names) => {
    expect(parseTargets(source)).toEqual(names);
    expect(parseTargets(writeTargets(names))).toEqual(names);
  });

  it.each(['', 'a,', 'a,a'])('are not %j', (source) => {
    expect(parseTargets(source)).toBeNull();
  });
});

describe('columns to learn', () => {
  it('of 0 and 1, when several, are classes that a row has or has not, and no features', async () => {
    const { info, targetShape, train, validation } = await dataOf(named, 'news, sport');
    expect(info).toMatchObject({ task: 'multi-label', classes: ['news', 'sport'], inputShape: [3], warnings: [] });
    expect(targetShape).toEqual([2]);
    expect(train.count + validation.count).toBe(20);
    const all = [...train.targets.subarray(0, 999), ...validation.targets.subarray(0, 999)];
    expect(all.filter((_, at) => at % 2 === 0).reduce((sum, one) => sum + one)).toBe(7);
    expect(all.filter((_, at) => at % 2 === 1).reduce((sum, one) => sum + one)).toBe(10);
    expect(validation.targets.subarray(0, 999)).toContain(1);
  });

  it('may be one of values in the middle, and have truth words when they are several', async () => {
    expect((await dataOf(named, 'z')).info).toMatchObject({ task: 'regression', inputShape: [4] });
    const words = named.replaceAll(',0', ',no').replaceAll(',1\n', ',Yes\n');
    expect((await dataOf(words, 'news, music')).info.classes).toEqual(['news', 'music']);
  });

  it('are those that a model knows, wherever they stand', async () => {
    const { scaling } = await dataOf(named, 'sport, news, music');
    const readAs: ReadAs = { task: 'multi-label', scaling, classes: ['sport', 'news', 'music'] };
    const other = `music,sport,z,x\n1,0,2,4\n0,1,5,6\n`;
    const { info, train, validation } = await dataOf(other, undefined, readAs);
    expect(info).toMatchObject({ classes: ['sport', 'music'], inputShape: [2] });
    expect(train.count + validation.count).toBe(2);
  });

  it.each([
    ['a name that no column has', named, 'sport, art', 'data/no-such-target', undefined],
    ['no header', named.slice(named.indexOf('\n') + 1), 'sport, news', 'data/no-such-target', undefined],
    ['a name twice', named, 'news, news', 'data/targets', undefined],
    ['numbers among them', named, 'x, news, music', 'data/target-not-binary', 'news, music'],
    ['nothing beside them', named, 'x, z, sport, news, music', 'data/no-features', undefined],
  ])('are refused with %s, and the mend is a setting', async (_, content, targets, code, mended) => {
    const opened = await open(content, targets);
    const [problem] = opened.ok ? [] : opened.diagnostics;
    expect(problem).toMatchObject({ code, at: { path: 'train.targets' } });
    const edit = mended === undefined ? { train: {}, unset: ['targets'] } : { train: { targets: mended } };
    expect(problem!.fixes[0]!.edits).toEqual([{ type: 'setTraining', ...edit }]);
  });

  it('that are the same in all rows are named', async () => {
    const { info } = await dataOf(named.replaceAll(/,[01]\n/g, ',0\n'), 'sport, music');
    expect(info.warnings).toMatchObject([{ code: 'data/targets-constant' }]);
    expect(info.warnings[0]!.summary.en).toContain('music');
  });

  it('that look alike are said, with the mend to learn all; features apart from them are not', async () => {
    const { info } = await dataOf(named);
    expect(info).toMatchObject({ task: 'classification', inputShape: [4] });
    const [note] = info.warnings;
    expect(note).toMatchObject({ code: 'data/targets-alike', severity: 'info' });
    expect(note!.fixes.map(({ edits }) => edits)).toEqual([
      [{ type: 'setTraining', train: { targets: 'sport, news, music' } }],
      [{ type: 'setTraining', train: { targets: 'music' } }],
    ]);
    const apart = named.replace('x,z,sport,news,music', 'a,label,b,c,d');
    expect((await dataOf(apart)).info.warnings).toEqual([]);
    expect((await dataOf(named, 'music')).info.warnings).toEqual([]);
  });
});
