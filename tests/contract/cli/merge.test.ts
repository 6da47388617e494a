import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convloom } from '../../support/commandLine';

const folder = mkdtempSync(join(tmpdir(), 'convloom-merge-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lenet = readFileSync(new URL('../../../templates/lenet/network.json', import.meta.url), 'utf8');
const wider = lenet.replace('"filters": 50', '"filters": 64');
const narrower = lenet.replace('"filters": 50', '"filters": 32');
const smaller = lenet.replace('"units": 500', '"units": 100');

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('convloom merge', () => {
  const base = file('base.json', lenet);

  it('prints what two changes come to, and exits with 0', async () => {
    const { code, out, err } = await convloom('merge', base, file('a.json', wider), file('b.json', smaller));
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(`${out}\n`).toBe(wider.replace('"units": 500', '"units": 100'));
  });

  it('names what both changed, keeps ours, and exits with 1', async () => {
    const { code, out, err } = await convloom('merge', base, file('a.json', wider), file('b.json', narrower));
    expect(code).toBe(1);
    expect(err).toContain('error at c2: Both changed node c2, filters. It was 50; ours has 64, theirs 32.');
    expect(`${out}\n`).toBe(wider);
  });

  it('gives the same as JSON', async () => {
    const { code, json } = await convloom('merge', base, file('a.json', wider), file('b.json', narrower), '--json');
    expect(code).toBe(1);
    expect(json()).toMatchObject({
      ok: false,
      conflicts: [
        {
          what: 'node',
          block: null,
          id: 'c2',
          field: 'filters',
          base: 50,
          ours: 64,
          theirs: 32,
          message: expect.any(String) as string,
        },
      ],
      renamed: [],
      document: { format: 'convloom.network', name: 'LeNet' },
    });
  });

  it('writes over ours alone, unless it is forced', async () => {
    const [a, b] = [file('a.json', wider), file('b.json', smaller)];
    const other = file('other.json', 'mine');
    const refused = await convloom('merge', base, a, b, '-o', other);
    expect(refused.code).toBe(2);
    expect(readFileSync(other, 'utf8')).toBe('mine');
    expect((await convloom('merge', base, a, b, '-o', other, '--force')).code).toBe(0);
    expect((await convloom('merge', base, a, b, '-o', a)).code).toBe(0);
    expect(readFileSync(a, 'utf8')).toBe(readFileSync(other, 'utf8'));
  });

  it.each([
    ['is no network', 'broken.json', '<<<<<<< ours'],
    ['is not there', 'nowhere.json', null],
  ])('does nothing where a side %s, with exit code 2', async (_title, name, content) => {
    const theirs = content === null ? join(folder, name) : file(name, content);
    const ours = file('a.json', wider);
    const { code, err } = await convloom('merge', base, ours, theirs, '-o', ours);
    expect(code).toBe(2);
    expect(err).not.toBe('');
    expect(readFileSync(ours, 'utf8')).toBe(wider);
  });
});

describe('convloom merge as a driver of git', () => {
  const repository = join(folder, 'repository');
  const driver = join(folder, 'driver.mjs');
  const run = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'init.defaultBranch=main', ...args], {
      cwd: repository,
      encoding: 'utf8',
    });
  const git = (...args: string[]): string => {
    const { status, stdout, stderr } = run(...args);
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  const path = join(repository, 'net.convloom.json');
  const commit = (content: string, message: string): void => {
    writeFileSync(path, content);
    git('add', '.');
    git('commit', '-qm', message);
  };

  beforeAll(async () => {
    await build({
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true },
      build: {
        ssr: resolve(import.meta.dirname, '../../support/mergeDriver.ts'),
        outDir: folder,
        emptyOutDir: false,
        rolldownOptions: { output: { entryFileNames: 'driver.mjs', codeSplitting: false } },
      },
    });
    mkdirSync(repository);
    git('init', '-q');
    git('config', 'merge.convloom.driver', `"${process.execPath}" "${driver}" %O %A %B -o %A`);
    writeFileSync(join(repository, '.gitattributes'), '*.convloom.json merge=convloom\n');
    commit(lenet, 'base');
  });

  it('merges two branches that git by itself could not, as lines of one node', () => {
    // Both change the line of c2: by lines it is a conflict, by meaning it is none.
    git('checkout', '-qb', 'theirs');
    commit(lenet.replace('"filters": 50, "kernelSize": 5', '"filters": 50, "kernelSize": 3'), 'smaller kernels');
    git('checkout', '-q', 'main');
    commit(wider, 'more filters');
    git('merge', '-q', 'theirs', '-m', 'merge');
    expect(readFileSync(path, 'utf8')).toBe(
      lenet.replace('"filters": 50, "kernelSize": 5', '"filters": 64, "kernelSize": 3'),
    );
    expect(git('status', '--porcelain')).toBe('');
  });

  it('leaves a conflict to be settled, with ours in the file and its name on the terminal', () => {
    const before = readFileSync(path, 'utf8');
    git('checkout', '-qb', 'others');
    commit(before.replace('"units": 500', '"units": 100'), 'fewer units');
    git('checkout', '-q', 'main');
    const ours = before.replace('"units": 500', '"units": 900');
    commit(ours, 'more units');
    const { status, stdout, stderr } = run('merge', 'others');
    expect(status).toBe(1);
    expect(`${stdout}${stderr}`).toMatch(/Both changed node f1, units/);
    expect(git('status', '--porcelain')).toBe('UU net.convloom.json\n');
    expect(readFileSync(path, 'utf8')).toBe(ours);
    git('merge', '--abort');
  });

  it('merges a file that both branches made', () => {
    const other = join(repository, 'new.convloom.json');
    git('checkout', '-qb', 'makes');
    writeFileSync(other, lenet);
    git('add', '.');
    git('commit', '-qm', 'made there');
    git('checkout', '-q', 'main');
    writeFileSync(other, lenet.replace('"x": 0', '"x": 4'));
    git('add', '.');
    git('commit', '-qm', 'made here');
    git('merge', '-q', 'makes', '-m', 'merge');
    expect(execFileSync('git', ['log', '--oneline'], { cwd: repository, encoding: 'utf8' })).toContain('merge');
  });
});
