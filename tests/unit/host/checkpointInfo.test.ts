import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeCheckpoint } from '../../../electron/host/models';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { resumedConfig, trainUntil, writePictures } from '../../support/resumedRuns';

let dir: string;
let run: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-checkpoint-'));
  run = join(dir, 'run');
  await writePictures(join(dir, 'pictures'));
  await trainUntil(resumedConfig('tfjs', join(dir, 'pictures'), 2), run, 6);
}, 60_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

function codeOf(result: Result<unknown>): string | null {
  return result.ok ? null : result.diagnostics[0]!.code;
}

describe('how far a checkpoint is', () => {
  it('is told of the file that a real run wrote', async () => {
    const { mtime } = await stat(join(run, 'checkpoint.safetensors'));
    const described = await describeCheckpoint(run);
    expect(described).toMatchObject({
      ok: true,
      value: { epoch: 1, savedAt: mtime.toISOString() },
    });
    expect(described.ok && described.value.step).toBeGreaterThan(0);
    const names = described.ok ? described.value.tensors.map(({ name }) => name) : [];
    // Weights, and the optimizer's slots beside them.
    expect(names).toContain('c1/kernel');
    expect(names.filter((name) => name.startsWith('c1/kernel/'))).toHaveLength(2);
  });

  it('is refused where there is none, be it a folder without one or a model that is one file', async () => {
    expect(codeOf(await describeCheckpoint(join(dir, 'pictures')))).toBe('model/no-checkpoint');
    await writeFile(join(dir, 'a.convloom-model'), 'PK');
    expect(codeOf(await describeCheckpoint(join(dir, 'a.convloom-model')))).toBe('model/no-checkpoint');
  });

  it('is refused where the file says nothing of a run', async () => {
    await writeFile(join(run, 'checkpoint.safetensors'), 'not tensors');
    expect(codeOf(await describeCheckpoint(run))).toBe('model/checkpoint-damaged');
  });
});
