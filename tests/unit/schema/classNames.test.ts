import { describe, expect, it } from 'vitest';
import { classText } from '../../../shared/schema/classNames';

describe('classText', () => {
  it.each([
    ['mnist-seg', 'ground', '背景'],
    ['mnist-seg', '7', '7'],
    ['cifar10:files', 'frog', '青蛙'],
    ['voc:files', 'background', '背景'],
    ['masks:files', 'ground', 'ground'],
    ['images:files', 'frog', 'frog'],
    ['cifar10:files', 'toString', 'toString'],
    ['', 'ground', 'ground'],
  ])('of %s has %s as %s in Chinese, and its own name in English', (spec, name, zh) => {
    expect(classText(spec, name)).toEqual({ en: name, zh });
  });
});
