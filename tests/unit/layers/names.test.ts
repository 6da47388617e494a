import { describe, expect, it } from 'vitest';
import { builtInLayers, layers } from '../../../shared/layers';
import { findByName, namedVariants, namesOf, searchLayers, titleOfChoice } from '../../../shared/layers/names';
import { readParams } from '../../../shared/layers/params';

describe('the names of layers', () => {
  it('stand for one kind each', () => {
    const owners = new Map<string, string>();
    const shared = layers.flatMap((definition) =>
      [...new Set(namesOf(definition))].filter((name) => {
        const other = owners.get(name);
        owners.set(name, definition.kind);
        return other !== undefined;
      }),
    );
    expect(shared).toEqual([]);
    expect(owners.size).toBeGreaterThan(150);
  });

  it('imply params that their kind has, and no two the same', () => {
    for (const definition of layers) {
      const variants = namedVariants(definition);
      for (const { choice } of variants) expect(readParams(definition, choice.params, '')).toMatchObject({ ok: true });
      const implied = variants.map(({ choice }) => JSON.stringify(choice.params));
      expect(new Set(implied).size).toBe(implied.length);
    }
  });

  it.each([
    ['relu', 'activation', 'ReLU'],
    ['Sigmoid', 'activation', 'Sigmoid'],
    ['gelu', 'activation', 'GELU'],
    ['softmax', 'activation', 'Softmax'],
    ['激活', 'activation', 'Activation'],
    ['dense', 'fc', 'FC'],
    ['linear', 'fc', 'FC'],
    ['全连接', 'fc', 'FC'],
    ['bn', 'batchnorm', 'BatchNorm'],
    ['batch norm', 'batchnorm', 'BatchNorm'],
    ['批归一化', 'batchnorm', 'BatchNorm'],
    ['max-pool', 'pool', 'Max pool'],
    ['avgpool', 'pool', 'Average pool'],
    ['池化', 'pool', 'Pool'],
    ['deconv', 'upconv', 'Up-conv'],
    ['transposed', 'upconv', 'Up-conv'],
    ['conv transpose', 'upconv', 'Up-conv'],
    ['反卷积', 'upconv', 'Up-conv'],
    ['转置卷积', 'upconv', 'Up-conv'],
    ['unpool', 'unpool', 'Unpool'],
    ['globalpool', 'gap', 'GAP'],
    ['global max pool', 'gap', 'Global max pool'],
    ['drop', 'dropout', 'Dropout'],
    ['skip', 'add', 'Add'],
    ['concat', 'concat', 'Concat'],
    ['conv', 'conv', 'Conv'],
  ])('a search for %s finds %s first, as %s', (query, kind, title) => {
    const [first] = searchLayers(layers, query);
    expect(first?.definition.kind).toBe(kind);
    expect(first && titleOfChoice(first).en).toBe(title);
  });

  it('leave out what only contains the words where the kind itself is meant', () => {
    const found = searchLayers(layers, 'pool').map((choice) => titleOfChoice(choice).en);
    expect(found[0]).toBe('Pool');
    expect(found).not.toContain('Max pool');
    expect(searchLayers(layers, 'flux capacitor')).toEqual([]);
    expect(searchLayers(layers, ' ').map(({ definition }) => definition.kind)).toEqual(layers.map(({ kind }) => kind));
  });

  it('are found whole, never by a part', () => {
    expect(findByName('con', builtInLayers)).toBeUndefined();
    expect(findByName('Conv_2D', builtInLayers)?.definition.kind).toBe('conv');
  });
});
