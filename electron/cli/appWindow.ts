import { spawn } from 'node:child_process';
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { forwardingPage, keptMs } from './openBrowser';

/** A window of a browser that shows the app alone, without tabs and address bar. */
export type AppWindow = {
  /** Resolves when the browser has ended: because the window was closed, or because another one of its kind took the window over. */
  readonly ended: Promise<{ readonly isFailure: boolean }>;
  /** Closes the window. */
  close(): Promise<void>;
};

/** Where a browser keeps what belongs to the window: a folder of the app's own, so that it is no part of the user's browsing. */
async function profileFor(browser: string, dataDir: string, port: number): Promise<string> {
  // Browsers from snaps see no hidden folders, but one of their own.
  const real = await realpath(browser).catch(() => browser);
  const snap = /^\/snap\/(?:bin\/)?([\w-]+)/.exec(real)?.[1] ?? /^\/snap\/bin\/([\w-]+)/.exec(browser)?.[1];
  const home = snap === undefined ? dataDir : join(homedir(), 'snap', snap, 'common', 'convloom');
  // One for each port: two servers never share a browser's process, so the end of one closes no window of the other.
  return join(home, 'window', String(port));
}

/** Nothing of the user's, no first questions, and no calls home. */
const flags = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  // The name that Linux desktops group windows and look for icons by.
  '--class=Convloom',
];

/**
 * Opens an address in a window of its own. The address is not put on a command line, which every user of the machine can read: the
 * browser is given a file that only this user can read and that leads there, and that is gone after a minute.
 */
export async function openAppWindow(
  browser: string,
  { url, port }: { readonly url: string; readonly port: number },
  dataDir: string,
): Promise<AppWindow> {
  const profile = await profileFor(browser, dataDir, port);
  await mkdir(profile, { recursive: true, mode: 0o700 });
  // The same path each time: a browser remembers size and place of a window by its first address.
  const file = join(profile, 'convloom.html');
  const forget = (): Promise<void> => rm(file, { force: true }).catch(() => undefined);
  await forget();
  await writeFile(file, forwardingPage(url), { mode: 0o600, flag: 'wx' });
  const timer = setTimeout(() => void forget(), keptMs);
  timer.unref();
  const child = spawn(browser, [`--user-data-dir=${profile}`, `--app=${pathToFileURL(file).href}`, ...flags], {
    stdio: 'ignore',
  });
  const ended = new Promise<{ readonly isFailure: boolean }>((resolve) => {
    child.once('error', () => resolve({ isFailure: true }));
    child.once('exit', (code) => resolve({ isFailure: code !== 0 }));
  });
  return {
    ended,
    close: async () => {
      clearTimeout(timer);
      child.kill();
      await forget();
    },
  };
}
