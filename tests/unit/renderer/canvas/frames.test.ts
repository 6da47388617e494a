import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alignSelection } from '../../../../renderer/canvas/arranging';
import { groupSelection, toggleInPlace, ungroupSelection } from '../../../../renderer/canvas/blocks';
import { flowOf } from '../../../../renderer/canvas/flow';
import { makeFrameRoom, type Frame } from '../../../../renderer/canvas/frames';
import { frameSelection } from '../../../../renderer/canvas/framing';
import { nodeHeight, nodeWidth } from '../../../../renderer/canvas/geometry';
import { addPlace, leadWire, movedPlace } from '../../../../renderer/canvas/leading';
import { showProblem } from '../../../../renderer/problems/showProblem';
import { chooseFrame, createWorkspace, focusOf, framedIn, goTo, levelOf } from '../../../../renderer/session';
import { findNode } from '../../../../shared/analysis/blocks';
import { areaOfFrame, areOverlapping, heldNodes } from '../../../../shared/layout/frames';
import { layoutCell } from '../../../../shared/layout/geometry';
import { text } from '../../../../shared/text';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';
import { chainNetwork } from '../../../support/networks';

// The focus goes on at the next frame of a screen, of which there is none here.
beforeEach(() => void vi.stubGlobal('requestAnimationFrame', () => 0));
afterEach(() => void vi.unstubAllGlobals());

/** A chain whose second and third layer are a block. */
function open() {
  const same = { filters: 4, kernelSize: 3, padding: 'same' };
  const document = chainNetwork([8, 8, 1], ['conv', same], ['conv', same], ['pool'], ['fc', { units: 2 }]);
  const session = createWorkspace(sessionServices(createSessionHost().link)).replace({ document });
  session.project.select(['n1', 'n2']);
  groupSelection(session);
  const [block] = session.project.getState().selection;
  if (block === undefined) throw new Error('There is no block.');
  const flow = flowOf(session);
  const toggle = (): void => {
    toggleInPlace(session, block);
    flow.refresh();
  };
  const drawn = (id: string) => flow.store.getState().nodes.find((node) => node.id === id)!;
  const inside = () => framedIn(session).get(block)!;
  return { session, block, flow, toggle, drawn, inside };
}

