import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NetworkDocument } from '../../../../shared/schema/document';
import type { Edit } from '../../../../shared/schema/edits';
import { serializeNetwork } from '../../../../shared/document';
import { layoutNetwork } from '../../../../shared/layout/layoutNetwork';
import { text } from '../../../../shared/text';
import type { Project } from '../../../../renderer/session';
import { isDirty } from '../../../../renderer/session';
import { createProject } from '../../../../renderer/session/project';

const label = text('Edit', '编辑');

const chain: NetworkDocument = {
  format: 'convloom.network',
  version: 1,
  name: 'Chain',
  nodes: [
    { id: 'image', kind: 'input', params: { shape: [28, 28, 1] } },
    { id: 'c1', kind: 'conv', params: { filters: 20, kernelSize: 5 } },
    { id: 'p1', kind: 'pool', params: { poolSize: 2 } },
    { id: 'f1', kind: 'fc', params: { units: 10 } },
  ],
  edges: [
    { from: 'image', to: 'c1' },
    { from: 'c1', to: 'p1' },
    { from: 'p1', to: 'f1' },
  ],
};

let project: Project;
const state = () => project.getState();
const totals = () => state().analysis.totals.trainableParams;

beforeEach(() => {
  project = createProject({ document: chain });
});

/** Edits that mostly fit the chain; some are refused, which must change nothing. */
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc
    .record({ id: fc.constantFrom('c1', 'p1', 'f1', 'none'), filters: fc.integer({ min: 1, max: 64 }) })
    .map(({ id, filters }): Edit => ({ type: 'setParams', id, params: { filters } })),
  fc
    .record({ id: fc.constantFrom('c1', 'p1', 'none'), heal: fc.boolean() })
    .map(({ id, heal }): Edit => ({ type: 'removeNodes', ids: [id], heal })),
  fc
    .record({ id: fc.string({ minLength: 1, maxLength: 3 }), after: fc.constantFrom('image', 'c1', 'p1') })
    .map(({ id, after }): Edit => ({
      type: 'insertAfter',
      after,
      node: { id, kind: 'activation', params: { function: 'relu' } },
    })),
  fc
    .record({ from: fc.constantFrom('image', 'c1', 'f1'), to: fc.constantFrom('c1', 'p1', 'f1') })
    .map((edge): Edit => ({ type: 'connect', edge })),
  fc
    .record({ x: fc.integer(), y: fc.integer() })
    .map((position): Edit => ({ type: 'moveNodes', positions: { image: position } })),
  fc.string({ maxLength: 8 }).map((name): Edit => ({ type: 'renameNetwork', name })),
);

describe('the project', () => {
  it('lays out a document without positions when it is opened, and is not dirty by it', () => {
    const places = layoutNetwork(chain);
    for (const node of state().document.nodes) expect(node.position).toEqual(places[node.id]);
    expect(isDirty(state())).toBe(false);
  });

  it('undoing every step of random edits restores the document and its analysis', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 12 }), (edits) => {
        project = createProject({ document: chain });
        const before = serializeNetwork(state().document);
        const paramsBefore = totals();
        for (const one of edits) {
          const source = state().document;
          if (!project.edit(label, [one]).ok) expect(state().document).toBe(source);
        }
        const after = serializeNetwork(state().document);
        const count = state().history.past.length;
        for (let index = 0; index < count; index++) project.undo();
        expect(serializeNetwork(state().document)).toBe(before);
        expect(totals()).toBe(paramsBefore);
        for (let index = 0; index < count; index++) project.redo();
        expect(serializeNetwork(state().document)).toBe(after);
      }),
      { numRuns: 60 },
    );
  });

  it('applies edits together or not at all', () => {
    const before = state().document;
    const result = project.edit(label, [
      { type: 'setParams', id: 'c1', params: { filters: 32 } },
      { type: 'setParams', id: 'nobody', params: { filters: 32 } },
    ]);
    expect(result.ok).toBe(false);
    expect(state().document).toBe(before);
    expect(state().history.past).toHaveLength(0);
  });

  it('re-analyses on every edit, merged ones too', () => {
    expect(totals()).toBe(520 + 28_810);
    project.beginGesture(label);
    project.edit(label, [{ type: 'setParams', id: 'f1', params: { units: 20 } }], 'merge');
    project.edit(label, [{ type: 'setParams', id: 'f1', params: { units: 1 } }], 'merge');
    project.commitGesture();
    expect(totals()).toBe(520 + 2_881);
    expect(state().history.past).toHaveLength(1);
    project.undo();
    expect(totals()).toBe(520 + 28_810);
  });

  it('forgets selected nodes that are gone, and keeps the others', () => {
    project.select(['c1', 'p1']);
    project.edit(label, [{ type: 'removeNodes', ids: ['c1'], heal: true }]);
    expect([...state().selection]).toEqual(['p1']);
  });

  it('keeps a tidy network tidy when a layer is inserted', () => {
    project.edit(label, [{ type: 'insertAfter', after: 'c1', node: { id: 'a1', kind: 'activation', params: {} } }]);
    const places = layoutNetwork(state().document);
    for (const node of state().document.nodes) expect(node.position).toEqual(places[node.id]);
  });

  it('leaves a network that was arranged by hand where it is, apart from the room for the newcomer', () => {
    project.edit(label, [{ type: 'moveNodes', positions: { image: { x: -400, y: 900 } } }]);
    project.edit(label, [{ type: 'insertAfter', after: 'image', node: { id: 'a1', kind: 'activation', params: {} } }]);
    const at = (id: string) => state().document.nodes.find((node) => node.id === id)?.position;
    expect(at('image')).toEqual({ x: -400, y: 900 });
    expect(at('a1')?.y).toBe(900);
    expect(at('c1')).toEqual(layoutNetwork(chain)['c1']);
  });

  it('is dirty after an edit, clean after a save, clean again when undo comes back to what was saved', () => {
    project.edit(label, [{ type: 'renameNetwork', name: 'Other' }]);
    expect(isDirty(state())).toBe(true);
    project.markSaved(state().document, { path: '/networks/other.convloom', revision: '1' });
    expect(isDirty(state())).toBe(false);
    project.edit(label, [{ type: 'renameNetwork', name: 'Third' }]);
    project.undo();
    expect(isDirty(state())).toBe(false);
  });

  it('opens a draft as unsaved work', () => {
    project = createProject({ document: chain, isUnsaved: true });
    expect(isDirty(state())).toBe(true);
  });
});
