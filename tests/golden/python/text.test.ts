import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layers } from '../../../shared/layers';
import { printJax } from '../../../shared/exports/jax';
import { printKeras } from '../../../shared/exports/keras';
import { printPytorch } from '../../../shared/exports/pytorch';
import { templates } from '../../../templates/build';
import { printed } from '../../support/pythonProject';
import { networks } from '../typescript/cases';

const template = (id: string) => templates.find((one) => one.id === id)!.document;

const shown = [
  ['lenet', template('lenet')],
  ['resnet-18', template('resnet-18')],
  ['block-nested-loops', networks['block-nested-loops']!],
  ['block-lists-and-choices', networks['block-lists-and-choices']!],
  ['several-inputs-and-outputs', networks['several-inputs-and-outputs']!],
] as const;

describe.each([
  ['pytorch', printPytorch],
  ['keras', printKeras],
  ['jax', printJax],
] as const)('the %s project of a network', (target, print) => {
  it.each(shown)('%s: is this model.py; -u writes it anew', async (name, document) => {
    const model = printed(print, document).files.find(({ path }) => path === 'model.py')!;
    await expect(model.text).toMatchFileSnapshot(join(import.meta.dirname, 'expected', target, `${name}.py`));
  });

  it.each([...Object.entries(networks), ...templates.map(({ id, document }) => [id, document] as const)])(
    '%s: is the same text every time, and has a place for every weight',
    (_, document) => {
      const project = printed(print, document);
      expect(printed(print, structuredClone(document))).toEqual(project);
      expect(new Set(project.weights.map(({ place }) => place)).size).toBe(project.weights.length);
    },
  );
});

describe('the Python of networks', () => {
  it('is printed for every kind but the one that stands for operations nobody understands', () => {
    const used = new Set(Object.values(networks).flatMap(({ nodes }) => nodes.map(({ kind }) => kind)));
    expect(layers.map(({ kind }) => kind).filter((kind) => !used.has(kind))).toEqual(['opaque']);
  });

  it('lays the rows of a dense layer behind a map channel by channel for PyTorch, also behind a flatten', () => {
    const lines = (name: string) =>
      printed(printPytorch, networks[name]!).files.find(({ path }) => path === 'weights.py')!.text;
    expect(lines('flatten')).toContain('Weight("n2/kernel", (3, 2, 0, 1), (9, 10, 4, 2))');
    expect(lines('fc-on-map')).toContain('Weight("n1/kernel", (3, 2, 0, 1), (9, 10, 4, 7))');
    expect(lines('fc-leaky')).toContain('Weight("n1/kernel", (1, 0))');
  });
});
