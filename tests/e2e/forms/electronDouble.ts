import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { bridgePage, pageOrigin } from '../../support/electron-double/bridgePage';
import { launchElectron } from '../../support/electron-double/launch';
import { environmentOf, repoRoot, watchFaults } from '../app';
import type { Home, OpenedForm } from '../app';

/** The built main process and preload under the stand-in for Electron, with the built page in Chromium. */
export async function openInDouble(page: Page, home: Home, faults: string[]): Promise<OpenedForm> {
  // The stand-in's bundle finds its packages only from inside the repository.
  const cache = join(repoRoot, '.cache');
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'electron-double-'));
  const app = await launchElectron({ appRoot: repoRoot, scratch, env: environmentOf(home) });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: pageOrigin });
  watchFaults(page, pageOrigin, faults);
  await bridgePage(page, app);
  await page.goto(`${pageOrigin}/index.html`);
  return {
    page,
    origin: pageOrigin,
    readClipboard: () => page.evaluate(() => navigator.clipboard.readText()),
    close: async () => {
      await page.close();
      await app.close();
      await rm(scratch, { recursive: true, force: true });
      const output = app.errorOutput().trim();
      if (output !== '') faults.push(`main process: ${output}`);
    },
  };
}
