import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { solveAllInputSizes, solveInputSizes } from '../../../shared/analysis/inputSizes';
import type { NetworkDocument } from '../../../shared/schema/document';
import { some } from '../../support/isWhole';
import { chainNetwork, wiredNetwork } from '../../support/networks';
import { readTemplate, templateNames } from '../../support/templatePrograms';

type Layer = Parameters<typeof chainNetwork>[1];

const behind = (...layers: Layer[]): NetworkDocument =>
  chainNetwork([40, 40, 4], ...layers, ['pool', { poolSize: 4 }], ['conv', { filters: 2, kernelSize: 3 }]);

/** Networks to which height and width are alike, and those to which they are not, each in another way. */
const networks: readonly (readonly [string, NetworkDocument])[] = [
  ['square windows', behind(['conv', { filters: 4, kernelSize: [3, 3], strides: 2 }])],
  ['a window that is not square', behind(['conv', { filters: 4, kernelSize: [1, 5] }])],
  ['strides of two sizes', behind(['pool', { poolSize: 2, strides: [1, 2] }])],
  ['zeros at one side', behind(['pad', { top: 3 }])],
  ['a part of the rows', behind(['slice', { axis: 'height', from: 2, to: 12 }])],
  ['a part of the rows far away', behind(['slice', { axis: 'height', from: 60_000 }])],
  ['a cut at one side', behind(['crop', { left: 5 }])],
  ['axes in another order', behind(['permute', { order: [2, 1, 3] }])],
  ['axes with the channels first', behind(['permute', { order: [3, 1, 2] }])],
  ['tokens', chainNetwork([8, 8, 4], ['classToken', {}], ['pool', { poolSize: 2 }])],
  ['a map of a given form', chainNetwork([8, 8, 4], ['reshape', { shape: [4, 16, 4] }], ['pool', { poolSize: 2 }])],
  [
    'a second input that is not square',
    wiredNetwork({
      a: ['input', { shape: [16, 16, 4] }],
      b: ['input', { shape: [8, 12, 4] }],
      p: ['pool', { poolSize: 2 }, 'a'],
      s: ['add', {}, 'p', 'b'],
    }),
  ],
];

describe('the sizes of both axes by both rules', () => {
  it.each([...networks, ...some(templateNames, 12).map((name) => [name, readTemplate(name)] as const)])(
    'are those of each by itself: %s',
    (_, document) => {
      for (const input of analyzeNetwork(document).inputs) {
        const both = (rule: 'works' | 'lossless') =>
          ([0, 1] as const).map((axis) => solveInputSizes(document, input, axis, rule));
        expect(solveAllInputSizes(document, input)).toEqual({ works: both('works'), lossless: both('lossless') });
      }
    },
  );
});
