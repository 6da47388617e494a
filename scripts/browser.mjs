/** Where a Chromium is on this machine. */
import { existsSync } from 'node:fs';

const browserPaths = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The binary; undefined where none is known. */
export function findBrowser() {
  return browserPaths.find((path) => path !== undefined && existsSync(path));
}
