/**
 * Takes every template in its three views, on sheets to look at: `node docs/contactSheets.mjs [FOLDER] [NAME ...]`, after a build. Names keep some
 * of the templates. Every template is in every view, every view in every window; single pictures stand beside the sheets.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import sharp from 'sharp';

const root = join(import.meta.dirname, '..');
const [folder = join(root, '.cache', 'sheets'), ...only] = process.argv.slice(2);

/** Every pair of theme, language and size. */
const windows = [
  { theme: 'light', language: 'en', width: 1440, height: 900 },
  { theme: 'dark', language: 'zh', width: 1440, height: 900 },
  { theme: 'light', language: 'zh', width: 1280, height: 720 },
  { theme: 'dark', language: 'en', width: 1280, height: 720 },
  { theme: 'light', language: 'zh', width: 1024, height: 700 },
  { theme: 'dark', language: 'en', width: 1024, height: 700 },
];
/** What is pressed, in the words of the page. */
const texts = {
  en: { file: 'File', templates: /^Templates/, shown: 'What is shown', u: 'U', lines: 'Lines' },
  zh: { file: '文件', templates: /^模板/, shown: '显示内容', u: 'U 形', lines: '多行' },
};
const views = ['canvas', 'lines', 'u'];
const [columns, tileWidth] = [3, 720];

const ids = (await readdir(join(root, 'templates'))).filter((id) =>
  existsSync(join(root, 'templates', id, 'network.json')),
);
const templates = await Promise.all(
  ids
    .filter((id) => only.length === 0 || only.includes(id))
    .map(async (id) => ({
      id,
      name: JSON.parse(await readFile(join(root, 'templates', id, 'network.json'), 'utf8')).name,
    })),
);

const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path));
const browser = await chromium.launch({
  ...(browserPath ? { executablePath: browserPath } : {}),
  args: ['--no-sandbox', '--force-color-profile=srgb'],
});

/** A host of its own for each window: another would remember the networks and the view of the one before. */
async function withHost(use) {
  const home = await mkdtemp(join(tmpdir(), 'convloom-sheets-'));
  const command = [join(root, 'bin', 'convloom.mjs'), 'serve', '--no-open', '--json', '--port', '0'];
  const env = { ...process.env, HOME: home, CONVLOOM_HOME: join(home, 'data') };
  const server = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [line] = await once(createInterface({ input: server.stdout }), 'line');
    return await use(JSON.parse(line).url);
  } finally {
    server.kill('SIGINT');
    await once(server, 'exit');
    await rm(home, { recursive: true, force: true });
  }
}

/** One template in all views of a window of its own. */
async function takeViews(url, { id, name }, { theme, language, width, height }) {
  const t = texts[language];
  const page = await browser.newPage({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  page.setDefaultTimeout(120_000);
  await page.goto(url);
  await page.getByRole('banner').getByRole('button', { name: t.file, exact: true }).click();
  await page.getByRole('menuitem', { name: t.templates }).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  await page.locator('.react-flow__node').first().waitFor({ state: 'attached' });
  const pictures = [];
  for (const view of views) {
    if (view !== 'canvas') {
      const figure = page.getByRole('listbox').first();
      if (!(await figure.isVisible())) await page.keyboard.press('v');
      await figure.waitFor();
      await page.getByRole('button', { name: t.shown }).click();
      await page.getByRole('dialog').getByRole('button', { name: t[view], exact: true }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.evaluate('document.activeElement.blur()');
    }
    await page.mouse.move(width / 2, 8);
    await page.locator('[data-sonner-toast]').waitFor({ state: 'detached' });
    const path = join(folder, `${id}-${view}-${theme}-${language}-${width}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    pictures.push({ path, view });
  }
  await page.close();
  return pictures;
}

/** Nine pictures on a sheet, each with room around it. */
async function tile(pictures, name) {
  for (let from = 0; from < pictures.length; from += columns * 3) {
    const tiles = await Promise.all(
      pictures
        .slice(from, from + columns * 3)
        .map(async ({ path }) => sharp(await sharp(path).resize({ width: tileWidth }).toBuffer())),
    );
    const buffers = await Promise.all(tiles.map((each) => each.toBuffer({ resolveWithObject: true })));
    const rowHeight = Math.max(...buffers.map(({ info }) => info.height)) + 8;
    await sharp({
      create: {
        width: columns * (tileWidth + 8),
        height: Math.ceil(buffers.length / columns) * rowHeight,
        channels: 3,
        background: '#888888',
      },
    })
      .composite(
        buffers.map(({ data }, at) => ({
          input: data,
          left: (at % columns) * (tileWidth + 8),
          top: Math.floor(at / columns) * rowHeight,
        })),
      )
      .png()
      .toFile(join(folder, `sheet-${name}-${1 + from / (columns * 3)}.png`));
  }
}

await mkdir(folder, { recursive: true });
try {
  const taken = [];
  for (const [at, template] of templates.entries()) {
    const window = windows[at % windows.length];
    process.stderr.write(`${template.id}: ${Object.values(window).join(' ')}\n`);
    taken.push(...(await withHost((url) => takeViews(url, template, window))));
  }
  for (const view of views)
    await tile(
      taken.filter((picture) => picture.view === view),
      view,
    );
} finally {
  await browser.close();
}
