import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { environmentOf, repoRoot, watchFaults } from '../app';
import type { Home, OpenedForm } from '../app';

/** Electron itself, with the build of this folder. */
export async function openInElectron(home: Home, faults: string[]): Promise<OpenedForm> {
  const packageDir = join(repoRoot, 'node_modules', 'electron');
  const executablePath = join(packageDir, 'dist', readFileSync(join(packageDir, 'path.txt'), 'utf8').trim());
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const app = await _electron.launch({
    executablePath,
    args: [...(isRoot ? ['--no-sandbox'] : []), repoRoot],
    env: environmentOf(home),
  });
  const page = await app.firstWindow();
  const origin = 'convloom-app://app';
  watchFaults(page, origin, faults);
  return {
    page,
    origin,
    readClipboard: () => app.evaluate(({ clipboard }) => clipboard.readText()),
    close: () => app.close(),
  };
}
