import { describe, expect, it } from 'vitest';
import { nodeLines } from '../../../renderer/code/nodeLines';
import { suggestedName } from '../../../renderer/dialogs/fileActions';
import { windowAt } from '../../../renderer/inspector/ReceptiveFieldFigure';
import { inkBounds, inkCenter } from '../../../renderer/training/drawing';
import { formatBytes, formatDifference, formatSeconds, formatShare } from '../../../renderer/ui/units';

describe('lines of code that speak of a node', () => {
  const code = ["const c1 = conv({ name: 'c1' });", 'const c10 = pool(c1);', "const f = fc({ name: 'f-1' });"].join(
    '\n',
  );

  it('are those with its id as a whole word', () => {
    expect(nodeLines(code, ['c1'])).toEqual([1]);
    expect(nodeLines(code, ['c10'])).toEqual([2]);
    expect(nodeLines(code, ['f-1'])).toEqual([3]);
    expect(nodeLines(code, [])).toEqual([]);
  });

  it('are those that only take its value where none names it', () => {
    expect(nodeLines('layer(x1)\nlayer(x2)', ['x1'])).toEqual([1]);
  });

  it('are none where an id is a common word', () => {
    expect(nodeLines(Array.from({ length: 40 }, () => 'const x = 1;').join('\n'), ['const'])).toEqual([]);
  });
});

describe('a drawing', () => {
  /** A black 6×4 board with white at the given places. */
  const board = (...lit: readonly (readonly [x: number, y: number])[]): Uint8ClampedArray => {
    const data = new Uint8ClampedArray(6 * 4 * 4);
    for (const [x, y] of lit) data.set([255, 255, 255, 255], 4 * (y * 6 + x));
    return data;
  };

  it('is bounded by its ink', () => {
    expect(inkBounds(board([1, 1], [4, 2]), 6, 4)).toEqual({ left: 1, top: 1, width: 4, height: 2 });
    expect(inkBounds(board(), 6, 4)).toBeNull();
  });

  it('has its centre of mass between its dots', () => {
    expect(inkCenter(board([1, 1], [4, 2]), 6, 4)).toEqual([3, 2]);
    expect(inkCenter(board(), 6, 4)).toEqual([3, 2]);
  });
});

describe('the window of a value on the input', () => {
  it('of the first value of a 5×5 conv covers the pixels 0 to 4', () => {
    const field = {
      size: [5, 5],
      jump: [1, 1],
      start: [2, 2],
      positions: [24, 24],
      global: false,
      union: false,
    } as const;
    expect(windowAt(field, 0, 0)).toEqual([0, 5]);
    expect(windowAt(field, 1, 3)).toEqual([3, 5]);
  });
});

describe('figures', () => {
  it.each([
    [formatBytes(46_080), '46.1 KB'],
    [formatBytes(999), '999 B'],
    [formatBytes(1_724_320), '1.7 MB'],
    [formatDifference(-405_000), '−405,000'],
    [formatDifference(520), '+520'],
    [formatDifference(0), '±0'],
    [formatShare(405_510, 431_080), '94.1 %'],
    [formatShare(0, 0), '0 %'],
    [formatSeconds(3.4), '3 s'],
    [formatSeconds(125), '2 min 05 s'],
    [formatSeconds(4800), '1 h 20 min'],
    [suggestedName('LeNet: 5/1'), 'LeNet  5 1.convloom'],
    [suggestedName(''), 'network.convloom'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
