import { existsSync } from 'node:fs';

/** The shell is Debian's Chromium without windows of its own: a quarter less work for a page. */
const candidates = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const executablePath = candidates.find((path): path is string => path !== undefined && existsSync(path));

/** How Chromium is started for a test, with more arguments where that needs them. */
export function chromiumOptions(more: readonly string[] = []) {
  const args = [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-sync',
  ];
  return { ...(executablePath === undefined ? {} : { executablePath }), args: [...args, ...more] };
}
