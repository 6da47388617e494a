import { describe, expect, it } from 'vitest';
import { readableFrom } from '../../../../renderer/canvas/detail';
import { flowOf } from '../../../../renderer/canvas/flow';
import { nodeHeight, nodeWidth } from '../../../../renderer/canvas/geometry';
import { isUnreadableWhole, largeNetwork, openingViewport } from '../../../../renderer/canvas/opening';
import { createWorkspace } from '../../../../renderer/session';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { templates } from '../../../../templates/build';
import { chainNetwork } from '../../../support/networks';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

/** The room of the canvas in windows of 1024 × 700, 1280 × 720 and 1440 × 900. */
const panes = [
  { width: 518, height: 448 },
  { width: 774, height: 462 },
  { width: 934, height: 600 },
] as const;

function drawn(document: NetworkDocument) {
  const session = createWorkspace(sessionServices(createSessionHost().link)).replace({ document });
  return flowOf(session).store.getState();
}

const conv = ['conv', { filters: 4, kernelSize: 3, padding: 'same' }] as const;

describe('a network that is opened', () => {
  it.each(templates)('$id: has names that can be read, its input among them', ({ document }) => {
    const { nodes, edges } = drawn(document);
    const input = nodes.find(({ id }) => !edges.some(({ target }) => target === id))!;
    for (const pane of panes) {
      const { x, y, zoom } = openingViewport({ nodes, edges }, pane)!;
      expect(zoom).toBeGreaterThanOrEqual(readableFrom);
      const [left, top] = [input.position.x * zoom + x, input.position.y * zoom + y];
      expect(left).toBeGreaterThan(0);
      expect(top).toBeGreaterThan(0);
      expect(left + nodeWidth * zoom).toBeLessThan(pane.width);
      expect(top + nodeHeight(1) * zoom).toBeLessThan(pane.height);
    }
  });

  it('has its input in view wherever that stands', () => {
    const { nodes, edges } = drawn(chainNetwork([8, 8, 1], ...Array.from({ length: 40 }, () => conv)));
    const [first, ...others] = nodes;
    const last = { x: 9000, y: 7000 };
    const moved = [{ ...first!, position: last }, ...others];
    const [pane] = panes;
    const { x, y, zoom } = openingViewport({ nodes: moved, edges }, pane)!;
    expect(last.x * zoom + x).toBeGreaterThan(0);
    expect((last.x + nodeWidth) * zoom + x).toBeLessThan(pane.width);
    expect((last.y + nodeHeight(1)) * zoom + y).toBeLessThan(pane.height);
  });

  it('of very many nodes is seen whole, for its shape', () => {
    const { nodes, edges } = drawn(chainNetwork([8, 8, 1], ...Array.from({ length: largeNetwork }, () => conv)));
    expect(isUnreadableWhole({ nodes }, panes[0])).toBe(false);
    expect(openingViewport({ nodes, edges }, panes[0])!.zoom).toBeLessThan(readableFrom);
    const few = { nodes: nodes.slice(1), edges };
    expect(isUnreadableWhole(few, panes[0])).toBe(true);
    expect(openingViewport(few, panes[0])!.zoom).toBeGreaterThanOrEqual(readableFrom);
  });
});
