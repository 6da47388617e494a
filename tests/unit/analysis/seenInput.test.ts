import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { seenInput } from '../../../shared/analysis/seenInput';
import type { NetworkDocument } from '../../../shared/schema/document';
import { templates } from '../../../templates/build';
import { chainNetwork, wiredNetwork } from '../../support/networks';

const seen = (document: NetworkDocument, id: string) => seenInput(document, analyzeNetwork(document), id);
const lenet = templates.find(({ id }) => id === 'lenet')!.document;

describe('what the middle of a map sees of the picture', () => {
  it.each([
    ['c1', { top: 11, left: 11, height: 5, width: 5 }, [1, 1]],
    ['p1', { top: 10, left: 10, height: 6, width: 6 }, [2, 2]],
    ['c2', { top: 6, left: 6, height: 14, width: 14 }, [2, 2]],
  ] as const)("LeNet's %s", (id, window, jump) => {
    expect(seen(lenet, id)).toMatchObject({ inputId: 'image', image: [28, 28], window, jump, isWhole: false });
  });

  it('is all of it behind FC', () => {
    expect(seen(lenet, 'f1')).toMatchObject({
      window: { top: 0, left: 0, height: 28, width: 28 },
      inside: [28, 28],
      isWhole: true,
    });
  });

  it('reaches into the padding where the picture ends, as far as a window of ones over a picture of ones misses some', () => {
    const document = chainNetwork([5, 9, 1], ['conv', { filters: 1, kernelSize: 7, padding: 'same' }]);
    const found = seen(document, 'n1')!;
    expect(found.window).toEqual({ top: -1, left: 1, height: 7, width: 7 });
    expect(found.outside).toEqual({ top: 1, bottom: 1, left: 0, right: 0 });
    expect(found.inside).toEqual([5, 7]);
  });

  it('is on the nearest of several pictures', () => {
    const document = wiredNetwork({
      large: ['input', { shape: [32, 32, 1] }],
      small: ['input', { shape: [16, 16, 4] }],
      down: ['conv', { filters: 4, kernelSize: 3, strides: 2, padding: 'same' }, 'large'],
      sum: ['add', {}, 'down', 'small'],
    });
    expect(seen(document, 'down')!.inputId).toBe('large');
    expect(seen(document, 'sum')!.inputId).toBe('small');
  });

  it.each([
    ['a picture of unknown size', chainNetwork([null, null, 3], ['conv', { filters: 1, kernelSize: 3 }])],
    ['a row of numbers', chainNetwork([8], ['fc', { units: 2 }])],
    ['a window that does not fit', chainNetwork([4, 4, 1], ['conv', { filters: 1, kernelSize: 9 }])],
  ])('is not known for %s', (_what, document) => {
    expect(seen(document, 'n1')).toBeNull();
  });

  it('a block sees what its last layer does, on the picture before it', () => {
    const { document } = templates.find(({ id }) => id === 'resnet-18')!;
    const analysis = analyzeNetwork(document);
    const [id, block] = [...analysis.blocks].find(([key]) => document.nodes.some((node) => node.id === key))!;
    expect(seenInput(document, analysis, id)).toMatchObject({
      image: [224, 224],
      window: { height: block.receptiveField!.size[0] },
    });
  });
});
