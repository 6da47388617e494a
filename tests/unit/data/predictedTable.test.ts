import { describe, expect, it } from 'vitest';
import { readPredictedRows } from '../../../electron/data/predictedTable';
import { parseTable } from '../../../electron/data/table';
import type { TableScaling } from '../../../shared/host/api';

const scaling: TableScaling = { mean: [10, 0], deviation: [2, 4], names: ['a', 'b'] };
const { names: _unnamed, ...withoutNames } = scaling;

function read(text: string, by: TableScaling = scaling) {
  const table = parseTable(text, 't.csv');
  if (!table.ok) throw new Error('no table');
  return readPredictedRows(table.value, 't.csv', by);
}

function inputsOf(text: string, by?: TableScaling) {
  const result = read(text, by);
  if (!result.ok) throw new Error(result.diagnostics[0]!.code);
  return [...result.value.inputs];
}

describe('rows to be predicted', () => {
  it.each([
    ['as they were trained', 'a,b,price\n12,4,99\n10,-8,98'],
    ['without the column that was learned', 'a,b\n12,4\n10,-8'],
    ['in another order, among others', 'b,city,price,a\n4,Rome,1,12\n-8,Oslo,2,10'],
    ['without names', '12,4\n10,-8'],
    ['without names, with the column that was learned', '12,4,99\n10,-8,98'],
    ['without names, with a class behind them', '12,4,low\n10,-8,high'],
  ])('are read %s', (_, text) => {
    expect(inputsOf(text)).toEqual([1, 1, 0, -2]);
  });

  it('are read by their places for a model that knows no names', () => {
    expect(inputsOf('u,v\n12,4\n10,-8', withoutNames)).toEqual([1, 1, 0, -2]);
  });

  it('keep their number in the file, and those with gaps are named', () => {
    const result = read('a,b\n12,4\n?,1\n10,-8');
    if (!result.ok) throw new Error('refused');
    expect(result.value.rows).toEqual([2, 4]);
    expect(result.value.warnings.map(({ code }) => code)).toEqual(['data/skipped']);
  });

  it.each([
    [
      'a column too few',
      '1,2,3\n4,5,6',
      { ...withoutNames, mean: [0, 0, 0, 0], deviation: [1, 1, 1, 1] },
      'evaluate/columns',
    ],
    ['no column of a known name', 'a,c\n1,2\n3,4', scaling, 'evaluate/no-such-column'],
    ['no row that can be read', 'a,b\n1,x\n2,y', scaling, 'data/nothing-usable'],
  ])('are refused with %s', (_, text, by, code) => {
    const result = read(text, by);
    expect(result.ok ? null : result.diagnostics[0]!.code).toBe(code);
  });
});
