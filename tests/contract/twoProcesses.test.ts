import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../support/electron-double/launch';
import type { WriterAnswer, WriterCommand } from '../support/writerProcess';

const cache = join(import.meta.dirname, '..', '..', '.cache');
let dir: string;
let built: string;
let writers: readonly ChildProcess[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-processes-'));
  await mkdir(cache, { recursive: true });
  // Inside the repository, where its packages are found.
  built = await mkdtemp(join(cache, 'writer-'));
  const file = join(built, 'writer.mjs');
  await bundle(join(import.meta.dirname, '..', 'support', 'writerProcess.ts'), file);
  const env = { ...process.env, XDG_CACHE_HOME: join(dir, 'cache') };
  writers = [fork(file, { env }), fork(file, { env })];
});
afterAll(async () => {
  for (const writer of writers) writer.kill();
  await rm(dir, { recursive: true, force: true });
  await rm(built, { recursive: true, force: true });
});

async function tell(writer: ChildProcess, command: WriterCommand): Promise<WriterAnswer> {
  const answered = once(writer, 'message');
  writer.send(command);
  return (await answered)[0] as WriterAnswer;
}

describe('two processes on one folder', () => {
  it('lose none of 120 settings that they write at once', async () => {
    const dataDir = join(dir, 'data');
    const keysOf = (index: number) => Array.from({ length: 60 }, (_, key) => `${index}-${key}`);
    const answers = await Promise.all(
      writers.map((writer, index) => tell(writer, { type: 'settings', dataDir, keys: keysOf(index) })),
    );
    expect(answers.map(({ code }) => code)).toEqual([null, null]);
    const settings = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8')) as {
      readonly layout: Readonly<Record<string, string>>;
    };
    expect(Object.keys(settings.layout).sort()).toEqual([...keysOf(0), ...keysOf(1)].sort());
  });

  it('are never both told that they saved over one revision: exactly one is, and its network is there', async () => {
    const path = join(dir, 'net.convloom');
    let baseRevision: string | null = null;
    for (let round = 0; round < 40; round++) {
      const base: string | null = baseRevision;
      const answers: readonly WriterAnswer[] = await Promise.all(
        writers.map((writer, index) =>
          tell(writer, { type: 'save', path, name: `${round} of ${index}`, baseRevision: base }),
        ),
      );
      const saved = answers.filter(({ code }) => code === null);
      expect(saved).toHaveLength(1);
      expect(answers.find(({ code }) => code !== null)?.code).toBe(
        base === null ? 'file/exists' : 'file/changed-on-disk',
      );
      baseRevision = (await tell(writers[0]!, { type: 'revision', path })).revision;
      expect(saved[0]!.revision).toBe(baseRevision);
    }
  });
});
