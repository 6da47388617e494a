import { describe, expect, it } from 'vitest';
import { flowOf } from '../../../../renderer/canvas/flow';
import { createWorkspace } from '../../../../renderer/session';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { emptyDocument } from '../../../../shared/schema/document';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

/** A chain in lines of ten. */
function chainOf(count: number): NetworkDocument {
  const ids = Array.from({ length: count }, (_, at) => (at === 0 ? 'x' : `c${at}`));
  return {
    ...emptyDocument('Chain'),
    nodes: ids.map((id, at) => ({
      id,
      kind: at === 0 ? 'input' : 'activation',
      params: at === 0 ? { shape: [8, 8, 1] } : { function: 'relu' },
      position: { x: (at % 10) * 208, y: Math.floor(at / 10) * 400 },
    })),
    edges: ids.slice(1).map((id, at) => ({ from: ids[at]!, to: id })),
  };
}

const chain = chainOf(60);

describe('the drawing of a network', () => {
  const open = (document = chain) =>
    flowOf(createWorkspace(sessionServices(createSessionHost().link)).replace({ document }));

  it('is the same object for object where a drag moves nothing', () => {
    const flow = open();
    const before = flow.store.getState();
    flow.showAt(new Map([['c5', { ...chain.nodes[5]!.position! }]]));
    const after = flow.store.getState();
    expect(after.nodes).toBe(before.nodes);
    expect(after.edges).toBe(before.edges);
    expect(after.wires).toBe(before.wires);
  });

  it('has another node and other wires only where one is dragged', () => {
    const flow = open();
    const before = flow.store.getState();
    const { x, y } = chain.nodes[5]!.position!;
    flow.showAt(new Map([['c5', { x: x + 4, y: y + 8 }]]));
    const after = flow.store.getState();
    expect(after.nodes.filter((node, at) => node !== before.nodes[at]).map(({ id }) => id)).toEqual(['c5']);
    expect(after.edges).toBe(before.edges);
    const others = [...after.wires].filter(([edge, wire]) => before.wires.get(edge) !== wire);
    expect(others.map(([{ from, to }]) => `${from}>${to}`).sort()).toEqual(['c4>c5', 'c5>c6']);
  });

  it('looks for no ways around what is in the hand where it is large, and for all of them once that is put down', () => {
    const large = chainOf(500);
    const flow = open(large);
    flow.route();
    const before = flow.store.getState();
    // On the wire from c15 to c16.
    const between = new Map([['c5', { x: 5.5 * 208, y: 400 }]]);
    flow.showAt(between);
    const held = flow.store.getState();
    const others = [...held.wires].filter(([edge, wire]) => before.wires.get(edge) !== wire);
    expect(others.map(([{ from, to }]) => `${from}>${to}`).sort()).toEqual(['c4>c5', 'c5>c6']);
    flow.showAt(new Map([['c5', { x: 5.5 * 208, y: 404 }]]));
    expect(flow.store.getState().held).toBe(held.held);
    flow.showAt(new Map());
    const after = flow.store.getState();
    expect(after.held.size).toBe(0);
    expect([...after.wires].every(([edge, wire]) => before.wires.get(edge) === wire)).toBe(true);
  });
});
