import { describe, expect, it } from 'vitest';
import { resizeImage } from '../../../electron/data/resize';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { isRight } from '../../../shared/learn/exhibits/exhibit';
import {
  enlargementOf,
  errorOf,
  mostDifferent,
  resizingNetwork,
  restoredExhibit,
  restoredQuestion,
  seenFor,
} from '../../../shared/learn/exhibits/restored';
import { lessonNetwork, look, pictures } from '../../support/lookInside';
import { readTemplate } from '../../support/templatePrograms';

describe('a picture made large again', () => {
  const document = lessonNetwork(restoredExhibit);
  const analysis = analyzeNetwork(document);
  const enlargement = enlargementOf(analysis)!;

  it('is one of a network that enlarges grey pictures, and of no other', () => {
    expect(enlargement).toEqual({ height: 14, width: 14, factor: 2 });
    for (const name of ['lenet', 'fcn-small', 'unet-small'])
      expect(enlargementOf(analyzeNetwork(readTemplate(name)))).toBeNull();
  });

  it('is resized as the baseline of a run resizes it, to the rounding of a byte', () => {
    const bytes = Uint8Array.from(pictures(196), (value) => Math.round(255 * value));
    const given = { height: 14, width: 14, channels: 1, data: bytes };
    const expected = resizeImage(given, 28, 28).data;
    const resized = look(
      resizingNetwork(enlargement),
      Float32Array.from(bytes, (value) => value / 255),
    ).value('resized').data;
    expect(resized.length).toBe(784);
    resized.forEach((value, at) => expect(Math.abs(255 * value - expected[at]!)).toBeLessThan(0.51));
  });

  it.each([
    [13, 8],
    [0, 27],
  ])('depends at row %i, column %i on its whole frame, and on nothing beyond it', (row, column) => {
    const [top, left, height, width] = seenFor(analysis, enlargement, row, column)!;
    const [y0, x0, y1, x1] = [top / 2, left / 2, (top + height) / 2 - 1, (left + width) / 2 - 1];
    const within = [
      [y0, x0],
      [y0, x1],
      [y1, x0],
      [y1, x1],
    ] as const;
    const beyond = [
      [y0 - 1, x0],
      [y1 + 1, x0],
      [y0, x0 - 1],
      [y0, x1 + 1],
    ].filter(([y = -1, x = -1]) => Math.min(y, x) >= 0 && Math.max(y, x) < 14) as [number, number][];
    // The picture as it is, then with one pixel after the other changed, all at once.
    const plain = pictures(196);
    const changed = [...within, ...beyond].map(([y, x]) =>
      Float32Array.from(plain, (value, at) => (at === y * 14 + x ? 40 : value)),
    );
    const all = Float32Array.from([plain, ...changed].flatMap((picture) => [...picture]));
    const { data } = look(document, all).value('shuffle');
    const [before, ...after] = Array.from(
      { length: 1 + changed.length },
      (_, at) => data[at * 784 + row * 28 + column],
    );
    expect(after.map((value) => value !== before)).toEqual([...within.map(() => true), ...beyond.map(() => false)]);
  });

  it('is asked about in decibels of its mean squared error', () => {
    expect(errorOf([0, 0.5, 1, 0.25], [0, 0, 1, 0])).toBeCloseTo((0.25 + 0.0625) / 4, 12);
    expect(mostDifferent([0, 0.5, 1], [0, 0, 0.9])).toBe(1);
    const question = restoredQuestion(0.02, 0.01);
    expect([20, 20.1, 17, 0.01].map((given) => isRight(question, given))).toEqual([true, true, false, false]);
  });
});
