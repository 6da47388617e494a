import type { Browser, Page } from '@playwright/test';
import { browserFailed, noBrowser, packageMissing } from '../../../shared/diagnostics/catalog/commandLine';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { errorText } from '../../../shared/text';
import { findChromium } from '../../files/chromium';

/** Window of a small laptop: the common case, and every machine can show it. */
export const viewport = { width: 1440, height: 900 } as const;

/** A headless browser that is ours alone, with where it is. */
export type Chromium = {
  readonly path: string;
  readonly version: string;
  /** A page with nothing cached and nothing remembered, whose first script is `initScript`. */
  newPage(initScript: string): Promise<Page>;
  close(): Promise<void>;
};

/** Starts the browser. Without it, or without the package that drives it, says what to install. */
export async function startChromium(): Promise<Result<Chromium>> {
  const path = findChromium();
  if (path === null) return failure(noBrowser(process.env['CHROMIUM_PATH'] || null));
  const driver = await import('@playwright/test').catch(() => null);
  if (driver === null) return failure(packageMissing('@playwright/test'));
  let browser: Browser;
  try {
    browser = await driver.chromium.launch({
      executablePath: path,
      // The bench ends it itself, also on Ctrl-C.
      handleSIGINT: false,
      handleSIGTERM: false,
      args: ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-sync', '--disable-quic'],
    });
  } catch (error) {
    return failure(browserFailed(path, errorText(error).split('\n')[0] ?? ''));
  }
  return success({
    path,
    version: browser.version(),
    newPage: async (initScript) => {
      const context = await browser.newContext({ viewport, locale: 'en-US', colorScheme: 'light' });
      await context.addInitScript({ content: initScript });
      const page = await context.newPage();
      page.setDefaultTimeout(patienceMs);
      return page;
    },
    close: () => browser.close(),
  });
}

/** What takes longer than this is a failure and is said to be one. */
export const patienceMs = 30_000;
