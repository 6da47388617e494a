import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'convloom-package-'));
const home = join(folder, 'home');

const minutes = 60_000;
afterAll(() => rm(folder, { recursive: true, force: true }), minutes);
const run = promisify(execFile);

/** Runs a program where the package was installed, as a user of an empty folder would. */
async function there(command: string, ...args: string[]): Promise<string> {
  // What npm tells its children about this checkout would have npm there work on this checkout.
  const inherited = Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'));
  const env = { ...Object.fromEntries(inherited), CONVLOOM_HOME: home };
  const { stdout } = await run(command, args, { cwd: folder, env, maxBuffer: 1e8 });
  return stdout;
}

const convloom = (...args: string[]): Promise<string> =>
  there(join(folder, 'node_modules', '.bin', 'convloom'), ...args);

describe('the packed package in an empty folder', () => {
  beforeAll(async () => {
    await run(process.execPath, ['scripts/build.mjs'], { cwd: root });
    await run('npm', ['pack', '--pack-destination', folder], { cwd: root, maxBuffer: 1e8 });
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    await there('npm', 'install', '--no-audit', '--no-fund', `./${tarball}`);
  }, 5 * minutes);

  it('brings what runs and no sources, tests or development packages', () => {
    const installed = join(folder, 'node_modules', 'convloom');
    for (const name of ['electron', 'renderer', 'shared', 'tests', 'package-lock.json']) {
      expect(existsSync(join(installed, name)), name).toBe(false);
    }
    for (const name of ['react', 'electron', 'monaco-editor', 'typescript', 'onnxruntime-node']) {
      expect(existsSync(join(folder, 'node_modules', name)), name).toBe(false);
    }
    const licence = readFileSync(join(installed, 'LICENSE'), 'utf8');
    expect(licence).toContain('MIT License');
  });

  it(
    'trains a template for an epoch on the default engine',
    async () => {
      await convloom('new', 'lenet', '-o', join(folder, 'lenet.json'));
      const args = [
        '--data',
        'mnist',
        '--epochs',
        '1',
        '--engine',
        'onnxruntime',
        '--run',
        join(folder, 'run'),
        '--json',
      ];
      const lines = (await convloom('train', join(folder, 'lenet.json'), ...args)).trim().split('\n');
      const events = lines.map((line) => JSON.parse(line) as { event: string; valAccuracy?: number });
      expect(events.at(-1)?.event).toBe('finished');
      expect(events.find(({ event }) => event === 'epoch')?.valAccuracy).toBeGreaterThan(0.9);
    },
    3 * minutes,
  );

  it(
    'opens the app',
    async () => {
      const child = spawn(
        join(folder, 'node_modules', '.bin', 'convloom'),
        ['serve', '--port', '0', '--no-open', '--json'],
        {
          cwd: folder,
          env: { ...process.env, CONVLOOM_HOME: home },
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
      try {
        const line = await new Promise<string>((resolve, reject) => {
          child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
          child.once('exit', (code) => reject(new Error(`it ended with ${String(code)}`)));
        });
        const { url } = JSON.parse(line) as { url: string };
        const admitted = await fetch(url, { redirect: 'manual' });
        const cookie = admitted.headers.get('set-cookie')?.split(';')[0] ?? '';
        const page = await fetch(new URL(admitted.headers.get('location') ?? '', url), { headers: { cookie } });
        expect(await page.text()).toContain('<title>Convloom</title>');
      } finally {
        child.kill('SIGTERM');
      }
    },
    minutes,
  );
});
