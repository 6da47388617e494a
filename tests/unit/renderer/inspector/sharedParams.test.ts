import { describe, expect, it } from 'vitest';
import { findLayer } from '../../../../shared/layers';
import type { NetworkNode } from '../../../../shared/schema/document';
import { sharedParams } from '../../../../renderer/inspector/sharedParams';

function nodes(...given: readonly (readonly [kind: string, params: NetworkNode['params']])[]) {
  return given.map(([kind, params], at) => ({
    node: { id: `n${at}`, kind, params },
    definition: findLayer(kind) ?? null,
  }));
}

describe('the params of several nodes', () => {
  it('are all of those of one kind, with the value that they share', () => {
    const [group, ...others] = sharedParams(
      nodes(['conv', { filters: 8, kernelSize: 3 }], ['conv', { filters: 16, kernelSize: 3, strides: 1 }]),
    );
    expect(others).toEqual([]);
    expect(group).toMatchObject({ definition: null, nodes: [{ id: 'n0' }, { id: 'n1' }] });
    const byName = new Map(group?.params.map((param) => [param.name, param]));
    expect(byName.get('filters')).toMatchObject({ isMixed: true, value: undefined, isDefault: false });
    expect(byName.get('kernelSize')).toMatchObject({ isMixed: false, value: 3, isDefault: false });
    // One says the default, the other leaves it out: they agree.
    expect(byName.get('strides')).toMatchObject({ isMixed: false, value: 1, isDefault: false });
    expect(byName.get('padding')).toMatchObject({ isMixed: false, value: 'valid', isDefault: true });
  });

  it('are what all kinds have in common, then the rest of the most frequent kind', () => {
    const [common, own, ...others] = sharedParams(
      nodes(['fc', { units: 4 }], ['conv', { filters: 8, kernelSize: 3 }], ['conv', { filters: 8, kernelSize: 5 }]),
    );
    expect(others).toEqual([]);
    expect(common?.definition).toBeNull();
    expect(common?.params.map(({ name }) => name)).toEqual(['useBias', 'activation', 'initializer', 'trainable']);
    expect(own?.definition?.kind).toBe('conv');
    expect(own?.nodes.map(({ id }) => id)).toEqual(['n1', 'n2']);
    expect(own?.params.map(({ name }) => name)).toContain('kernelSize');
    expect(own?.params.map(({ name }) => name)).not.toContain('activation');
  });

  it('are not those that mean something else under one name, nor those of kinds that are not known', () => {
    expect(sharedParams(nodes(['pool', {}], ['gap', {}]))).toEqual([]);
    expect(sharedParams(nodes(['conv', {}], ['nothing', {}]))).toEqual([]);
    expect(sharedParams([])).toEqual([]);
  });
});
