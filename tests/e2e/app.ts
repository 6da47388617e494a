import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { openInBrowser } from './forms/browser';
import { openInDouble } from './forms/electronDouble';
import { openInElectron } from './forms/electron';
import { startServer } from './forms/server';
import type { Server } from './forms/server';

export { expect };

export const repoRoot = join(import.meta.dirname, '..', '..');

/** The forms of the app: served to a browser, the built desktop shell under the stand-in for Electron, and Electron itself. */
export type Form = 'browser' | 'electron-double' | 'electron';

/** The user's machine of one test: folders that nobody else uses. */
export type Home = { readonly dir: string; readonly dataDir: string; readonly documents: string };

export type App = {
  readonly page: Page;
  readonly home: Home;
  /** What the page logged as an error, threw, or asked of any other machine. Must be empty at the end of a test. */
  readonly faults: string[];
  readonly readClipboard: () => Promise<string>;
};

/** A form that runs: its page, and how it ends. */
export type OpenedForm = {
  readonly page: Page;
  /** The only origin that the page may ask. */
  readonly origin: string;
  readonly readClipboard: () => Promise<string>;
  readonly close: () => Promise<void>;
};

/** The app must see this home and none of the user's. */
export function environmentOf(home: Home): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('CONVLOOM_'),
  );
  return { ...Object.fromEntries(inherited), HOME: home.dir, USERPROFILE: home.dir, CONVLOOM_HOME: home.dataDir };
}

/** Collects what must not happen in a page. */
export function watchFaults(page: Page, origin: string, faults: string[]): void {
  const isOwn = (address: string): boolean => {
    const url = new URL(address);
    return url.protocol === 'data:' || url.protocol === 'blob:' || address.startsWith(`${origin}/`);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => faults.push(`thrown: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    if (!isOwn(request.url())) faults.push(`request outside: ${request.url()}`);
  });
  page.on('websocket', (socket) => {
    if (!isOwn(socket.url().replace(/^ws/, 'http'))) faults.push(`socket outside: ${socket.url()}`);
  });
}

/** Why Electron itself cannot run here; null when it can. Its package is not loaded: that would fetch the binary. */
export function whyNoElectron(): string | null {
  const packageDir = join(repoRoot, 'node_modules', 'electron');
  const pathFile = join(packageDir, 'path.txt');
  if (!existsSync(pathFile)) return "Electron's binary is not installed (node_modules/electron/path.txt is missing)";
  const binary = join(packageDir, 'dist', readFileSync(pathFile, 'utf8').trim());
  if (!existsSync(binary)) return `Electron's binary is not installed (${binary} is missing)`;
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return 'Electron needs a display, and there is none (set DISPLAY, or run under xvfb-run)';
  }
  return null;
}

type Options = { readonly form: Form };
type Fixtures = {
  readonly home: Home;
  /** The app with an empty canvas. */
  readonly app: App;
  /** Starts the local server by hand; for tests in which it ends and starts again. */
  readonly serve: () => Promise<Server>;
};

export const test = base.extend<Fixtures & Options>({
  form: ['browser', { option: true }],

  // Playwright reads a fixture's dependencies from its first argument, also when there are none.
  // eslint-disable-next-line no-empty-pattern
  home: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'convloom-e2e-'));
    const home = { dir, dataDir: join(dir, 'data'), documents: join(dir, 'Documents') };
    await mkdir(home.documents);
    await use(home);
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  },

  serve: async ({ home }, use) => {
    const servers: Server[] = [];
    await use(async () => {
      const server = await startServer(environmentOf(home));
      servers.push(server);
      return server;
    });
    await Promise.all(servers.map((server) => server.close()));
  },

  app: async ({ form, home, page, serve }, use, testInfo) => {
    const faults: string[] = [];
    const open = async (): Promise<OpenedForm> => {
      if (form === 'electron-double') return openInDouble(page, home, faults);
      if (form === 'electron') {
        const reason = whyNoElectron();
        if (reason !== null) console.log(`Skipped: ${reason}.`);
        testInfo.skip(reason !== null, reason ?? '');
        return openInElectron(home, faults);
      }
      return openInBrowser(page, await serve(), faults);
    };
    const opened = await open();
    await use({ page: opened.page, home, faults, readClipboard: opened.readClipboard });
    await opened.close();
    expect(faults, 'what the page logged as an error, threw, or asked of another machine').toEqual([]);
  },
});
