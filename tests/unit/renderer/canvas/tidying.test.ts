import { afterEach, describe, expect, it, vi } from 'vitest';
import { isPinned, tidiesSelection, tidyNetwork, togglePin } from '../../../../renderer/canvas/tidying';
import { createWorkspace } from '../../../../renderer/session';
import { layoutNetwork } from '../../../../shared/layout/layoutNetwork';
import { tidyNetwork as tidied } from '../../../../shared/layout/tidy';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { text } from '../../../../shared/text';
import { chainNetwork } from '../../../support/networks';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

const conv = ['conv', { filters: 4, kernelSize: 3, padding: 'same' }] as const;

/** A chain whose nodes stand anywhere. */
function untidy(count: number): NetworkDocument {
  const chain = chainNetwork([8, 8, 1], ...Array.from({ length: count - 1 }, () => conv));
  return { ...chain, nodes: chain.nodes.map((node, at) => ({ ...node, position: { x: at * 40, y: at * 230 } })) };
}

function open(document: NetworkDocument) {
  const session = createWorkspace(sessionServices(createSessionHost().link)).replace({ document });
  const placesOf = () =>
    Object.fromEntries(session.project.getState().document.nodes.map(({ id, position }) => [id, position]));
  return { session, project: session.project, placesOf };
}

/** A worker that answers when it is told to, by the code that the real one runs. */
class LateWorker {
  static last: LateWorker | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  question: { document: NetworkDocument; ids: readonly string[] | null } | null = null;
  isEnded = false;
  constructor() {
    LateWorker.last = this;
  }
  postMessage(question: LateWorker['question']): void {
    this.question = question;
  }
  terminate(): void {
    this.isEnded = true;
  }
  answer(): void {
    const { document, ids } = this.question!;
    if (!this.isEnded)
      this.onmessage?.({ data: { tidied: tidied(document, ids === null ? undefined : new Set(ids)) } });
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  LateWorker.last = null;
});

describe('tidying', () => {
  it('lays the whole network out as one step', () => {
    const { session, project, placesOf } = open(untidy(5));
    const before = placesOf();
    tidyNetwork(session, 'all');
    expect(placesOf()).toEqual(layoutNetwork(project.getState().document));
    project.undo();
    expect(placesOf()).toEqual(before);
    project.redo();
    const steps = project.getState().history.past.length;
    tidyNetwork(session, 'all');
    expect(project.getState().history.past.length).toBe(steps);
  });

  it('is about the selection where several are selected, and leaves the others', () => {
    const { session, project, placesOf } = open(untidy(6));
    const before = placesOf();
    project.select(['n2']);
    expect(tidiesSelection(project.getState())).toBe(false);
    project.select(['n2', 'n3', 'n4']);
    expect(tidiesSelection(project.getState())).toBe(true);
    tidyNetwork(session, 'selection');
    const after = placesOf();
    expect([after['image'], after['n1'], after['n5']]).toEqual([before['image'], before['n1'], before['n5']]);
    expect(after['n3']!.y).toBe(after['n2']!.y);
  });

  it('leaves what is pinned, until it is let go', () => {
    const { session, project, placesOf } = open(untidy(5));
    const before = placesOf();
    project.select(['n3']);
    togglePin(session);
    expect(isPinned(project.getState())).toBe(true);
    tidyNetwork(session, 'all');
    expect(placesOf()['n3']).toEqual(before['n3']);
    expect(placesOf()['n2']!.y).toBe(before['n3']!.y);
    togglePin(session);
    expect(project.getState().document.nodes.every((node) => !('pinned' in node))).toBe(true);
  });

  it('has a new layer placed elsewhere than where a pinned one would have to move', () => {
    const { session, project, placesOf } = open(untidy(3));
    project.edit(text('', ''), [{ type: 'moveNodes', positions: { n2: { x: 260, y: 230 } } }]);
    project.select(['n2']);
    togglePin(session);
    project.edit(text('', ''), [
      { type: 'insertAfter', after: 'n1', node: { id: 'new', kind: 'dropout', params: {} } },
    ]);
    expect(placesOf()['n2']).toEqual({ x: 260, y: 230 });
    const { x, y } = placesOf()['new']!;
    expect(Math.abs(x - 260) >= 152 || Math.abs(y - 230) >= 84).toBe(true);
  });

  it('waits for a worker where the network is large, and takes its answer', () => {
    vi.stubGlobal('Worker', LateWorker);
    const { session, placesOf } = open(untidy(300));
    const before = placesOf();
    tidyNetwork(session, 'all');
    expect(placesOf()).toEqual(before);
    LateWorker.last!.answer();
    expect(placesOf()).not.toEqual(before);
    expect(LateWorker.last!.isEnded).toBe(true);
  });

  it('is called off by an edit, and by being asked again', () => {
    vi.stubGlobal('Worker', LateWorker);
    const { session, project, placesOf } = open(untidy(300));
    tidyNetwork(session, 'all');
    const first = LateWorker.last!;
    tidyNetwork(session, 'all');
    const second = LateWorker.last!;
    expect([first.isEnded, second.isEnded]).toEqual([true, false]);
    project.edit(text('', ''), [{ type: 'setParams', id: 'n1', params: { filters: 5 } }]);
    expect(second.isEnded).toBe(true);
    const before = placesOf();
    second.answer();
    expect(placesOf()).toEqual(before);
  });
});