describe('a block that is open in its place', () => {
  it('is as large as its inside, its ports stay where they were, and what is behind it makes room', () => {
    const { block, toggle, drawn, inside } = open();
    const [closed, next] = [drawn(block), drawn('n3')];
    toggle();
    const [frame, moved] = [drawn(block), drawn('n3')];
    expect(inside().document.nodes.map(({ kind }) => kind)).toContain('conv');
    expect(frame.width!).toBeGreaterThan(2 * nodeWidth);
    expect(frame.height!).toBeGreaterThan(nodeHeight(1));
    expect(frame.position).toEqual(closed.position);
    expect(frame.handles![0]!.y).toBe(closed.handles![0]!.y);
    expect(frame.handles!.at(-1)!.x - closed.handles!.at(-1)!.x).toBe(frame.width! - nodeWidth);
    expect(moved.position.x - next.position.x).toBe(frame.width! - nodeWidth);
    toggle();
    expect(drawn(block).width).toBe(nodeWidth);
    expect(drawn('n3').position).toEqual(next.position);
  });

  it('is not in the document, nor in its history', () => {
    const { session, toggle } = open();
    const before = session.project.getState();
    toggle();
    expect(session.project.getState().document).toBe(before.document);
    expect(session.project.getState().history).toBe(before.history);
  });

  it('the place of a node that is let go behind it is the one that it is shown at again', () => {
    const { flow, toggle, drawn, session } = open();
    toggle();
    const { document } = session.project.getState();
    for (const id of ['image', 'n3', 'n4']) {
      for (const [dx, dy] of [
        [0, 0],
        [37, -12],
        [2000, 900],
      ] as const) {
        const shown = { x: drawn(id).position.x + dx, y: drawn(id).position.y + dy };
        const place = flow.documentPlace(shown, id);
        const node = { ...document.nodes.find((one) => one.id === id)!, position: place };
        expect(flow.placeIn(document, node)).toEqual(shown);
      }
    }
  });

  it('shows nothing over anything else, whatever is open and however large it is', () => {
    const at = fc.record({ x: fc.integer({ min: 0, max: 6 }), y: fc.integer({ min: 0, max: 6 }) });
    const grown = fc.record({ wider: fc.integer({ min: 0, max: 900 }), higher: fc.integer({ min: 1, max: 900 }) });
    const cells = fc.uniqueArray(fc.tuple(at, fc.option(grown)), {
      selector: ([{ x, y }]) => `${x} ${y}`,
      maxLength: 9,
    });
    const { level } = (({ toggle, inside }) => (toggle(), { level: inside() }))(open());
    fc.assert(
      fc.property(cells, fc.integer({ min: 0, max: 60 }), (chosen, stagger) => {
        const nodes = chosen.map(([{ x, y }], id) => ({
          id: `${id}`,
          kind: 'conv',
          params: {},
          position: { x: x * 240 + (y % 2) * stagger, y: y * 120 },
        }));
        const frames = new Map<string, Frame>();
        for (const [id, [, size]] of chosen.entries()) {
          if (size === null) continue;
          const [width, height] = [nodeWidth + size.wider, nodeHeight(1) + size.higher];
          frames.set(`${id}`, { level, width, height, head: nodeHeight(1), origin: { x: 0, y: 0 } });
        }
        const room = makeFrameRoom(nodes, frames);
        const boxes = nodes.map(({ id, position }) => ({
          ...room.toShown(position, id),
          width: frames.get(id)?.width ?? nodeWidth,
          height: frames.get(id)?.height ?? nodeHeight(1),
        }));
        const overlaps = boxes.filter((a, one) => boxes.some((b, other) => one < other && areOverlapping(a, b)));
        expect(overlaps).toEqual([]);
      }),
    );
  });

  it('what is let go over an open block begins behind it', () => {
    const { flow, toggle, drawn, block } = open();
    toggle();
    const { position, width } = drawn(block);
    const place = flow.documentPlace({ x: position.x + width! / 2, y: position.y }, null);
    expect(place).toEqual({ x: position.x + nodeWidth, y: position.y });
  });

  it('a titled frame around it grows with it, one behind it moves with what it holds, and both are found again', () => {
    const { session, flow, toggle, drawn, block } = open();
    const frameAround = (id: string) => {
      session.project.select([id]);
      frameSelection(session);
      return areaOfFrame(session.project.getState().document.frames!.at(-1)!);
    };
    const around = frameAround(block);
    const behind = frameAround('n3');
    const before = drawn('n3').position;
    expect(flow.shownArea(around)).toEqual(around);
    toggle();
    const moved = drawn('n3').position.x - before.x;
    expect(flow.shownArea(around)).toMatchObject({ x: around.x, width: around.width + moved });
    expect(flow.shownArea(around).height).toBeGreaterThan(around.height);
    expect(flow.shownArea(behind)).toMatchObject({ x: behind.x + moved, width: behind.width });
    for (const area of [around, behind]) expect(flow.documentArea(flow.shownArea(area))).toEqual(area);
    // Drawn while the block is open, it is the frame that it would be otherwise.
    expect(frameAround(block)).toEqual(around);
  });

  it('layers beside it are put in line as they are shown', () => {
    const { session, flow, toggle, drawn } = open();
    toggle();
    const place = drawn('n3').position;
    session.project.select(['n3', 'n4']);
    alignSelection(session, 'left', text('Align', '对齐'));
    flow.refresh();
    expect(drawn('n4').position.x).toBe(place.x);
    expect(drawn('n3').position).toEqual(place);
  });

  it('a wire behind it is led through the place that is pointed at', () => {
    const { session, flow, toggle, drawn } = open();
    toggle();
    const wireInto = () => session.project.getState().document.edges.find(({ to }) => to === 'n4')!;
    const shown = { x: drawn('n4').position.x - 20, y: drawn('n4').position.y - 40 };
    addPlace(session, wireInto(), flow.documentPlace(shown, null));
    flow.refresh();
    const [place] = flow.store.getState().wires.get(wireInto())!.via;
    expect(Math.abs(place!.x - shown.x)).toBeLessThanOrEqual(2);
    expect(Math.abs(place!.y - shown.y)).toBeLessThanOrEqual(2);
  });

  it.each(['n4', 'n3', 'block'] as const)('a place of the wire into %s stays where it is dragged to', (end) => {
    const { session, block, flow, toggle, drawn } = open();
    toggle();
    const to = end === 'block' ? block : end;
    const wireInto = () => session.project.getState().document.edges.find((edge) => edge.to === to)!;
    const begin = { x: drawn(to).position.x - 20, y: drawn(to).position.y + 60 };
    addPlace(session, wireInto(), flow.documentPlace(begin, null));
    flow.refresh();
    for (const by of [-700, -300, -40, 0, 40, 300, 700]) {
      const { own, shown } = movedPlace(session, wireInto(), 0, { x: by, y: by / 4 });
      leadWire(session, wireInto(), [own]);
      flow.refresh();
      expect(flow.store.getState().wires.get(wireInto())!.via).toEqual([shown]);
    }
  });

  it('an edit inside is one step of the network, and its shapes follow everywhere', () => {
    const { session, block, toggle, inside } = open();
    toggle();
    const inner = inside().session;
    const conv = inner.project.getState().document.nodes.findLast(({ kind }) => kind === 'conv')!;
    const steps = session.project.getState().history.past.length;
    inner.project.edit(text('Set filters', '设置'), [{ type: 'setParams', id: conv.id, params: { filters: 9 } }]);
    expect(session.project.getState().history.past).toHaveLength(steps + 1);
    expect(findNode(session.project.getState().analysis, block)!.outputShape).toEqual([8, 8, 9]);
    expect(findNode(inner.project.getState().analysis, conv.id)!.outputShape).toEqual([8, 8, 9]);
    expect(inside().session).toBe(inner);
    session.project.undo();
    expect(findNode(inner.project.getState().analysis, conv.id)!.outputShape).toEqual([8, 8, 4]);
  });

  it('is where a problem inside of it leads, rather than into the block', () => {
    const { session, toggle, inside } = open();
    toggle();
    const inner = inside().session;
    const conv = inner.project.getState().document.nodes.findLast(({ kind }) => kind === 'conv')!;
    const params = { kernelSize: 99, padding: 'valid' };
    inner.project.edit(text('Set kernel', '设置'), [{ type: 'setParams', id: conv.id, params }]);
    const [problem] = session.project.getState().analysis.diagnostics;
    showProblem(session, problem!);
    expect(levelOf(session).path).toEqual([]);
    expect(focusOf(session)).toBe(inner);
    expect([...inner.project.getState().selection]).toEqual([conv.id]);
    toggle();
    showProblem(session, problem!);
    expect(levelOf(session).path).toHaveLength(1);
  });

  it('is what the user works in while it is chosen', () => {
    const { session, toggle, inside } = open();
    toggle();
    const inner = inside().session;
    expect(focusOf(session)).toBe(session);
    chooseFrame(session, inner);
    expect(focusOf(session)).toBe(inner);
    expect(levelOf(inner).block).not.toBeNull();
    expect(levelOf(session).path).toEqual([]);
    chooseFrame(session, null);
    expect(focusOf(session)).toBe(session);
    chooseFrame(session, inner);
    toggle();
    expect(focusOf(session)).toBe(session);
  });

  it('stays open while another level is on the canvas, and is gone with its node', () => {
    const { session, block, toggle, flow } = open();
    toggle();
    goTo(session, [{ nodeId: block, copy: 1 }]);
    expect(framedIn(focusOf(session)).size).toBe(0);
    goTo(session, []);
    expect(framedIn(session).size).toBe(1);
    session.project.undo();
    flow.refresh();
    expect(framedIn(session).size).toBe(0);
    expect(flow.store.getState().frames.size).toBe(0);
  });

  it('nodes that nothing changed for are the very same, open or not', () => {
    const { toggle, drawn, flow } = open();
    const image = drawn('image');
    toggle();
    expect(drawn('image')).toBe(image);
    const all = flow.store.getState();
    flow.refresh();
    expect(flow.store.getState().nodes.every((node, at) => node === all.nodes[at])).toBe(true);
    expect(flow.store.getState().frames).toBe(all.frames);
  });

  it('a titled frame around layers follows them into one card, and out of it again', () => {
    const document = chainNetwork([8, 8, 1], ['conv', {}], ['conv', {}], ['pool'], ['fc', { units: 2 }]);
    const session = createWorkspace(sessionServices(createSessionHost().link)).replace({ document });
    session.project.select(['n1', 'n2']);
    frameSelection(session);
    const frame = () => session.project.getState().document.frames![0]!;
    const held = () => heldNodes(frame(), session.project.getState().document.nodes);
    const before = frame().size.width;
    session.project.select(['n1', 'n2']);
    groupSelection(session);
    const [block] = session.project.getState().selection;
    expect(held()).toEqual([block]);
    expect(before - frame().size.width).toBe(layoutCell.pitchX);
    ungroupSelection(session);
    expect(held()).toHaveLength(2);
    expect(frame().size.width).toBe(before);
  });

  it('no other node can be opened', () => {
    const { session } = open();
    expect(toggleInPlace(session, 'n3')).toBe(false);
    expect(toggleInPlace(session, 'nothing')).toBe(false);
  });
});
