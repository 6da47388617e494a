import { describe, expect, it } from 'vitest';
import { failure, success } from '../../../../shared/diagnostics/diagnostic';
import { fileNotFound } from '../../../../shared/diagnostics/catalog/file';
import type { Draft } from '../../../../shared/host/api';
import { emptyDocument } from '../../../../shared/schema/document';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { text } from '../../../../shared/text';
import type { Session, Workspace } from '../../../../renderer/session';
import { createWorkspace, keptTabsOf, neighbourOf, readKeptTabs, reopenTabs } from '../../../../renderer/session';
import { createSessionHost, sessionServices } from '../../../support/sessionHost';

function network(name: string): NetworkDocument {
  return { ...emptyDocument(name), nodes: [{ id: 'x', kind: 'input', params: { shape: [8, 8, 1] } }] };
}

const nameOf = ({ project }: Session): string => project.getState().document.name;
const names = (workspace: Workspace): readonly string[] => workspace.getState().sessions.map(nameOf);
const shown = (workspace: Workspace): readonly string[] => workspace.getState().shown.map(nameOf);

function open(count: number, answers: Parameters<typeof createSessionHost>[0] = {}) {
  const host = createSessionHost(answers);
  const workspace = createWorkspace(sessionServices(host.link));
  const sessions = ['A', 'B', 'C'].slice(0, count).map((name) => workspace.open({ document: network(name) }));
  return { host, workspace, sessions };
}

describe('the tabs of a window', () => {
  it('open in the place of an empty network, and behind what is there otherwise', () => {
    const { workspace } = open(3);
    expect(names(workspace)).toEqual(['A', 'B', 'C']);
    const empty = workspace.openEmpty();
    expect(workspace.openEmpty()).toBe(empty);
    expect(names(workspace)).toEqual(['A', 'B', 'C', '']);
    workspace.open({ document: network('D') });
    expect(names(workspace)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('are put in another order, and gone through round the ends', () => {
    const { workspace, sessions } = open(3);
    workspace.move(sessions[0]?.id ?? '', 2);
    expect(names(workspace)).toEqual(['B', 'C', 'A']);
    expect(nameOf(workspace.active())).toBe('C');
    expect(nameOf(neighbourOf(workspace.getState(), 2))).toBe('B');
    expect(nameOf(neighbourOf(workspace.getState(), -2))).toBe('A');
  });

  it('stand side by side: a third takes the place of the one in front, closing one leaves the other', () => {
    const { workspace, sessions } = open(3);
    workspace.split();
    expect(shown(workspace)).toEqual(['B', 'C']);
    workspace.activate(sessions[1]?.id ?? '');
    expect(shown(workspace)).toEqual(['B', 'C']);
    workspace.activate(sessions[0]?.id ?? '');
    expect(shown(workspace)).toEqual(['A', 'C']);
    workspace.close(sessions[0]?.id ?? '');
    expect(shown(workspace)).toEqual(['C']);
    expect(nameOf(workspace.active())).toBe('C');
    workspace.split();
    workspace.split();
    expect(shown(workspace)).toEqual(['C']);
  });

  it('that are alone get an empty one beside them', () => {
    const { workspace } = open(1);
    workspace.split();
    expect(shown(workspace)).toEqual(['A', '']);
    expect(nameOf(workspace.active())).toBe('');
  });
});

describe('the tabs of an earlier window', () => {
  const draft = (key: string): Draft => ({
    key,
    path: null,
    savedAt: '2026-01-01T00:00:00Z',
    document: network('Draft'),
  });

  it('come back with their files, drafts and templates, in their order and on their side', async () => {
    const before = open(0);
    const file = { path: '/a.convloom', revision: '1' };
    before.workspace.open({ document: network('File'), file });
    const dirty = before.workspace.open({ document: network('Draft') });
    dirty.project.edit(text('Edit', '编辑'), [{ type: 'renameNetwork', name: 'Changed' }]);
    before.workspace.open({ document: network('Template'), template: 'lenet' });
    before.workspace.openEmpty();
    before.workspace.activate(dirty.id);
    const kept = readKeptTabs(JSON.stringify(keptTabsOf(before.workspace.getState())));
    expect(kept).toHaveLength(3);

    // The end of the earlier window is heard late.
    let isLeft = false;
    const { host, workspace } = open(0, {
      'project.open': () => success({ ...file, document: network('File') }),
      'templates.open': () => success(network('Template')),
      'draft.list': () => success(isLeft ? [draft(dirty.id)] : []),
    });
    const reopening = reopenTabs(workspace, host.client, kept, { patienceMs: 5000, report: () => undefined });
    await new Promise((resolve) => setTimeout(resolve, 5));
    isLeft = true;
    host.emit('drafts.left', {});
    await reopening;
    expect(names(workspace)).toEqual(['File', 'Draft', 'Template']);
    expect(nameOf(workspace.active())).toBe('Draft');
    expect(await workspace.findDrafts(host.client)).toBe(0);
  });

  it('fall back to the file when the draft is gone, and say which file is gone', async () => {
    const codes: string[] = [];
    const { host, workspace } = open(0, {
      'project.open': ({ path }) =>
        path === '/gone' ? failure(fileNotFound(path)) : success({ path, revision: '1', document: network('File') }),
      'draft.list': () => success([]),
    });
    const tab = { isDirty: true, isShown: true, isActive: false };
    await reopenTabs(
      workspace,
      host.client,
      [
        { ...tab, key: 'a', path: '/there' },
        { ...tab, key: 'b', path: '/gone' },
      ],
      { patienceMs: 1, report: (found) => codes.push(...found.map(({ code }) => code)) },
    );
    expect(names(workspace)).toEqual(['File']);
    expect(codes).toEqual(['file/not-found']);
  });

  it('are none where what was kept cannot be read', () => {
    expect(readKeptTabs('[{"key": 1}]')).toEqual([]);
    expect(readKeptTabs('{')).toEqual([]);
  });
});
