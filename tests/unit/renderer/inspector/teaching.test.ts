import { describe, expect, it } from 'vitest';
import { alignBranches } from '../../../../shared/analysis/alignment';
import { analyzeNetwork } from '../../../../shared/analysis/analyze';
import { extentOf } from '../../../../renderer/inspector/Alignment';
import { reachableSizes } from '../../../../renderer/inspector/WantedSize';
import { chain, type ChainRow } from '../../../support/chain';

describe('reachableSizes', () => {
  const sizes = (params: ChainRow[2]): readonly unknown[] => {
    const rows: ChainRow[] = [
      ['x', 'input', { shape: [12, 12, 1] }],
      ['u', 'upconv', { filters: 1, kernelSize: 3, ...params }],
    ];
    return reachableSizes(analyzeNetwork(chain(rows)).nodes.get('u')!).map(({ size, padding }) => [
      size[0],
      padding[0],
    ]);
  };

  it.each([
    [
      { padding: 1 },
      [
        [23, 0],
        [24, 1],
      ],
    ],
    [
      { padding: 1, outputPadding: 1 },
      [
        [23, 0],
        [24, 1],
      ],
    ],
    [
      { strides: 3 },
      [
        [36, 0],
        [37, 1],
        [38, 2],
      ],
    ],
    [{ strides: 1 }, [[14, 0]]],
    [{ padding: 'same' }, []],
  ])('of an up-conv with %j are %j', (params, expected) => {
    expect(sizes(params)).toEqual(expected);
  });
});

describe('extentOf', () => {
  it('lays a crop over the map that it was cut from', () => {
    const analysis = analyzeNetwork(
      chain([
        ['x', 'input', { shape: [44, 44, 1] }],
        ['c', 'conv', { filters: 1, kernelSize: 5 }],
        ['k', 'crop', {}, ['x', 'c']],
      ]),
    );
    const [rows] = alignBranches(analysis, 'k')!;
    const [large, small] = rows!.branches;
    expect(extentOf(large!, rows!.cropStart ?? 0)).toEqual([-0.5, 44]);
    expect(extentOf(small!, 0)).toEqual([1.5, 40]);
  });
});
