/**
 * Replays hours of editing and training at speed, in the built app with a real browser, and watches the memory of page, host and trainer.
 * An hour is what a person does in one: some hundred edits, views that are looked at, and two runs.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBrowser } from './browser.mjs';
import { root } from './setup.mjs';

const editsAnHour = 120;
const runsAnHour = 2;
/** Memory may go up and down; what it may not do is to go up from the second quarter of the time to the last by more than this. */
const allowedGrowth = { share: 0.15, bytes: 30e6 };

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Bytes of memory that a process holds; null when it is gone, or the system does not say. */
function memoryOf(pid) {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

/** What a series of measurements did, in words, and whether it stayed flat. */
function judge(name, series) {
  if (series.length < 4) return { name, isFlat: true, line: `${name}: too few measurements` };
  const quarter = Math.floor(series.length / 4);
  const before = mean(series.slice(quarter, 2 * quarter));
  const after = mean(series.slice(-quarter));
  const growth = after - before;
  const isFlat = growth <= Math.max(allowedGrowth.bytes, allowedGrowth.share * before);
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  return {
    name,
    isFlat,
    line: `${name}: ${megabytes(before)} MB, later ${megabytes(after)} MB (${growth >= 0 ? '+' : ''}${megabytes(growth)} MB)`,
  };
}

function latestRun(dataDir) {
  try {
    const names = readdirSync(join(dataDir, 'runs')).sort();
    return JSON.parse(readFileSync(join(dataDir, 'runs', names.at(-1), 'run.json'), 'utf8'));
  } catch {
    return null;
  }
}

async function until(isSo, what, limitMs = 120_000) {
  const from = performance.now();
  while (!isSo()) {
    if (performance.now() - from > limitMs) throw new Error(`In vain: ${what}`);
    await delay(50);
  }
}

async function startServer(dataDir) {
  const server = spawn(process.execPath, ['bin/convloom.mjs', 'serve', '--port', '0', '--no-open', '--json'], {
    cwd: root,
    env: { ...process.env, CONVLOOM_HOME: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    server.stdout.once('data', (chunk) => resolve(JSON.parse(chunk).url));
    server.once('exit', () => reject(new Error('The server ended.')));
  });
  return { server, url };
}

/** One change that a person makes, another one each time. */
async function edit(page, at) {
  const card = page.locator('.react-flow__node[data-id="c1"]');
  const box = await card.boundingBox();
  if (box === null) throw new Error('The network is gone.');
  const [x, y] = [box.x + box.width / 2, box.y + 10];
  switch (at % 4) {
    case 0:
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + (at % 8 === 0 ? 24 : -24), y, { steps: 4 });
      await page.mouse.up();
      break;
    case 1:
      await page.keyboard.press('Control+d');
      await page.keyboard.press('Delete');
      break;
    case 2:
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Control+Shift+z');
      break;
    case 3:
      await page.keyboard.press(`Control+${1 + (Math.floor(at / 4) % 5)}`);
      break;
  }
}

/** Trains for some seconds and stops; gives what the trainer's process held meanwhile. */
async function train(page, dataDir, seconds) {
  const before = latestRun(dataDir)?.id;
  await page.locator('.react-flow__node[data-id="c1"]').click();
  await page.keyboard.press('Control+Enter');
  let begun = null;
  await until(() => {
    begun = latestRun(dataDir);
    return begun !== null && begun.id !== before;
  }, 'a run begins');
  const { pid } = begun;
  const held = [];
  for (
    const endMs = performance.now() + 1000 * seconds;
    performance.now() < endMs && latestRun(dataDir)?.state === 'running';
  ) {
    await delay(500);
    const bytes = memoryOf(pid);
    if (bytes !== null) held.push(bytes);
  }
  if (latestRun(dataDir)?.state === 'running') await page.keyboard.press('Control+Enter');
  await until(() => latestRun(dataDir)?.state !== 'running', 'the run ends');
  return held;
}

/** Replays so many hours. True when the memory of all three stayed flat. */
export async function replay(hours, say) {
  const { chromium } = await import('@playwright/test');
  const home = mkdtempSync(join(tmpdir(), 'convloom-replay-'));
  const { server, url } = await startServer(home);
  const executablePath = findBrowser();
  const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] });
  const measured = { page: [], host: [], trainer: [] };
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
    const faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(url);
    await page.getByRole('button', { name: 'Open a template' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'LeNet', exact: true }).click();
    const card = page.locator('.react-flow__node[data-id="c1"]');
    await card.click();
    const devtools = await page.context().newCDPSession(page);
    const measure = async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      measured.page.push((await devtools.send('Runtime.getHeapUsage')).usedSize);
      measured.host.push(memoryOf(server.pid) ?? 0);
    };
    for (let hour = 1; hour <= hours; hour++) {
      for (let at = 0; at < editsAnHour; at++) {
        await edit(page, at);
        if (at % 30 === 29) await measure();
      }
      for (let run = 0; run < runsAnHour; run++) await train(page, home, 3);
      await measure();
      say(
        `hour ${hour} of ${hours}: page ${(measured.page.at(-1) / 1e6).toFixed(1)} MB, host ${(measured.host.at(-1) / 1e6).toFixed(0)} MB`,
      );
    }
    measured.trainer = await train(page, home, 40);
    if (faults.length > 0) throw new Error(`The page threw: ${faults[0]}`);
  } catch (error) {
    // What the window showed when it went wrong, if the browser is still there.
    const picture = join(root, '.cache', 'replay.png');
    const window = browser.contexts()[0]?.pages()[0];
    const isTaken = await window?.screenshot({ path: picture }).then(
      () => true,
      () => false,
    );
    say(isTaken === true ? `The window as it was: ${picture}` : 'The browser is gone.');
    throw error;
  } finally {
    await browser.close();
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(home, { recursive: true, force: true });
  }
  const found = Object.entries(measured).map(([name, series]) => judge(name, series));
  for (const { line, isFlat } of found) say(`${isFlat ? 'flat' : 'GROWS'}  ${line}`);
  return found.every(({ isFlat }) => isFlat);
}
