import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './paths';

/** Browsers of the Chromium family, in the order in which one is taken: what they are called on Linux. */
const commands = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
  'brave',
  'vivaldi-stable',
  'vivaldi',
];
/** A desktop's `PATH` may lack some of them. */
const usualDirs = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];

const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser', 'Vivaldi'];

const windowsPaths = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['BraveSoftware', 'Brave-Browser', 'Application', 'brave.exe'],
  ['Vivaldi', 'Application', 'vivaldi.exe'],
];

function usualPaths(environment: Environment, platform: NodeJS.Platform, home: string): readonly string[] {
  if (platform === 'darwin') {
    return macApps.flatMap((name) =>
      ['/Applications', join(home, 'Applications')].map((dir) => join(dir, `${name}.app`, 'Contents', 'MacOS', name)),
    );
  }
  if (platform === 'win32') {
    const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => environment[name] ?? []);
    return windowsPaths.flatMap((parts) => roots.map((root) => [root, ...parts].join('\\')));
  }
  const dirs = [...(environment['PATH'] ?? '').split(':').filter((dir) => dir.startsWith('/')), ...usualDirs];
  return commands.flatMap((name) => dirs.map((dir) => join(dir, name)));
}

/**
 * The binary of a browser of the Chromium family, or null. `CHROMIUM_PATH` stands above all, and is not silently replaced by another
 * browser where it leads nowhere.
 */
export function findChromium(
  environment: Environment = process.env,
  exists: (path: string) => boolean = existsSync,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string | null {
  const named = environment['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return exists(named) ? named : null;
  return usualPaths(environment, platform, home).find(exists) ?? null;
}
