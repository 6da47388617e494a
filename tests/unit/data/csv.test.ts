import { describe, expect, it } from 'vitest';
import { openData } from '../../../electron/data/open';
import { inTargetUnits } from '../../../electron/data/standardise';
import { useDataFolder } from '../../support/dataFolder';

const folder = useDataFolder();
const range = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const codes = (warnings: readonly { readonly code: string }[]) => warnings.map(({ code }) => code);

async function openTable(content: string | Uint8Array) {
  await folder.put('t.csv', content);
  return folder.open('csv', 't.csv');
}

describe('tables', () => {
  it('of 160,000 rows are read', async () => {
    const { info } = await openTable(`x,y\n${range(160_000, (n) => `${n},${(n % 100) / 50}`).join('\n')}`);
    expect(info.trainCount + info.validationCount).toBe(160_000);
    expect(info.task).toBe('regression');
  });

  it.each(['N/A', 'nan', '?', '-', 'oops'])('with one %s among values still learn values', async (word) => {
    const rows = range(1000, (n) => `${n},${n === 500 ? word : n / 1000}`);
    const { info } = await openTable(`x,y\n${rows.join('\n')}`);
    expect(info).toMatchObject({ task: 'regression', classes: [], trainCount: 799, validationCount: 200 });
    expect(info.warnings[0]!.why!.en).toBe(`row 502: "${word}" in the column to learn.`);
  });

  it('take "none" for a class among words', async () => {
    const { info } = await openTable(
      `x,y\n${range(30, (n) => `${n},${['none', 'mild', 'severe'][n % 3]}`).join('\n')}`,
    );
    expect(info.classes).toEqual(['mild', 'none', 'severe']);
    expect(info.warnings).toEqual([]);
  });

  it.each(['1e300', '-1e39', '1e400'])('leave out a row with %s, which a float32 cannot hold', async (value) => {
    const { info, train, scaling } = await openTable(
      `x,y\n${range(50, (n) => `${n === 20 ? value : n},${n / 50}`).join('\n')}`,
    );
    expect(info.warnings[0]!.why!.en).toBe(`row 22: column 1 has ${value}, more than a 32-bit float holds.`);
    expect([...train.inputs].every(Number.isFinite)).toBe(true);
    expect(scaling!.mean.every(Number.isFinite)).toBe(true);
  });

  it('keep the small part of large numbers', async () => {
    const { train } = await openTable(`time,y\n${range(50, (n) => `${1.7e9 + n},${n / 50}`).join('\n')}`);
    expect(new Set(train.inputs).size).toBe(40);
  });

  it('leave out a column of words, and say so', async () => {
    const rows = range(200, (n) => `${['Rome', 'Oslo'][n % 2]},${n},${n % 2}`);
    const { info } = await openTable(`city,x,label\n${rows.join('\n')}`);
    expect(info).toMatchObject({ inputShape: [1], classes: ['0', '1'], trainCount: 160 });
    expect(codes(info.warnings)).toEqual(['data/column-left-out']);
    expect(info.warnings[0]!.summary.en).toContain('city');
    expect(info.warnings[0]!.summary.zh).toContain('city');
  });

  it('of words alone are refused by the names of their columns', async () => {
    await folder.put('t.csv', `city,colour,label\n${range(20, (n) => `Rome,red,${n % 2}`).join('\n')}`);
    expect(await folder.refusal('csv', 't.csv')).toMatch(/^data\/no-numbers.*city, colour/);
  });

  it('without a header keep their first row, words in it or not', async () => {
    const { info } = await openTable(range(20, (n) => `red,${n},${n % 2}`).join('\n'));
    expect(info.trainCount + info.validationCount).toBe(20);
  });

  it('bring values to learn to mean 0 and deviation 1, however far they are from that', async () => {
    const { train, scaling, info } = await openTable(
      `x,price\n${range(50, (n) => `${n},${100_000 + 731.5 * n}`).join('\n')}`,
    );
    const values = [...train.targets];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(variance).toBeCloseTo(1, 5);
    expect(info.warnings).toEqual([]);
    expect(scaling!.names).toEqual(['x']);
    // What goes in is a line in x, and so is what comes out of its own units.
    const raw = inTargetUnits(values, scaling!);
    const first = train.inputs[0]! * scaling!.deviation[0]! + scaling!.mean[0]!;
    expect(raw[0]).toBeCloseTo(100_000 + 731.5 * first, -1);
  });

  it('have one to five stars as classes, or as values where these are asked for', async () => {
    const stars = `x,stars\n${range(50, (n) => `${n},${1 + (n % 5)}`).join('\n')}`;
    const { info } = await openTable(stars);
    expect(info).toMatchObject({ task: 'classification', classes: ['1', '2', '3', '4', '5'], hasNumberClasses: true });
    const opened = await openData(`csv:${folder.at('t.csv')}`, { wanted: null, infoOnly: false, task: 'regression' });
    if (!opened.ok) throw new Error('refused');
    expect(opened.value.info).toMatchObject({ task: 'regression', classes: [] });
    expect(opened.value.scaling!.target!.mean).toBeCloseTo(3, 0);
  });

  it('take a decimal comma where semicolons part the fields', async () => {
    const { info, scaling } = await openTable(`x;y\n${range(10, (n) => `${n},5;0,${n}`).join('\n')}`);
    expect(info.task).toBe('regression');
    expect(scaling!.mean[0]! % 1).not.toBe(0);
  });
});

describe('the text of tables', () => {
  const source = `größe,label\n${range(10, (n) => `${n},${n % 2 === 0 ? 'gerade' : '单数'}`).join('\n')}\n`;
  const utf16le = Buffer.from(source, 'utf16le');
  const swapped = Buffer.from(utf16le).swap16();
  it.each([
    ['UTF-8', Buffer.from(source)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${source}`)],
    ['UTF-16, little end first, with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le])],
    ['UTF-16, big end first, with a mark', Buffer.concat([Buffer.from([0xfe, 0xff]), swapped])],
    ['UTF-16, little end first, without a mark', utf16le],
    ['UTF-16, big end first, without a mark', swapped],
    ['line ends CR', Buffer.from(source.replaceAll('\n', '\r'))],
    ['line ends CR LF', Buffer.from(source.replaceAll('\n', '\r\n'))],
    ['mixed line ends', Buffer.from(source.replace('\n', '\r\n').replace('\n', '\r'))],
  ])('is read: %s', async (_name, bytes) => {
    const { info } = await openTable(bytes);
    expect(info.classes).toEqual(['单数', 'gerade'].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })));
    expect(info.trainCount + info.validationCount).toBe(10);
  });

  it.each([
    ['a spreadsheet', Buffer.from('504b0304140000000800c5', 'hex')],
    ['bytes of no encoding', Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xff, 0xc3, 0x28])])],
  ])('is refused when it is %s', async (_name, bytes) => {
    await folder.put('t.csv', bytes);
    expect(await folder.refusal('csv', 't.csv')).toMatch(/^data\/not-text/);
  });

  it.each([
    ['never closed', 'a,b\n1,2\n3,"4\n5,6\n7,8\n', 3],
    ['closed too early', 'a,b\n1,2\n3,4\n5,"6"6\n7,8\n', 4],
  ])('names the line of a quote that is %s', async (_name, content, line) => {
    await folder.put('t.csv', content);
    expect(await folder.refusal('csv', 't.csv')).toMatch(new RegExp(`^data/quote-open.*in line ${line} `));
  });
});
