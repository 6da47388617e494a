import { describe, expect, it } from 'vitest';
import { shortDataSpec } from '../../../shared/schema/data';

describe('a data spec in little room', () => {
  it.each([
    ['csv:/home/me/tables/prices.csv', 'csv:…/prices.csv'],
    ['images:C:\\pets\\', 'images:…/pets'],
    ['csv:prices.csv', 'csv:prices.csv'],
    ['mnist', 'mnist'],
    ['nothing:/a/b', 'nothing:/a/b'],
  ])('%s is %s', (spec, short) => {
    expect(shortDataSpec(spec)).toBe(short);
  });
});
