import type { Page } from '@playwright/test';
import { watchFaults } from '../app';
import type { OpenedForm } from '../app';
import type { Server } from './server';

/** The served page in Chromium, opened by the address that the server printed. */
export async function openInBrowser(page: Page, { url, origin }: Server, faults: string[]): Promise<OpenedForm> {
  watchFaults(page, origin, faults);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  await page.goto(url);
  // Keys are heard when the app is there and its host has answered, which a person sees. Pages that are not let in never come so far.
  await page
    .locator('[data-ready="true"], .react-flow__node, [role="dialog"]')
    .first()
    .waitFor({ timeout: 15_000 })
    .catch(() => undefined);
  return {
    page,
    origin,
    readClipboard: () => page.evaluate(() => navigator.clipboard.readText()),
    close: () => page.close(),
  };
}
