import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { expect, test } from './app';
import { totalsOf } from './canvas';
import { startFromLenet } from './files';
import { openInBrowser } from './forms/browser';
import { figure, phaseOf, readCurve, setTraining, stopButton, trainButton } from './training';

/** Steps done, of "120 / 20,000" under the epochs. */
async function stepsDone(page: Page): Promise<number> {
  const text = (await page.getByRole('region', { name: 'Progress' }).textContent()) ?? '';
  return Number(/(\d+) \/ \d+/.exec(text.replaceAll(',', ''))?.[1] ?? 0);
}

async function startLongRun(page: Page): Promise<void> {
  await startFromLenet(page);
  await setTraining(page, 'Epochs', 500);
  await trainButton(page).click();
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
  await expect.poll(() => stepsDone(page)).toBeGreaterThan(20);
}

/** Process ids of a server's children: the run's, and the one that answers questions about data and trained networks. */
function trainersOf(serverPid: number): readonly number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return list
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === serverPid && args.join(' ').includes('trainer'))
    .map(([pid]) => Number(pid));
}

test('a stopped run keeps its curve and its weights, and the next one can start', async ({ app }) => {
  const { page } = app;
  await startLongRun(page);
  await stopButton(page).click();
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'finished');
  await expect(phaseOf(page)).toContainText('Stopped; the weights are kept.');
  await expect(trainButton(page)).toBeEnabled();
  const curve = await readCurve(page.getByRole('figure', { name: 'Loss', exact: true }), '--family-conv');
  expect(curve.width).toBeGreaterThan(0);
  await page.getByRole('tab', { name: /^Past runs/ }).click();
  const past = page.getByRole('list', { name: 'Past runs' }).getByRole('listitem');
  await expect(past).toContainText('stopped');

  const done = await stepsDone(page);
  await page.getByRole('region', { name: 'Progress' }).getByRole('button', { name: 'Go on training' }).click();
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
  await expect.poll(() => stepsDone(page)).toBeGreaterThan(done);
  await stopButton(page).click();
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'finished');
});

test('a killed trainer is told as such, and the app goes on', { tag: '@all' }, async ({ page, serve }) => {
  test.skip(process.platform === 'win32', 'Processes are listed with ps.');
  const faults: string[] = [];
  const server = await serve();
  await openInBrowser(page, server, faults);
  await startLongRun(page);
  const trainers = trainersOf(server.pid);
  expect(trainers.length).toBeGreaterThan(0);
  for (const pid of trainers) process.kill(pid, 'SIGKILL');
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'failed');
  await expect(page.getByRole('alert')).toContainText('The trainer was ended before it was done.');
  await expect(totalsOf(page)).toContainText('431,080');

  await trainButton(page).click();
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
  await stopButton(page).click();
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'finished');
  expect(faults).toEqual([]);
});

test('a page that is loaded again during training catches up with the run', async ({ app }) => {
  const { page } = app;
  await startLongRun(page);
  const before = await stepsDone(page);
  await page.reload();
  // The network itself was not saved: it is there again, with the run, and once.
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'running');
  await expect(page.getByRole('tablist', { name: 'Open networks' })).toHaveCount(0);
  await expect.poll(() => stepsDone(page)).toBeGreaterThan(before);
  const chart = page.getByRole('figure', { name: 'Loss', exact: true });
  await expect.poll(async () => (await readCurve(chart, '--family-conv')).width).toBeGreaterThan(0.3);
  await expect(figure(page, 'Epoch')).toHaveText(/of 500$/);
  await stopButton(page).click();
  await expect(phaseOf(page)).toContainText('Stopped');
});
