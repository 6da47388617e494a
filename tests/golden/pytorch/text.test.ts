import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layers } from '../../../shared/layers';
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

describe('the PyTorch of a network', () => {
  it.each(shown)('%s: is this model.py; -u writes it anew', async (name, document) => {
    const model = printed(printPytorch, document).files.find(({ path }) => path === 'model.py')!;
    await expect(model.text).toMatchFileSnapshot(join(import.meta.dirname, `expected/${name}.py`));
  });

  it.each([...Object.entries(networks), ...templates.map(({ id, document }) => [id, document] as const)])(
    '%s: is the same text every time, and has a place for every weight',
    (_, document) => {
      const project = printed(printPytorch, document);
      expect(printed(printPytorch, structuredClone(document))).toEqual(project);
      expect(new Set(project.weights.map(({ place }) => place)).size).toBe(project.weights.length);
    },
  );

  it('is printed for networks that use every kind', () => {
    const used = new Set(Object.values(networks).flatMap(({ nodes }) => nodes.map(({ kind }) => kind)));
    expect(layers.map(({ kind }) => kind).filter((kind) => !used.has(kind))).toEqual([]);
  });

  it('lays the rows of a dense layer behind a map channel by channel, also where a flatten and a dropout stand between', () => {
    const lines = (name: string) =>
      printed(printPytorch, networks[name]!).files.find(({ path }) => path === 'weights.py')!.text;
    expect(lines('flatten')).toContain('Weight("n2/kernel", (3, 2, 0, 1), (9, 10, 4, 2))');
    expect(lines('fc-on-map')).toContain('Weight("n1/kernel", (3, 2, 0, 1), (9, 10, 4, 7))');
    expect(lines('fc-leaky')).toContain('Weight("n1/kernel", (1, 0))');
  });
});
