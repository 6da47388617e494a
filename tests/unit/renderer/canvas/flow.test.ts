import { describe, expect, it } from 'vitest';
import { flowOf } from '../../../../renderer/canvas/flow';
import { createWorkspace } from '../../../../renderer/session';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { emptyDocument } from '../../../../shared/schema/document';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

const count = 60;
const ids = Array.from({ length: count }, (_, at) => (at === 0 ? 'x' : `c${at}`));

/** A chain in lines of ten. */
const chain: NetworkDocument = {
  ...emptyDocument('Chain'),
  nodes: ids.map((id, at) => ({
    id,
    kind: at === 0 ? 'input' : 'activation',
    params: at === 0 ? { shape: [8, 8, 1] } : { function: 'relu' },
    position: { x: (at % 10) * 208, y: Math.floor(at / 10) * 400 },
  })),
  edges: ids.slice(1).map((id, at) => ({ from: ids[at]!, to: id })),
};

describe('the drawing of a network', () => {
  const open = () => flowOf(createWorkspace(sessionServices(createSessionHost().link)).replace({ document: chain }));

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
});
