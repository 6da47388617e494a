import { defineConfig } from '@playwright/test';
import type { Form } from './tests/e2e/app';
import { chromiumOptions } from './tests/e2e/forms/chromium';

const isCi = process.env['CI'] !== undefined;

/**
 * End-to-end tests. Every spec runs in the served form in Chromium; the whole way through also in the built desktop shell under the
 * stand-in for Electron, and in Electron itself where its binary and a display are.
 */
export default defineConfig<{ readonly form: Form }>({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  // What takes many minutes and finds little that the rest does not: `npm run screens`.
  grepInvert: /@all/,
  outputDir: '.cache/test-results',
  // A machine of somebody else's, with others on it, may be several times slower than the one this was written on.
  timeout: isCi ? 300_000 : 180_000,
  expect: { timeout: isCi ? 40_000 : 15_000 },
  fullyParallel: false,
  workers: 2,
  forbidOnly: isCi,
  // A machine that is shared may stall for longer than a test waits. What passes only the second time is listed as flaky.
  retries: isCi ? 1 : 0,
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    actionTimeout: isCi ? 60_000 : 30_000,
    // A trace costs a third of a test's time, so there it is recorded when a test is tried again.
    screenshot: 'only-on-failure',
    trace: isCi ? 'on-first-retry' : 'retain-on-failure',
    launchOptions: chromiumOptions(),
  },
  projects: [
    // First, or its one long test would have one of the two cores for itself in the end.
    { name: 'electron-double', testMatch: '**/lenet.spec.ts', use: { form: 'electron-double' } },
    { name: 'browser', use: { form: 'browser' } },
    { name: 'electron', testMatch: '**/lenet.spec.ts', use: { form: 'electron' } },
  ],
});
