import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { shapeBehind } from '../../../shared/editing/fit';
import { replaceEdits } from '../../../shared/editing/replace';
import { builtInLayers, layers } from '../../../shared/layers';
import { findByName } from '../../../shared/layers/names';
import type { NetworkDocument } from '../../../shared/schema/document';
import { chain } from '../../support/chain';

const named = (name: string) => findByName(name, builtInLayers)!;

const network = chain([
  ['image', 'input', { shape: [8, 8, 3] }],
  ['c', 'conv', { filters: 5, kernelSize: [3, 1], padding: 'same', groups: 1 }],
  ['p', 'pool', { mode: 'l2', poolSize: 2 }],
  ['s', 'add', {}, ['p', 'c']],
  ['f', 'fc', { units: 2 }],
]);

function replaced(id: string, name: string, document: NetworkDocument = network) {
  const edited = applyEdits(document, replaceEdits(document, id, named(name)));
  if (!edited.ok) throw new Error(edited.diagnostics[0]?.summary.en);
  return edited.value;
}

describe('a replaced layer', () => {
  it.each([
    ['c', 'deconv', { filters: 5, groups: 1, kernelSize: [3, 1], padding: 'same' }],
    ['p', 'avgpool', { mode: 'avg', poolSize: 2 }],
    ['p', 'gap', {}],
    ['p', 'upsample', { factor: 2 }],
    ['c', 'softmax', { function: 'softmax' }],
    ['f', 'conv', { filters: 16, kernelSize: 3 }],
  ])('%s is %s with the params that both know', (id, name, params) => {
    const after = replaced(id, name);
    expect(after.nodes.find((node) => node.id === id)).toMatchObject({ kind: named(name).definition.kind, params });
    expect(Object.keys(after.nodes.find((node) => node.id === id)!.params).sort()).toEqual(Object.keys(params).sort());
    expect(after.edges).toEqual(network.edges);
  });

  it('loses the wires to ports that the new one has not', () => {
    expect(replaced('s', 'relu').edges.filter(({ to }) => to === 's')).toEqual([{ from: 'p', to: 's' }]);
    expect(replaced('c', 'input').edges.some(({ to }) => to === 'c')).toBe(false);
    expect(replaced('c', 'input').edges.some(({ from }) => from === 'c')).toBe(true);
  });

  it('is nothing where there is no such node', () => {
    expect(replaceEdits(network, 'nowhere', named('relu'))).toEqual([]);
  });
});

describe('what fits behind a shape', () => {
  const fitting = (shape: readonly (number | null)[] | null) =>
    layers.filter((definition) => shapeBehind({ definition, params: {} }, shape).ok).map(({ kind }) => kind);

  it('is what can be computed of it, and no input', () => {
    // Three kinds deal channels out to more groups than there are.
    const misfits = ['input', 'shuffle', 'groupnorm', 'depthToSpace'];
    expect(fitting([8, 8, 3])).toEqual(layers.map(({ kind }) => kind).filter((kind) => !misfits.includes(kind)));
    const ofLists = fitting([500]);
    expect(ofLists).toEqual(
      expect.arrayContaining(['activation', 'fc', 'add', 'concat', 'flatten', 'batchnorm', 'dropout']),
    );
    expect(ofLists.filter((kind) => ['conv', 'pool', 'gap', 'upconv', 'crop', 'pad'].includes(kind))).toEqual([]);
    expect(fitting(null)).toHaveLength(layers.length - 1);
  });

  it('is told with the reason where a window is larger than the map', () => {
    const fit = shapeBehind(named('conv'), [2, 2, 3]);
    expect(fit.ok ? null : fit.diagnostics[0]?.code).toBe('layers/window-too-large');
    expect(shapeBehind(named('avgpool'), [8, 8, 3])).toEqual({ ok: true, value: [4, 4, 3] });
  });
});
