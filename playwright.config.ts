import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const candidates = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'];
const executablePath = candidates.find((path): path is string => path !== undefined && existsSync(path));

/** Browser tests. `browser` drives the served form in Chromium; specs that need the desktop form bring their own launcher. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '.cache/test-results',
  timeout: 180_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
    },
  },
  projects: [{ name: 'browser' }],
});
