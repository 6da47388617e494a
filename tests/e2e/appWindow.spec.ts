import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expect, repoRoot, test } from './app';
import type { Home } from './app';
import { canvasOf } from './canvas';

const browserPath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'].find(
  (path): path is string => path !== undefined && existsSync(path),
);

test.beforeEach(({ form }) => {
  test.skip(form !== 'browser', 'The desktop form has windows of its own.');
  test.skip(
    browserPath === undefined || process.platform === 'win32',
    'There is no Chromium here that a script can start.',
  );
});

/** A browser that is the real one without a screen, and that notes the command line it was started with. */
async function standIn(home: Home, script: string): Promise<string> {
  const path = join(home.dir, 'browser');
  await writeFile(path, `#!/bin/sh\nprintf '%s\\n' "$@" > '${home.dir}/arguments'\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** `convloom serve --window`, on a free port. */
function serveInWindow(home: Home, browser: string): { readonly child: ChildProcess; readonly said: () => string } {
  const command = join(repoRoot, 'bin', 'convloom.mjs');
  const child = spawn(process.execPath, [command, 'serve', '--window', '--json', '--port', '0'], {
    cwd: repoRoot,
    env: {
      ...process.env,
      CONVLOOM_HOME: home.dataDir,
      CHROMIUM_PATH: browser,
      DISPLAY: ':none',
      PATH: '/usr/bin:/bin',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  return { child, said: () => said };
}

async function linesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

/** The page in the window, through the port that the browser wrote into its profile. */
async function pageInWindow(profile: string): Promise<Page> {
  const portFile = join(profile, 'DevToolsActivePort');
  await expect.poll(() => existsSync(portFile), { timeout: 30_000 }).toBe(true);
  const [port] = await linesOf(portFile);
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port ?? ''}`);
  const [context] = browser.contexts();
  const page = context?.pages()[0];
  if (page === undefined) throw new Error('The window has no page.');
  return page;
}

test('the app has a window of its own without its token on a command line, and closing it ends the server', async ({
  home,
}) => {
  const flags = '--headless=new --no-sandbox --remote-debugging-port=0 --disable-quic';
  const { child, said } = serveInWindow(home, await standIn(home, `exec '${browserPath ?? ''}' ${flags} "$@"`));
  try {
    await expect.poll(() => linesOf(join(home.dir, 'arguments'))).not.toEqual([]);
    const given = await linesOf(join(home.dir, 'arguments'));
    const profile = given.find((line) => line.startsWith('--user-data-dir='))?.slice('--user-data-dir='.length) ?? '';
    expect(profile.startsWith(home.dataDir)).toBe(true);
    const { url } = JSON.parse(said().split('\n')[0] ?? '') as { readonly url: string };
    const token = new URL(url).searchParams.get('token') ?? '';
    expect(token).not.toBe('');
    expect(given.join(' ')).not.toContain(token);
    expect(given.some((line) => line.startsWith('--app=file:///'))).toBe(true);

    const page = await pageInWindow(profile);
    await expect(canvasOf(page)).toBeVisible({ timeout: 30_000 });
    expect(new URL(page.url()).origin).toBe(new URL(url).origin);
    // A page that is loaded again is no window that was closed.
    await page.reload();
    await expect(canvasOf(page)).toBeVisible();
    expect(child.exitCode).toBeNull();

    const ended = once(child, 'exit');
    // What closing the last window does to a browser; one without a screen stays, so it is told.
    const browser = await page.context().browser()?.newBrowserCDPSession();
    await browser?.send('Browser.close');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

test('where no window can be opened, the address stays and that is said', async ({ home }) => {
  const { child, said } = serveInWindow(home, await standIn(home, 'exit 1'));
  try {
    await expect.poll(said).toContain('No window of its own could be opened.');
    expect(child.exitCode).toBeNull();
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

test(
  'the served page can be installed: manifest, icons and types, for who has the key alone',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    const session = await page.context().newCDPSession(page);
    const manifest = await session.send('Page.getAppManifest');
    expect(manifest.errors).toEqual([]);
    const {
      name,
      display,
      icons,
      file_handlers: handlers,
    } = JSON.parse(manifest.data ?? '{}') as {
      readonly name: string;
      readonly display: string;
      readonly icons: readonly { readonly src: string; readonly sizes: string }[];
      readonly file_handlers: readonly { readonly accept: Record<string, readonly string[]> }[];
    };
    expect([name, display]).toEqual(['Convloom', 'standalone']);
    expect(handlers.flatMap(({ accept }) => Object.values(accept).flat())).toEqual(['.convloom']);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // A window of a test is a private one, from which nothing is ever installed.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);

    for (const { src, sizes } of icons) {
      const size = await page.evaluate(async (address) => {
        const picture = new Image();
        picture.src = address;
        await picture.decode();
        return `${picture.naturalWidth}x${picture.naturalHeight}`;
      }, new URL(src, manifest.url).href);
      expect(size).toBe(sizes);
    }
    const answer = await page.request.get(manifest.url);
    expect(answer.headers()['content-type']).toBe('application/manifest+json; charset=utf-8');
    expect((await fetch(manifest.url)).status).toBe(401);
    await expect(page.locator('meta[name="theme-color"]')).toHaveAttribute('content', /^#[\da-f]{3,6}$/);
  },
);
