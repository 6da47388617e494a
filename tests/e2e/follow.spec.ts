import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { chooseFile, networkName } from './files';
import { phaseOf, readCurve } from './training';

const document = {
  format: 'convloom.network',
  version: 1,
  name: 'Far away',
  nodes: [
    { id: 'x', kind: 'input', params: { shape: [28, 28, 1] } },
    { id: 'y', kind: 'fc', params: { units: 10 } },
  ],
  edges: [{ from: 'x', to: 'y' }],
};

const config = {
  data: 'mnist',
  epochs: 2,
  batchSize: 32,
  optimizer: 'adam',
  learningRate: 0.002,
  schedule: 'cosine',
  momentum: 0.9,
  loss: 'auto',
  seed: 1,
  engine: 'auto',
};

const step = (number: number) => ({
  type: 'step',
  epoch: 1,
  step: number,
  loss: 2 / number,
  accuracy: 0.5,
  imagesPerSecond: 900,
  secondsLeft: 30,
});

const lines = (events: readonly object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');

test('a run that is trained elsewhere is followed in its folder', async ({ app }) => {
  const { page, home } = app;
  const dir = join(home.documents, 'far');
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'network.json'), JSON.stringify(document));
  const record = {
    format: 'convloom.run',
    version: 1,
    id: 'far-1',
    name: document.name,
    startedAt: '2026-01-01T00:00:00.000Z',
    config,
    state: 'running',
    lastEpoch: null,
    pid: null,
    data: { task: 'classification', classes: [], inputShape: [28, 28, 1], scaling: null },
  };
  await writeFile(join(dir, 'run.json'), JSON.stringify(record));
  const started = {
    type: 'started',
    runId: 'far-1',
    engine: 'PyTorch',
    device: '2 × NVIDIA H100',
    epochs: 2,
    stepsPerEpoch: 250,
    trainCount: 8000,
    validationCount: 2000,
    baseline: { accuracy: 0.11, meanIou: null },
  };
  const log = join(dir, 'metrics.jsonl');
  await writeFile(log, lines([started, ...Array.from({ length: 30 }, (_, at) => step(at + 1))]));

  await chooseFile(page, /^Follow a run folder/);
  const dialog = page.getByRole('dialog', { name: 'Choose a folder' });
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(dir);
  await dialog.getByRole('textbox', { name: 'Folder' }).press('Enter');
  await dialog.getByRole('button', { name: 'Choose this folder' }).click();
  await expect(networkName(page)).toHaveValue('Far away');
  await page.getByRole('tab', { name: 'Training', exact: true }).click();
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'running');
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('30 / 500');

  await appendFile(log, lines(Array.from({ length: 40 }, (_, at) => step(at + 31))));
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('70 / 500');
  const curve = await readCurve(page.getByRole('figure', { name: 'Loss', exact: true }), '--family-conv');
  expect(curve.width).toBeGreaterThan(0);

  await appendFile(log, lines([{ type: 'finished', runDir: dir, seconds: 4, reason: 'completed' }]));
  await expect(phaseOf(page)).toHaveAttribute('data-phase', 'finished');
});
