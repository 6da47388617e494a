import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectNodes, deleteSelection, reconnectWire, removeWire } from '../../../../renderer/canvas/actions';
import { shiftTo } from '../../../../renderer/canvas/clipboard';
import { bestPort, checkWire, moveWire, startKeyboardWire, wiringState } from '../../../../renderer/canvas/wiring';
import { createWorkspace } from '../../../../renderer/session';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { emptyDocument } from '../../../../shared/schema/document';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

const conv = (id: string) => ({ id, kind: 'conv', params: { filters: 4, kernelSize: 3, padding: 'same' } });

/** x to a to b to c, and d on its own. */
const network: NetworkDocument = {
  ...emptyDocument('N'),
  nodes: [{ id: 'x', kind: 'input', params: { shape: [8, 8, 1] } }, ...['a', 'b', 'c', 'd'].map(conv)],
  edges: [
    { from: 'x', to: 'a' },
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
  ],
};

function open(document = network) {
  const session = createWorkspace(sessionServices(createSessionHost().link)).replace({ document });
  const { project } = session;
  const wires = (): readonly string[] => project.getState().document.edges.map(({ from, to }) => `${from}>${to}`);
  const steps = (): number => project.getState().history.past.length;
  return { session, project, wires, steps };
}

describe('a wire to a port that has one', () => {
  it('replaces it, as one step that is undone', () => {
    const { session, project, wires, steps } = open();
    expect(connectNodes(session, { from: 'a', to: 'c' })).toBe(true);
    expect(wires()).toEqual(['x>a', 'a>b', 'a>c']);
    expect(steps()).toBe(1);
    project.undo();
    expect(wires()).toEqual(['x>a', 'a>b', 'b>c']);
  });

  it('that is there already changes nothing', () => {
    const { session, wires, steps } = open();
    expect(connectNodes(session, { from: 'b', to: 'c' })).toBe(true);
    expect([wires(), steps()]).toEqual([['x>a', 'a>b', 'b>c'], 0]);
  });

  it('is still refused where it runs in a circle, and what was there stays', () => {
    const { session, wires } = open();
    expect(connectNodes(session, { from: 'c', to: 'b' })).toBe(false);
    expect(wires()).toEqual(['x>a', 'a>b', 'b>c']);
  });

  it('is for the keyboard the last choice: free ports come first', () => {
    const { session } = open();
    expect(startKeyboardWire(session, 'x')).toBe(true);
    const { targets } = wiringState(session);
    expect(targets?.[0]?.nodeId).toBe('d');
  });

  it('goes to the free port of a node that has one', () => {
    const nodes = [...network.nodes, { id: 'sum', kind: 'add', params: {} }];
    const { session } = open({ ...network, nodes, edges: [...network.edges, { from: 'c', to: 'sum' }] });
    expect(bestPort(session, { nodeId: 'd', port: 'output' }, 'sum')).toEqual({ nodeId: 'sum', port: 1 });
  });
});

describe('the end of a wire', () => {
  it('is moved to a port that has a wire, in its place and as one step', () => {
    const { session, wires, steps } = open();
    reconnectWire(session, { from: 'a', to: 'b' }, { from: 'a', to: 'c' });
    expect(wires()).toEqual(['x>a', 'a>c']);
    expect(steps()).toBe(1);
  });

  it('may go where only the wire itself would be in the way', () => {
    const { session } = open();
    expect(checkWire(session, { from: 'b', to: 'a' }).ok).toBe(false);
    moveWire(session, { from: 'a', to: 'b' });
    expect(checkWire(session, { from: 'b', to: 'a' }).ok).toBe(false);
    const [, edge] = session.project.getState().document.edges;
    moveWire(session, edge ?? null);
    expect(checkWire(session, { from: 'b', to: 'a' }).ok).toBe(true);
    moveWire(session, null);
  });

  it('let go over nothing takes the wire away, and undo brings it back', () => {
    const { session, project, wires } = open();
    removeWire(session, { from: 'a', to: 'b' });
    expect(wires()).toEqual(['x>a', 'b>c']);
    project.undo();
    expect(wires()).toContain('a>b');
  });
});

describe('deleting a layer', () => {
  // The focus goes on in a page; here is none.
  beforeEach(() => void vi.stubGlobal('requestAnimationFrame', () => 0));
  afterEach(() => void vi.unstubAllGlobals());

  it.each([true, false])('leaves nothing selected, so that a second press deletes nothing (heal %s)', (heal) => {
    const { session, project } = open();
    project.select(['c']);
    for (let press = 0; press < 3; press++) deleteSelection(session, heal);
    expect(project.getState().document.nodes.map(({ id }) => id)).toEqual(['x', 'a', 'b', 'd']);
    expect(project.getState().selection.size).toBe(0);
  });
});

describe('a pasted part', () => {
  const part = {
    ...network,
    nodes: [
      { ...conv('a'), position: { x: 100, y: 40 } },
      { ...conv('b'), position: { x: 308, y: 40 } },
    ],
    edges: [],
  };

  it('comes with its middle to where the pointer is, on the 4 px grid', () => {
    // From 100 to 308 + 152 wide: the middle is 280; from 40, 84 high: 82.
    expect(shiftTo(part, { x: 1001, y: 500 }, 0)).toEqual({ x: 720, y: 420 });
  });

  it('comes a little aside of where it was when nothing is pointed at', () => {
    expect(shiftTo(part, null, 32)).toEqual({ x: 32, y: 32 });
  });
});
