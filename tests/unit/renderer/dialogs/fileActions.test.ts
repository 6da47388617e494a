import { describe, expect, it } from 'vitest';
import { suggestedName } from '../../../../renderer/dialogs/fileActions';

describe('the suggested name of a file', () => {
  it.each([
    [suggestedName('LeNet: 5/1'), 'LeNet  5 1.convloom'],
    [suggestedName(''), 'network.convloom'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
