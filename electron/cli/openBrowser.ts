import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the opener needs of the system. */
export type OpenerSystem = {
  readonly platform: NodeJS.Platform;
  /** A folder that a browser may read. */
  readonly scratchDir: string;
  /** Starts a program and leaves it alone; `failed` is called when it cannot be started. */
  start(command: string, args: readonly string[], failed: () => void): void;
};

export type Opener = {
  /** Takes the file away again. */
  close(): Promise<void>;
};

/** A browser that has not read the file by then shows an error; the address is printed all the same. */
export const keptMs = 60_000;

function thisSystem(): OpenerSystem {
  // Browsers from snaps see neither the system's temporary folder nor hidden folders, and are what Ubuntu brings.
  const hasSnaps = process.platform === 'linux' && existsSync('/snap/bin');
  return {
    platform: process.platform,
    scratchDir: hasSnaps ? homedir() : tmpdir(),
    start: (command, args, failed) => {
      const child = spawn(command, args, { stdio: 'ignore', detached: true });
      child.on('error', failed);
      // `xdg-open` tells by its exit code that there is no browser.
      child.on('exit', (code) => {
        if (code !== 0 && code !== null && process.platform === 'linux') failed();
      });
      child.unref();
    },
  };
}

function commandFor(platform: NodeJS.Platform, file: string): readonly [string, readonly string[]] {
  if (platform === 'darwin') return ['open', [file]];
  // Not `cmd /c start`, which would read the path as a command.
  if (platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', file]];
  return ['xdg-open', [file]];
}

/** A page that leads to an address, for who may read the file that it is written to. */
export function forwardingPage(url: string): string {
  const address = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>Convloom</title>
<a href="${address}">Convloom</a>
`;
}

/**
 * Shows an address in the user's browser without putting it on a command line, which every user of the machine can read: the browser
 * is given a file that only this user can read and that leads to the address. It is gone after a minute, or when `close` is called.
 */
export async function openBrowser(
  url: string,
  failed: () => void,
  system: OpenerSystem = thisSystem(),
): Promise<Opener> {
  let dir: string | null = null;
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    if (dir !== null) await rm(dir, { recursive: true, force: true }).catch(() => undefined);
  };
  const timer = setTimeout(() => void close(), keptMs);
  timer.unref();
  try {
    // `mkdtemp` makes a folder that is this user's alone.
    dir = await mkdtemp(join(system.scratchDir, 'convloom-open-'));
    const file = join(dir, 'convloom.html');
    await writeFile(file, forwardingPage(url), { mode: 0o600, flag: 'wx' });
    const [command, args] = commandFor(system.platform, file);
    system.start(command, args, () => {
      void close();
      failed();
    });
  } catch {
    await close();
    failed();
  }
  return { close };
}
