/**
 * Takes the pictures of the README: the main window with LeNet after a run, light and dark. `node docs/screenshots.mjs`, after a build.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';

const root = join(import.meta.dirname, '..');
const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path));

const home = await mkdtemp(join(tmpdir(), 'convloom-docs-'));
const command = [join(root, 'bin', 'convloom.mjs'), 'serve', '--no-open', '--json', '--port', '0'];
const server = spawn(process.execPath, command, {
  env: { ...process.env, HOME: home, CONVLOOM_HOME: join(home, 'data') },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(createInterface({ input: server.stdout }), 'line');

const browser = await chromium.launch({
  ...(browserPath ? { executablePath: browserPath } : {}),
  args: ['--no-sandbox', '--force-color-profile=srgb'],
});
const page = await browser.newPage({
  viewport: { width: 1440, height: 900 },
  deviceScaleFactor: 1,
  locale: 'en-US',
  colorScheme: 'light',
  reducedMotion: 'reduce',
});
await page.goto(JSON.parse(line).url);
await page.getByRole('button', { name: 'Start from LeNet' }).click();
await page.getByRole('button', { name: 'Train', exact: true }).click();
await page.locator('[data-phase="finished"]').waitFor({ timeout: 180_000 });
await page.getByRole('group', { name: /^Conv, 20 by/ }).click();

/** Nothing may be under the pointer or have the focus, and no message may be left. */
async function shoot(theme) {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-theme="${theme}"]`).waitFor();
  await page.mouse.move(700, 8);
  await page.locator('[data-sonner-toast]').waitFor({ state: 'detached' });
  await page.screenshot({ path: join(root, 'docs', `screenshot-${theme}.png`), animations: 'disabled' });
}
await shoot('light');
await shoot('dark');

await browser.close();
server.kill('SIGINT');
await once(server, 'exit');
await rm(home, { recursive: true, force: true });
