/**
 * Takes the pictures of the README, the main window with LeNet after a run, light and dark, and those of the pages on exports and imports. `node docs/screenshots.mjs`, after a build.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';

const root = join(import.meta.dirname, '..');
const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path));

const home = await mkdtemp(join(tmpdir(), 'convloom-docs-'));
const documents = join(home, 'Documents');
await mkdir(documents);
await copyFile(join(root, 'tests', 'fixtures', 'onnx', 'unknown.onnx'), join(documents, 'detector.onnx'));
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

/** A smaller window: these stand in the text of a page. */
await page.setViewportSize({ width: 1024, height: 700 });
await page.emulateMedia({ colorScheme: 'light' });
await page.locator('html[data-theme="light"]').waitFor();
async function chooseFile(name) {
  await page.getByRole('banner').getByRole('button', { name: 'File' }).click();
  await page.getByRole('menuitem', { name }).click();
}
await chooseFile(/^Export…/);
const dialog = page.getByRole('dialog');
await dialog.getByRole('radio', { name: 'PyTorch project' }).click();
await dialog.getByRole('region', { name: 'Preview' }).getByText('import torch').waitFor();
await page.screenshot({ path: join(root, 'docs', 'export-dialog.png'), animations: 'disabled' });
await page.keyboard.press('Escape');
await chooseFile(/^Import…/);
await dialog.getByRole('button', { name: 'detector.onnx' }).click();
const report = page.getByRole('region', { name: 'Import report' });
await report
  .getByRole('button', { name: /Einsum|Kept as/ })
  .first()
  .click();
await page.mouse.move(600, 8);
await page.locator('[data-sonner-toast]').waitFor({ state: 'detached' });
await page.screenshot({ path: join(root, 'docs', 'import-report.png'), animations: 'disabled' });

await browser.close();
server.kill('SIGINT');
await once(server, 'exit');
await rm(home, { recursive: true, force: true });
