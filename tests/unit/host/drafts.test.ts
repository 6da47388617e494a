import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import { emptyDocument } from '../../../shared/schema/document';
import { createHost } from '../../../electron/host';
import type { Host } from '../../../electron/host';

let dataDir: string;
const hosts: Host[] = [];
const notices: Diagnostic[] = [];

function openHost(): Host {
  const host = createHost({ form: 'memory', dataDir, report: (diagnostic) => notices.push(diagnostic) });
  hosts.push(host);
  return host;
}

const draftOf = (key: string, name = key) => ({ key, path: null, document: emptyDocument(name) });

async function listed(host: Host, as = 'reader'): Promise<readonly string[]> {
  const answer = await host.visit(as).api.request('draft.list', {});
  return answer.ok ? answer.value.map(({ key, document }) => `${key} ${document.name}`).sort() : ['failed'];
}

beforeEach(async () => {
  notices.length = 0;
  dataDir = await mkdtemp(join(tmpdir(), 'convloom-drafts-'));
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.dispose()));
  await rm(dataDir, { recursive: true, force: true });
});

describe('a draft', () => {
  it('is offered to nobody while the window that wrote it lives, and to all when it is gone', async () => {
    const host = openHost();
    const other = openHost();
    const a = host.visit('a');
    await a.api.request('draft.save', draftOf('one'));
    expect([await listed(host), await listed(other), await listed(host, 'a')]).toEqual([[], [], []]);
    a.leave();
    await expect.poll(() => listed(other)).toEqual(['one one']);
    expect(await listed(host)).toEqual(['one one']);
  });

  it('can be neither changed nor discarded by another window while its own lives', async () => {
    const host = openHost();
    const a = host.visit('a').api;
    await a.request('draft.save', draftOf('one'));
    for (const stranger of [host.visit('b').api, openHost().visit('c').api]) {
      const answers = [
        await stranger.request('draft.discard', { key: 'one' }),
        await stranger.request('draft.save', draftOf('one', 'other')),
      ];
      expect(answers.map((answer) => !answer.ok && answer.diagnostics[0]?.code)).toEqual([
        'file/draft-in-use',
        'file/draft-in-use',
      ]);
      await stranger.request('draft.save', { ...draftOf('mine'), replaces: 'one' });
      await stranger.request('draft.discard', { key: 'mine' });
    }
    await host.dispose();
    expect(await listed(openHost())).toEqual(['one one']);
  });

  it('of a restored network takes the place of the one that it was restored from in one step', async () => {
    const host = openHost();
    const a = host.visit('a');
    await a.api.request('draft.save', { ...draftOf('old'), path: '/n.convloom', revision: 'r', runId: 'run-1' });
    a.leave();
    const answer = await host.visit('b').api.request('draft.list', {});
    expect(answer.ok && answer.value).toMatchObject([
      { key: 'old', path: '/n.convloom', revision: 'r', runId: 'run-1' },
    ]);
    expect(answer.ok && answer.value[0]).not.toHaveProperty('owner');
    const b = host.visit('b');
    await b.api.request('draft.save', { ...draftOf('new'), replaces: 'old' });
    b.leave();
    await expect.poll(() => listed(host)).toEqual(['new new']);
  });

  it('is offered when the app that wrote it was killed, even when its pid is at work for another', async () => {
    const process = spawn('sleep', ['60']);
    const dead = spawn('true');
    await new Promise((resolve) => dead.on('exit', resolve));
    const app = '0123456789abcdef01234567';
    const owners = join(dataDir, 'drafts', 'owners');
    await mkdir(owners, { recursive: true });
    const owner = { app, connection: 'a' };
    await writeFile(join(dataDir, 'drafts', 'x.json'), JSON.stringify({ ...draftOf('k'), savedAt: '2026', owner }));
    const file = join(owners, `${app}.json`);
    const host = openHost();
    await writeFile(file, JSON.stringify({ pid: process.pid, connections: ['a'] }));
    expect(await listed(host)).toEqual([]);
    await writeFile(file, JSON.stringify({ pid: process.pid, connections: ['b'] }));
    expect(await listed(host)).toEqual(['k k']);
    await writeFile(file, JSON.stringify({ pid: process.pid, connections: ['a'] }));
    await utimes(file, 1, 1);
    expect(await listed(host)).toEqual(['k k']);
    await writeFile(file, JSON.stringify({ pid: dead.pid, connections: ['a'] }));
    expect(await listed(host)).toEqual(['k k']);
    process.kill();
  });

  it('that is damaged is set aside, and every window is told', async () => {
    const host = openHost();
    await mkdir(join(dataDir, 'drafts'), { recursive: true });
    await writeFile(join(dataDir, 'drafts', 'x.json'), '{"key": "torn');
    const heard: string[] = [];
    host.visit('a').api.on('host.notice', ({ diagnostic }) => heard.push(diagnostic.code));
    expect(await listed(host)).toEqual([]);
    expect(heard).toEqual(['file/set-aside']);
    expect(notices.map(({ code }) => code)).toEqual(['file/set-aside']);
    expect(await readdir(join(dataDir, 'drafts'))).toContain('x.damaged');
  });

  it('is announced once nobody works on it any more, and only then', async () => {
    const host = openHost();
    const found: (readonly string[])[] = [];
    host.visit('watcher').api.on('drafts.left', () => void listed(host).then((keys) => found.push(keys)));
    const writer = host.visit('writer');
    await writer.api.request('draft.save', draftOf('k', 'k'));
    host.visit('reader').leave();
    writer.leave();
    await expect.poll(() => found).toEqual([['k k']]);
  });

  it('that a page asked for with its last breath is written, then offered, and announced only then', async () => {
    const host = openHost();
    const found: (readonly string[])[] = [];
    host.visit('watcher').api.on('drafts.left', () => void listed(host).then((keys) => found.push(keys)));
    const page = host.visit('page');
    await page.api.request('draft.save', draftOf('left', 'before'));
    // As when a page is loaded again: what it asks for and its end arrive together.
    const last = page.api.request('draft.save', draftOf('left', 'after'));
    const first = page.api.request('draft.save', draftOf('right'));
    page.leave();
    expect([(await last).ok, (await first).ok]).toEqual([true, true]);
    await expect.poll(() => listed(host)).toEqual(['left after', 'right right']);
    await expect.poll(() => found).toEqual([['left after', 'right right']]);
  });

  it('keeps nobody alive who left while the first draft was being written', async () => {
    const host = openHost();
    const page = host.visit('page');
    const saved = page.api.request('draft.save', draftOf('only'));
    page.leave();
    await saved;
    await expect.poll(() => listed(host)).toEqual(['only only']);
  });

  it('keeps what was asked last, however close requests come', async () => {
    const { api, leave } = openHost().visit('a');
    const saves = Array.from({ length: 20 }, (_, index) => api.request('draft.save', draftOf('k', String(index))));
    await Promise.all([...saves, api.request('draft.discard', { key: 'gone' })]);
    leave();
    await expect.poll(() => listed(openHost())).toEqual(['k 19']);
  });
});
