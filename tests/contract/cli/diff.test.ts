import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { convloom } from '../../support/commandLine';

const folder = mkdtempSync(join(tmpdir(), 'convloom-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lenet = readFileSync(new URL('../../../templates/lenet/network.json', import.meta.url), 'utf8');
const wider = lenet.replace('"filters": 50', '"filters": 64');

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('convloom diff', () => {
  it('tells what was changed, and exits with 0 also where something was', async () => {
    const { code, out } = await convloom('diff', file('a.json', lenet), file('b.json', wider));
    expect(code).toBe(0);
    expect(out).toContain('1 Conv: filters 50 → 64; all parameters 431,080 →');
    // As docs/git.md has it.
    expect(out).toContain('all parameters 431,080 → 550,094 (+119,014).');
    expect(out).toContain(
      '~ c2 (conv)  filters 50 → 64, shape 8×8×50 → 8×8×64, params 25,050 → 32,064, macs 1,600,000 → 2,048,000\n',
    );
  });

  it('takes templates by their names, and says once what an input is now', async () => {
    const { code, out } = await convloom('diff', 'template:unet', 'template:unet-same');
    expect(code).toBe(0);
    expect(out).toContain('~ image (input)  shape 572×572×1 → 256×256×1\n');
  });

  it('gives the same as JSON', async () => {
    const { json } = await convloom('diff', file('a.json', lenet), file('b.json', wider), '--json');
    expect(json()).toMatchObject({
      same: false,
      summary: ['1 Conv: filters 50 → 64', expect.any(String)],
      totals: { a: { params: 431_080 } },
    });
  });

  it('finds no difference in a file that is only written otherwise', async () => {
    const { out } = await convloom('diff', file('a.json', lenet), file('b.json', JSON.stringify(JSON.parse(lenet))));
    expect(out).toBe('The networks are the same.');
  });

  it('tells what is only drawn otherwise apart from the network', async () => {
    const framed = JSON.stringify({
      ...(JSON.parse(lenet.replace('"x": 0', '"x": 8')) as object),
      version: 2,
      frames: [{ id: 'f', title: 'Stem', position: { x: 0, y: 0 }, size: { width: 9, height: 9 } }],
    });
    const sides = [file('a.json', lenet), file('b.json', framed)] as const;
    const { out } = await convloom('diff', ...sides);
    expect(out).toBe('The networks are the same.\nDrawn otherwise: frame “Stem” new; 1 node moved.');
    const { json } = await convloom('diff', ...sides, '--json');
    expect(json()).toMatchObject({ same: true, summary: [], decoration: ['frame “Stem” new', '1 node moved'] });
    const back = await convloom('diff', sides[1], sides[0]);
    expect(back.out).toContain('frame “Stem” gone');
  });

  it('reads the arguments that git gives a diff driver, where a side may be missing', async () => {
    const b = file('b.json', wider);
    const { code, out } = await convloom('diff', 'net.json', '/dev/null', '.', '.', b, 'abc', '100644');
    expect(code).toBe(0);
    expect(out).toMatch(/^convloom diff net\.json\n2 Conv new/);
  });

  it('is called by git itself', () => {
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder, encoding: 'utf8' });
    git('init', '-q');
    // What git calls, and with which arguments, is what this is about; the command itself is tried above.
    const driver = file('driver.sh', '#!/bin/sh\necho "$#:$1"\n');
    chmodSync(driver, 0o755);
    file('.gitattributes', '*.net.json diff=convloom\n');
    file('x.net.json', lenet);
    git('add', '.');
    git('commit', '-qm', 'a');
    file('x.net.json', wider);
    expect(git('-c', `diff.convloom.command=${driver}`, 'diff', '--ext-diff')).toBe('7:x.net.json\n');
  });

  it('cannot read what is no network, with exit code 2', async () => {
    const { code } = await convloom('diff', file('a.json', lenet), join(folder, 'nowhere.json'));
    expect(code).toBe(2);
  });
});
