import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAppLog } from '../../../electron/files/appLog';
import { watchOwnCrash } from '../../../electron/host/diary';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-log-'));
});
afterEach(async () => {
  await chmod(dir, 0o700);
  await rm(dir, { recursive: true, force: true });
});

const open = (at = dir) =>
  createAppLog({
    dir: at,
    about: 'Convloom 1.2.3',
    clean: (text) => text.replaceAll('secret', '<name>'),
    now: () => new Date('2026-01-02T03:04:05.678Z'),
  });

describe('the log of the app', () => {
  it('has a line for each entry, with when and who, and nothing private', () => {
    const log = open();
    log.add('host', 'opened secret');
    log.add('page', 'first\nsecond');
    expect(log.read()).toBe(
      '2026-01-02T03:04:05.678Z host opened <name>\n2026-01-02T03:04:05.678Z page first\n    second\n',
    );
    expect(open().read()).toBe(log.read());
  });

  it('stays small however much is said, and keeps the end', async () => {
    const log = open();
    for (let entry = 0; entry < 300; entry++) log.add('host', `${entry} ${'x'.repeat(20_000)}`);
    expect((await readdir(dir)).sort()).toEqual(['convloom.1.log', 'convloom.log']);
    expect(log.read().length).toBeLessThan(1_200_000);
    expect(log.read()).toContain('host 299 ');
  });

  it('has a report for each process that died, which is told once and kept', async () => {
    open().crash('trainer', 'signal SIGSEGV', 'last words of secret');
    const log = open();
    expect(log.takeCrashes()).toEqual([
      { at: '2026-01-02T03:04:05.678Z', source: 'trainer', message: 'signal SIGSEGV' },
    ]);
    expect(log.takeCrashes()).toEqual([]);
    const [report = ''] = (await readdir(dir)).filter((name) => name.startsWith('crash-'));
    expect(JSON.parse(await readFile(join(dir, report), 'utf8'))).toMatchObject({
      about: 'Convloom 1.2.3',
      details: 'last words of <name>',
      log: expect.stringContaining('ended unexpectedly: signal SIGSEGV') as string,
    });
  });

  it('has a report of a host that was killed, from the next one; none of one that lives or ended well', async () => {
    const unwatch = watchOwnCrash(open());
    expect(open().takeCrashes()).toEqual([]);
    unwatch();
    const { pid } = spawnSync(process.execPath, ['--version']);
    for (const one of [pid, process.pid, process.ppid]) await writeFile(join(dir, `running-${one}`), '');
    watchOwnCrash(open())();
    expect(open().takeCrashes()).toMatchObject([pid, process.pid].map(() => ({ source: 'host', message: /killed/ })));
    expect((await readdir(dir)).filter((name) => name.startsWith('running-'))).toEqual([`running-${process.ppid}`]);
  });

  it('keeps the last reports of a process that dies again and again, each of a bounded size', async () => {
    let at = 0;
    const log = createAppLog({ dir, about: '', clean: (text) => text, now: () => new Date(1000 * at) });
    for (; at < 50; at++) log.crash('page', 'm'.repeat(100_000), 's'.repeat(100_000));
    const names = (await readdir(dir)).filter((name) => name.startsWith('crash-')).sort();
    expect(names).toHaveLength(20);
    expect(names.at(-1)).toContain('00-00-49');
    expect((await readFile(join(dir, names[0]!), 'utf8')).length).toBeLessThan(60_000);
  });

  it('has each of the reports that come in one millisecond, told ones too, and lets the oldest go', async () => {
    const names = async () => (await readdir(dir)).filter((name) => name.startsWith('crash-'));
    const log = open();
    for (const message of ['1', '2']) log.crash('trainer', message, '');
    expect(log.takeCrashes().map(({ message }) => message)).toEqual(['1', '2']);
    log.crash('trainer', '3', '');
    expect(await names()).toHaveLength(3);
    expect(log.takeCrashes().map(({ message }) => message)).toEqual(['3']);
    for (let count = 4; count <= 30; count++) open().crash('trainer', String(count), '');
    expect(await names()).toHaveLength(20);
    expect(log.takeCrashes().map(({ message }) => Number(message))).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 11),
    );
  });

  it('fails at nothing: not at a report that is damaged, nor where nothing can be written', async () => {
    await writeFile(join(dir, 'crash-1-host.new.json'), '{"torn');
    expect(open().takeCrashes()).toEqual([]);
    await writeFile(join(dir, 'file'), '');
    const log = open(join(dir, 'file', 'logs'));
    log.add('host', 'x');
    log.crash('host', 'x', 'y');
    expect([log.read(), log.takeCrashes()]).toEqual(['', []]);
  });
});
