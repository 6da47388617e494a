import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { diskFull } from '../../../../shared/diagnostics/catalog/file';
import { runNotFound } from '../../../../shared/diagnostics/catalog/run';
import type { Result } from '../../../../shared/diagnostics/diagnostic';
import { failure, success } from '../../../../shared/diagnostics/diagnostic';
import type { Draft } from '../../../../shared/host/api';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { emptyDocument } from '../../../../shared/schema/document';
import { text } from '../../../../shared/text';
import { createWorkspace } from '../../../../renderer/session';
import { draftRetryMs } from '../../../../renderer/session/drafts';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

type Saved = Omit<Draft, 'savedAt'> & { readonly replaces?: string };

const label = text('Rename', '重命名');
const network: NetworkDocument = {
  ...emptyDocument('N'),
  nodes: [{ id: 'x', kind: 'input', params: { shape: [8, 8, 1] }, position: { x: 0, y: 0 } }],
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  let disk: Result<Record<string, never>> = success({});
  const trouble = vi.fn();
  const host = createSessionHost({ 'draft.save': () => disk });
  const workspace = createWorkspace(sessionServices(host.link, trouble));
  const session = workspace.replace({ document: network });
  let count = 0;
  const saved = (): readonly Saved[] => host.namesOf('draft.save') as readonly Saved[];
  const names = (): readonly string[] => saved().map(({ document }) => document.name);
  const edit = (target = session): void =>
    void target.project.edit(label, [{ type: 'renameNetwork', name: `edit ${++count}` }]);
  return { host, workspace, session, trouble, saved, names, edit, breakDisk: (next: typeof disk) => (disk = next) };
}

describe('drafts of a session', () => {
  it('are written a moment after an edit, under the key of the session', async () => {
    const { session, saved, edit } = open();
    edit();
    await vi.advanceTimersByTimeAsync(400);
    expect(saved()).toMatchObject([{ key: session.id, path: null, document: { name: 'edit 1' } }]);
  });

  it('hold every edit at the latest a second after it was made, however steadily edits come', async () => {
    const { names, edit } = open();
    for (let made = 1; made <= 60; made++) {
      edit();
      await vi.advanceTimersByTimeAsync(100);
      // Ten edits are a second: what was made before that is on disk.
      const drafted = Number(names().at(-1)?.slice(5) ?? 0);
      expect(made - drafted).toBeLessThan(10);
    }
    expect(names().length).toBeLessThan(15);
  });

  it('are written at once when the page goes, and say whether work is at stake', async () => {
    const { workspace, names, edit } = open();
    expect(workspace.flushDrafts()).toBe(false);
    edit();
    expect(workspace.flushDrafts()).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(names()).toEqual(['edit 1']);
    expect(workspace.flushDrafts()).toBe(false);
  });

  it('are tried again until the disk takes them, with one word when it does not and one when it does', async () => {
    const { names, edit, breakDisk, trouble } = open();
    breakDisk(failure(diskFull('/data')));
    edit();
    await vi.advanceTimersByTimeAsync(4 * draftRetryMs);
    expect(names().length).toBeGreaterThan(2);
    expect(trouble).toHaveBeenCalledTimes(1);
    breakDisk(success({}));
    await vi.advanceTimersByTimeAsync(draftRetryMs);
    expect(trouble).toHaveBeenCalledTimes(2);
    expect(trouble.mock.lastCall?.[1]).toBeNull();
    const count = names().length;
    await vi.advanceTimersByTimeAsync(4 * draftRetryMs);
    expect(names()).toHaveLength(count);
  });

  it('are written anew when a host is back, without a word while it was away', async () => {
    const { host, names, edit, breakDisk, trouble } = open();
    host.setReady(false);
    breakDisk(failure(diskFull('/data')));
    edit();
    await vi.advanceTimersByTimeAsync(1000);
    breakDisk(success({}));
    const before = names().length;
    host.setReady(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(names().length).toBe(before + 1);
    expect(trouble).not.toHaveBeenCalled();
  });

  it('go when the network is saved, undone to what was saved, or closed', async () => {
    const { host, session, workspace, edit } = open();
    edit();
    await vi.advanceTimersByTimeAsync(1000);
    session.project.undo();
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.namesOf('draft.discard')).toEqual([expect.anything(), { key: session.id }]);
    workspace.close(session.id);
    await vi.advanceTimersByTimeAsync(0);
    expect(host.namesOf('draft.discard')).toHaveLength(3);
  });

  it('have a key each', async () => {
    const { workspace, session, saved, edit } = open();
    const other = workspace.open({ document: network });
    edit(session);
    edit(other);
    await vi.advanceTimersByTimeAsync(1000);
    expect(saved().map(({ key }) => key)).toEqual([session.id, other.id]);
  });
});

describe('a draft that is restored', () => {
  const draft: Draft = {
    key: 'left behind',
    path: '/networks/n.convloom',
    revision: 'r1',
    runId: 'run-1',
    savedAt: '2026-01-01T00:00:00Z',
    document: { ...network, name: 'Left' },
  };

  it('is unsaved work on its own file, under a new key that takes the place of the old one', async () => {
    const { host, workspace, saved } = open();
    host.answers['run.get'] = () => failure(runNotFound('run-1'));
    const session = workspace.restoreDraft(draft);
    expect(session.project.getState()).toMatchObject({ file: { path: '/networks/n.convloom', revision: 'r1' } });
    await vi.advanceTimersByTimeAsync(0);
    expect(saved()).toMatchObject([
      {
        key: session.id,
        replaces: 'left behind',
        path: '/networks/n.convloom',
        revision: 'r1',
        runId: 'run-1',
        document: { name: 'Left' },
      },
    ]);
    expect(host.namesOf('run.get')).toEqual([{ runId: 'run-1' }]);
    expect(session.id).not.toBe('left behind');
  });

  it('opens beside a network with changes', () => {
    const { host, workspace, session, edit } = open();
    host.answers['run.get'] = () => failure(runNotFound('run-1'));
    edit();
    const restored = workspace.restoreDraft(draft);
    expect(workspace.getState().sessions).toEqual([session, restored]);
  });

  it('is offered with no session of this window among them', async () => {
    const { host, workspace, session } = open();
    host.answers['draft.list'] = () => success([draft, { ...draft, key: session.id }]);
    expect(await workspace.findDrafts(host.client)).toBe(1);
    expect(workspace.getState().offeredDrafts).toEqual([draft]);
  });
});
