import { describe, expect, it } from 'vitest';
import { detailAt, hasDots } from '../../../../renderer/canvas/detail';
import { toneOf } from '../../../../renderer/canvas/findings';
import { flowOf } from '../../../../renderer/canvas/flow';
import { nodeHeight, nodeWidth } from '../../../../renderer/canvas/geometry';
import { wireGap } from '../../../../shared/layout/geometry';
import { fittedViewport, zoomRange } from '../../../../renderer/canvas/view';
import { createWorkspace } from '../../../../renderer/session';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { emptyDocument } from '../../../../shared/schema/document';
import { text } from '../../../../shared/text';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

const conv = (id: string, x: number, padding = 'same') => ({
  id,
  kind: 'conv',
  params: { filters: 4, kernelSize: 3, padding },
  position: { x, y: 0 },
});

const chain: NetworkDocument = {
  ...emptyDocument('N'),
  nodes: [
    { id: 'x', kind: 'input', params: { shape: [8, 8, 1] }, position: { x: 0, y: 0 } },
    conv('a', 400),
    conv('b', 800),
  ],
  edges: [
    { from: 'x', to: 'a' },
    { from: 'a', to: 'b' },
  ],
};

function open(document = chain) {
  const session = createWorkspace(sessionServices(createSessionHost().link)).replace({ document });
  const flow = flowOf(session);
  return { ...session, flow, drawn: () => flow.store.getState() };
}

describe('the detail of the canvas', () => {
  it.each([
    [2, 'near'],
    [0.55, 'near'],
    [0.54, 'far'],
    [0.3, 'distant'],
    [0.26, 'mark'],
    [0.08, 'mark'],
  ] as const)('at a zoom of %d is %s', (zoom, detail) => {
    expect(detailAt(zoom)).toBe(detail);
  });
});

describe('the dots of the ground', () => {
  it.each([
    [0.26, false],
    [0.38, false],
    [0.39, true],
    [1, true],
  ])('at zoom %s: %s', (zoom, isDrawn) => {
    expect(hasDots(detailAt(zoom))).toBe(isDrawn);
  });
});

describe('the drawing of a network', () => {
  it('keeps every node but the one that was edited, whatever shapes follow', () => {
    const { project, flow, drawn } = open();
    const before = drawn();
    project.edit(text('', ''), [{ type: 'setParams', id: 'x', params: { shape: [16, 16, 1] } }]);
    flow.refresh();
    expect(project.getState().analysis.nodes.get('b')?.outputShape).toEqual([16, 16, 4]);
    expect(drawn().nodes.map((node, index) => node === before.nodes[index])).toEqual([false, true, true]);
    expect(drawn().edges.every((edge, index) => edge === before.edges[index])).toBe(true);
  });

  it('keeps the lines of wires whose ends have not moved', () => {
    const { flow, drawn } = open();
    const before = drawn();
    flow.showAt(new Map([['b', { x: 800, y: 300 }]]));
    const [kept, moved] = chain.edges;
    expect(drawn().wires.get(kept!)).toBe(before.wires.get(kept!));
    expect(drawn().wires.get(moved!)?.route.path).not.toBe(before.wires.get(moved!)?.route.path);
    expect(drawn().nodes.map((node, index) => node === before.nodes[index])).toEqual([true, true, false]);
  });

  it('gives React Flow the ports that the wires end at', () => {
    const { flow, drawn } = open();
    flow.showAt(new Map([['b', { x: 400, y: 300 }]]));
    expect(drawn().edges.map(({ sourceHandle, targetHandle }) => [sourceHandle, targetHandle])).toEqual([
      ['out', 'in0'],
      ['out-bottom', 'in0'],
    ]);
    const [, a, b] = drawn().nodes;
    expect(a?.handles?.map(({ id, position }) => [id, position])).toEqual([
      ['in0', 'left'],
      ['out', 'right'],
      ['out-bottom', 'bottom'],
    ]);
    expect(b?.handles?.find(({ id }) => id === 'in0')?.position).toBe('top');
  });

  it('has wires from ring to ring', () => {
    const { drawn } = open();
    const middle = nodeHeight(1) / 2;
    expect(drawn().wires.get(chain.edges[0]!)?.route.path).toBe(
      `M${nodeWidth + wireGap} ${nodeHeight(0) / 2}L${400 - wireGap} ${middle}`,
    );
  });
});

describe('the first view', () => {
  it('shows a network whole, no larger than life and no smaller than the canvas goes', () => {
    const { drawn } = open();
    const pane = { width: 600, height: 500 };
    const view = fittedViewport(drawn().nodes, pane)!;
    expect(view.zoom).toBeLessThan(1);
    expect(view.x).toBeGreaterThan(0);
    expect(view.x + (800 + nodeWidth) * view.zoom).toBeLessThan(pane.width);
    expect(fittedViewport(drawn().nodes, { width: 4000, height: 4000 })?.zoom).toBe(1);
    expect(fittedViewport(drawn().nodes, { width: 20, height: 20 })?.zoom).toBe(zoomRange.minZoom);
    expect(fittedViewport([], pane)).toBeUndefined();
  });
});

describe('the tone of a mark', () => {
  const { edges } = chain;
  it.each([
    ['ok', chain, 'x', false],
    ['warned', chain, 'x', true],
    // Two convs with nothing between them do the work of one.
    ['warned', chain, 'b', false],
    ['waiting', { ...chain, edges: edges.slice(1) }, 'a', true],
    ['blocked', { ...chain, edges: edges.slice(1) }, 'b', true],
    [
      'error',
      { ...chain, nodes: chain.nodes.map((node) => (node.id === 'a' ? { ...node, kind: 'cnov' } : node)) },
      'a',
      true,
    ],
  ] as const)('is %s', (tone, document, id, hasTrainingFinding) => {
    expect(toneOf(open(document).project.getState().analysis, id, hasTrainingFinding)).toBe(tone);
  });
});
