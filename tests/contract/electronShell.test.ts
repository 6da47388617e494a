import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTrainingConfig } from '../../shared/schema/training';
import type { HostApi, HostEvents } from '../../shared/host/api';
import { appMenu } from '../../renderer/actions/menus';
import { buildShell } from '../support/electron-double/buildShell';
import type { BuiltShell } from '../support/electron-double/buildShell';
import { connectAsPage } from '../support/electron-double/connectAsPage';
import { launchElectron } from '../support/electron-double/launch';
import type { ElectronApp } from '../support/electron-double/launch';

describe('the built Electron shell', { timeout: 120_000 }, () => {
  let shell: BuiltShell;
  let app: ElectronApp;
  let dir: string;
  let host: HostApi;
  const commands: HostEvents['app.command'][] = [];

  beforeAll(async () => {
    shell = await buildShell();
    dir = await mkdtemp(join(tmpdir(), 'convloom-shell-'));
    const env = { CONVLOOM_HOME: join(dir, 'home'), ELECTRON_DOUBLE_LOCALE: 'zh-CN' };
    app = await launchElectron({ appRoot: shell.appRoot, scratch: shell.appRoot, env });
    host = await connectAsPage(app);
    host.on('app.command', (command) => commands.push(command));
  }, 120_000);
  afterAll(async () => {
    await app.close();
    await shell.remove();
    await rm(dir, { recursive: true, force: true });
  });

  it('opens one sandboxed, isolated window without Node on its own scheme', async () => {
    const windows = await app.call('windows', {});
    expect(windows).toHaveLength(1);
    expect(windows[0]).toMatchObject({
      url: 'convloom-app://app/index.html',
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
    });
  });

  it('gives the page one frozen object with three functions, and nothing else of the machine', async () => {
    expect(await app.evaluate('Object.keys(window.convloom).sort().join()')).toBe('onMessage,pathOf,send');
    expect(await app.evaluate('Object.isFrozen(window.convloom)')).toBe(true);
    expect(await app.evaluate('[typeof require, typeof process, typeof ipcRenderer].join()')).toBe(
      'undefined,undefined,undefined',
    );
    expect(await app.evaluate('typeof window.convloom.send.constructor("return typeof process")()')).toBe('string');
    expect(await app.evaluate('window.convloom.send.constructor("return typeof process")()')).toBe('undefined');
  });

  it('answers a request of code in the page', async () => {
    const name = await app.evaluate(`new Promise((resolve) => {
      const leave = window.convloom.onMessage((message) => { if (message.id === 9001) { leave(); resolve(message.result.value.form); } });
      window.convloom.send({ type: 'request', id: 9001, name: 'host.info', payload: {} });
    })`);
    expect(name).toBe('electron');
  });

  it('serves the HostApi: its own version, language and templates', async () => {
    const info = await host.request('host.info', {});
    expect(info.ok && info.value).toMatchObject({ version: '1.2.3', nativeDialogs: true, systemLanguage: 'zh-CN' });
    const templates = await host.request('templates.list', {});
    expect(templates.ok && templates.value.map(({ id }) => id)).toContain('lenet');
    const bad = await host.request('project.open', { path: 3 } as never);
    expect(bad.ok ? null : bad.diagnostics[0]!.code).toBe('host/invalid-message');
  });

  it('does not hear messages of other frames or addresses', async () => {
    const seen: unknown[] = [];
    app.onPageMessage((message) => seen.push(message));
    for (const url of ['https://evil.example/', 'convloom-app://other/', 'convloom-app://app/frame.html']) {
      const message = { type: 'request', id: 777, name: 'host.info', payload: {} };
      await app.call('foreignSend', { url, channel: 'convloom', message });
      if (!url.startsWith('convloom-app://app')) await app.call('strayedSend', { url, channel: 'convloom', message });
    }
    await host.request('host.info', {});
    expect(seen).not.toContainEqual(expect.objectContaining({ id: 777 }));
  });

  it('serves the page with a strict policy and nothing outside its folder', async () => {
    const page = await app.call('fetch', { url: 'convloom-app://app/index.html' });
    expect(page.status).toBe(200);
    // To the letter: each word that is added lets something in.
    expect(page.headers['content-security-policy']?.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "font-src 'self' data:",
      "img-src 'self' data: blob:",
      "connect-src 'self'",
      "worker-src 'self' blob:",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    for (const url of [
      'convloom-app://app/../../secret.txt',
      'convloom-app://app/%2e%2e/%2e%2e/secret.txt',
      'convloom-app://app/..%2f..%2fsecret.txt',
      'convloom-app://other/index.html',
    ]) {
      expect((await app.call('fetch', { url })).status).toBe(404);
    }
    expect((await app.call('fetch', { url: 'convloom-app://app/', method: 'POST' })).status).toBe(405);
  });

  it('lets the page go nowhere, and opens https links outside', async () => {
    for (const url of ['https://example.org/', 'file:///etc/passwd', 'convloom-app://app/other.html']) {
      expect((await app.call('navigate', { url })).isPrevented).toBe(true);
    }
    expect(await app.call('openWindow', { url: 'file:///etc/passwd' })).toEqual({ action: 'deny', external: [] });
    expect(await app.call('openWindow', { url: 'https://arxiv.org/' })).toEqual({
      action: 'deny',
      external: ['https://arxiv.org/'],
    });
  });

  it('lets the page put no other page within itself', async () => {
    expect(await app.call('webview', {})).toEqual({ isPrevented: true });
  });

  it('lets the page have nothing of the system but to copy text and to see through the camera', async () => {
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fileSystem',
    ]) {
      expect(await app.call('permission', { permission })).toEqual({ isGranted: false, isHeld: false });
    }
    const own = 'convloom-app://app/';
    for (const asked of [
      { media: ['audio'], from: own },
      { media: ['video', 'audio'], from: own },
      { media: ['video'], from: 'https://example.com/' },
      { media: ['video'], from: 'convloom-app://application/' },
      { media: [], from: own },
    ]) {
      expect(await app.call('permission', { permission: 'media', ...asked })).toMatchObject({ isGranted: false });
    }
    expect(await app.call('permission', { permission: 'media', media: ['video'], from: own })).toEqual({
      isGranted: true,
      isHeld: true,
    });
    expect(await app.call('permission', { permission: 'clipboard-sanitized-write' })).toEqual({
      isGranted: true,
      isHeld: true,
    });
  });

  it('opens native dialogs', async () => {
    await app.call('dialog', { canceled: false, filePaths: ['/home/me/a.convloom'] });
    expect(await host.request('files.pickOpen', {})).toEqual({ ok: true, value: { path: '/home/me/a.convloom' } });
    expect(await host.request('files.pickSave', { suggestedName: 'b' })).toEqual({ ok: true, value: null });
  });

  it('sends menu commands, and files of a second start, to the page as events', async () => {
    commands.length = 0;
    // The page says what is in the menu; the app's own list is what it sends.
    await host.request('menu.set', appMenu('en'));
    await app.call('menu', { id: 'save' });
    await app.call('secondInstance', { argv: ['/usr/bin/convloom', '--flag', 'net.convloom'], workingDir: '/work' });
    await host.request('host.info', {});
    expect(commands).toEqual([{ command: 'save' }, { command: 'openPath', path: '/work/net.convloom' }]);
  });

  it('trains in a utility process and tells the page of every epoch', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => `${n % 2},${n % 3},${n % 2 === 0 ? 'a' : 'b'}`);
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 't.csv'), `x,y,label\n${rows.join('\n')}\n`);
    const document = {
      format: 'convloom.network',
      version: 1,
      name: 'Table',
      nodes: [
        { id: 'in', kind: 'input', params: { shape: [2] } },
        { id: 'f', kind: 'fc', params: { units: 2 } },
      ],
      edges: [{ from: 'in', to: 'f' }],
    } as const;
    const events: HostEvents['run.event'][] = [];
    const ended = new Promise<void>((resolve) => {
      host.on('run.event', (event) => {
        events.push(event);
        if (event.event.type === 'finished' || event.event.type === 'failed') resolve();
      });
    });
    const config = { ...defaultTrainingConfig, data: `csv:${join(dir, 't.csv')}`, epochs: 12, learningRate: 0.1 };
    const started = await host.request('run.start', { document, config });
    expect(started).toMatchObject({ ok: true });
    await ended;
    expect(events.map(({ event }) => event.type).filter((type) => type !== 'step' && type !== 'warning')).toEqual([
      'started',
      ...Array<string>(12).fill('epoch'),
      'finished',
    ]);
    const runs = await host.request('run.list', {});
    expect(runs.ok && runs.value[0]).toMatchObject({ state: 'completed', lastEpoch: { epoch: 12, valAccuracy: 1 } });
  });

  it('goes on with the page after a reload and a crash', async () => {
    for (const what of ['reload', 'crash'] as const) {
      await app.call(what, {});
      const again = await connectAsPage(app);
      expect((await again.request('host.info', {})).ok).toBe(true);
    }
  });

  it('remembers its window and ends when it is closed', async () => {
    await app.call('closeWindow', {});
    expect(await app.exited).toBe(0);
    const state = JSON.parse(await readFile(join(dir, 'home', 'window.json'), 'utf8')) as unknown;
    expect(state).toMatchObject({ bounds: { width: 1440, height: 900 } });
  });
});
