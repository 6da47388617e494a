import type { Page } from '@playwright/test';
import { watchFaults } from '../app';
import type { OpenedForm } from '../app';
import type { Server } from './server';

/** The served page in Chromium, opened by the address that the server printed. */
export async function openInBrowser(page: Page, { url, origin }: Server, faults: string[]): Promise<OpenedForm> {
  watchFaults(page, origin, faults);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  await page.goto(url);
  return {
    page,
    origin,
    readClipboard: () => page.evaluate(() => navigator.clipboard.readText()),
    close: () => page.close(),
  };
}
