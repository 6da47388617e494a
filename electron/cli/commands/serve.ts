import { createHost, watchOwnCrash } from '../../host';
import { findChromium } from '../../files/chromium';
import { defaultDataDir } from '../../files/paths';
import { startServer } from '../../server';
import type { RunningServer } from '../../server';
import { openAppWindow } from '../appWindow';
import type { AppWindow } from '../appWindow';
import { defineCommand, jsonOption } from '../command';
import { openBrowser } from '../openBrowser';
import type { Opener } from '../openBrowser';
import { reportFailure } from '../report';
import type { Terminal } from '../terminal';

/** `convloom serve`. */
export const serve = defineCommand({
  name: 'serve',
  summary: 'the app in a browser on this machine, until Ctrl-C',
  details: [
    'The server answers on 127.0.0.1 only, and only to who knows the token in the printed address.',
    'With --window the app has a window of its own where a browser of the Chromium family is (Chrome, Chromium, Edge, Brave,',
    'Vivaldi; CHROMIUM_PATH names another one), and closing it ends the server; elsewhere it is a tab, as without.',
    'Closing the terminal ends it as Ctrl-C does, under nohup, too; `setsid convloom serve` outlives it.',
  ].join('\n'),
  positionals: [],
  options: {
    port: { type: 'integer', min: 0, max: 65_535, doc: 'listen here; without it, the next free port from 8930 on' },
    window: { type: 'flag', doc: 'a window of its own instead of a tab; the server ends with it' },
    'no-open': { type: 'flag', doc: 'do not open the browser' },
    json: jsonOption,
  },
  run: async ({ options }, terminal) => {
    const host = createHost({ form: 'browser' });
    const unwatch = watchOwnCrash(host.log);
    const server = await startServer({ host, ...(options.port === undefined ? {} : { port: options.port }) });
    if (!server.ok) {
      await host.dispose();
      unwatch();
      reportFailure(server, options.json, terminal);
      return 1;
    }
    const { url } = server.value;
    terminal.out(options.json ? JSON.stringify({ url }) : url);
    const opens = !options['no-open'] && hasDisplay();
    const window = opens && options.window ? await openWindow(server.value) : null;
    terminal.err(
      window === null
        ? 'Convloom is open at the address above. Ctrl-C ends it.'
        : 'Convloom is open in a window of its own. Closing it ends Convloom, and so does Ctrl-C.',
    );
    const openTab = (): Promise<Opener> =>
      // That no browser can be opened is no error, since the address is printed.
      openBrowser(url, () => terminal.err('No browser could be opened: open the address yourself.'));
    const tab = opens && window === null ? await openTab() : null;
    const closeAll = await untilEnd(server.value, window, openTab, terminal);
    await Promise.all([window?.close(), tab?.close(), closeAll?.close()]);
    await server.value.close();
    await host.dispose();
    unwatch();
    return 0;
  },
});

/** A page that is loaded again is away for less than this. */
const awayMs = 3000;

/**
 * Waits for Ctrl-C or, with a window, until that is closed and no other page is open: as a desktop app ends with its last window. A
 * window that could not be opened becomes a tab, which is given.
 */
async function untilEnd(
  server: RunningServer,
  window: AppWindow | null,
  openTab: () => Promise<Opener>,
  terminal: Terminal,
): Promise<Opener | null> {
  let tab: Opener | null = null;
  await new Promise<void>((resolve) => {
    terminal.onInterrupt(resolve);
    if (window === null) return;
    let visitors = 0;
    let hasBeenSeen = false;
    // A browser of macOS stays when its last window is closed.
    let isOver = process.platform === 'darwin';
    let timer: NodeJS.Timeout | undefined;
    const look = (): void => {
      clearTimeout(timer);
      if (visitors === 0 && hasBeenSeen && isOver) timer = setTimeout(resolve, awayMs);
    };
    server.onVisitors((count) => {
      visitors = count;
      hasBeenSeen = true;
      look();
    });
    void window.ended.then(async ({ isFailure }) => {
      isOver = true;
      look();
      if (!isFailure || hasBeenSeen) return;
      terminal.err('No window of its own could be opened. Convloom is open at the address above; Ctrl-C ends it.');
      isOver = false;
      tab = await openTab();
    });
  });
  return tab;
}

async function openWindow(server: RunningServer): Promise<AppWindow | null> {
  const browser = findChromium();
  // These browsers refuse to run for root, except in a way that the user has to choose by naming it.
  const isRefused = process.getuid?.() === 0 && !process.env['CHROMIUM_PATH'];
  if (browser === null || isRefused) return null;
  return await openAppWindow(browser, server, defaultDataDir()).catch(() => null);
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}
