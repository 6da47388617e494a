import { spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeRecord } from '../../../electron/files/runRecord';
import type { RunRecord } from '../../../electron/files/runRecord';
import { serializeNetwork } from '../../../shared/document/serialize';
import { emptyDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';

const command = fileURLToPath(new URL('../../../bin/convloom.mjs', import.meta.url));
const step = '{"type":"step","epoch":1,"step":1,"loss":1,"accuracy":0.5,"imagesPerSecond":10,"secondsLeft":1}\n';
const finished = '{"type":"finished","runDir":"/far/run","seconds":2,"reason":"completed"}\n';

let dir: string;
const write = (name: string, text: string) => appendFile(join(dir, 'run', name), text);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-follow-'));
  await mkdir(join(dir, 'run'));
  await writeFile(join(dir, 'run', 'network.json'), serializeNetwork(emptyDocument('Net')));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const record = (state: RunRecord['state']) =>
  writeRecord(join(dir, 'run'), {
    format: 'convloom.run',
    version: 1,
    id: 'far-1',
    name: 'Net',
    startedAt: '2026-01-01T00:00:00.000Z',
    config: defaultTrainingConfig,
    state,
    lastEpoch: null,
    pid: null,
    data: { task: 'classification', classes: ['a', 'b'], inputShape: [2], scaling: null },
  });

/** Follows the run; `onStep` happens once the first step is told. */
function follow(onStep: () => void = () => undefined) {
  const child = spawn(process.execPath, [command, 'follow', join(dir, 'run'), '--json'], {
    env: { ...process.env, CONVLOOM_HOME: join(dir, 'home') },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  let isTold = false;
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
    if (isTold || !out.includes('"step"')) return;
    isTold = true;
    onStep();
  });
  return new Promise<{ readonly code: number | null; readonly out: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out }));
  });
}

it('follows a run until its end, however long it says nothing meanwhile', async () => {
  await record('running');
  await write('metrics.jsonl', step);
  const { code, out } = await follow(() => setTimeout(() => void write('metrics.jsonl', finished), 1500));
  expect(out).toContain('"finished"');
  expect(code).toBe(0);
}, 60_000);

it('says so where the log of a run that is over has no end, or a damaged one', async () => {
  await record('killed');
  await write('metrics.jsonl', `${step}{"type":"finished"}\n{"type":"failed","diagnostic":{}}\n{"type":"epo`);
  const { code, out } = await follow();
  expect(out).toContain('run/end-unsaid');
  expect(code).toBe(1);
}, 60_000);
