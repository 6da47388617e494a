import { describe, expect, it } from 'vitest';
import { fill, resolveLanguage } from '../../../../renderer/i18n/language';
import { formatShort, shapeLines, spokenShape } from '../../../../renderer/ui/numbers';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [520, '520'],
    [999, '999'],
    [1000, '1.00 k'],
    [25_050, '25.1 k'],
    [431_080, '431 k'],
    [999_999, '1.00 M'],
    [2_293_000, '2.29 M'],
    [15_470_264_320, '15.5 G'],
  ])('%i is %s in short', (count, expected) => {
    expect(formatShort(count)).toBe(expected);
  });

  it('a shape that there is no room for stands in two lines, its channels below', () => {
    expect(shapeLines([14, 14, 1024], 11)).toEqual(['14×14×1,024']);
    expect(shapeLines([14, 14, 1024], 9)).toEqual(['14×14', '×1,024']);
    expect(shapeLines([1_000_000], 4)).toEqual(['1,000,000']);
  });

  it('a shape is said with by between the sizes', () => {
    expect(spokenShape([24, 24, 20], 'by')).toBe('24 by 24 by 20');
    expect(spokenShape([null, null, 3], 'by')).toBe('? by ? by 3');
  });
});

describe('language', () => {
  it.each([
    ['system', 'zh-CN', 'zh'],
    ['system', 'de-DE', 'en'],
    ['zh', 'en-US', 'zh'],
    ['en', 'zh-TW', 'en'],
  ] as const)('choice %s on a %s system shows %s', (choice, system, expected) => {
    expect(resolveLanguage(choice, system)).toBe(expected);
  });

  it('fills places, groups numbers, and leaves a place without a value visible', () => {
    expect(fill('{count} layers of {name}, {missing}', { count: 1234, name: 'LeNet' })).toBe(
      '1,234 layers of LeNet, {missing}',
    );
  });
});
