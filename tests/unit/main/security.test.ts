import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function sourcesIn(tree: string): readonly string[] {
  return readdirSync(join(root, tree), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:tsx?|html)$/.test(path))
    .map((path) => read(join(tree, path)));
}

describe('the desktop shell', () => {
  const shell = [...sourcesIn('electron/main'), ...sourcesIn('electron/preload')].join('\n');

  it('turns on nothing that Electron warns of', () => {
    for (const [setting, value] of [
      ['nodeIntegration', 'false'],
      ['nodeIntegrationInWorker', 'false'],
      ['contextIsolation', 'true'],
      ['sandbox', 'true'],
      ['webSecurity', 'true'],
      ['webviewTag', 'false'],
    ]) {
      const values = [...shell.matchAll(new RegExp(`\\b${setting ?? ''}: (\\w+)`, 'g'))].map(([, found]) => found);
      expect([setting, values]).toEqual([setting, [value]]);
    }
    expect(shell).not.toMatch(
      /allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|no-sandbox|file:\/\//,
    );
    expect(shell).not.toMatch(/openDevTools|remote-debugging|ignore-certificate-errors|loadFile\(/);
  });

  it('has no page within its page', () => {
    expect(sourcesIn('renderer').filter((source) => /<webview|allowpopups|<iframe/i.test(source))).toEqual([]);
  });

  it('is of a release of Electron that is named to the last digit', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
    expect(devDependencies['electron']).toMatch(/^(?:4[5-9]|[5-9]\d)\.\d+\.\d+$/);
  });
});

describe('the page on security', () => {
  const rows = [...read('docs/security.md').matchAll(/^\| (\d+) +\| (.+?) +\| (.+?) +\|$/gm)];

  it('has Electron’s twenty items, each with tests that are there', () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    for (const [, number, , tests = ''] of rows) {
      const named = [...tests.matchAll(/`(tests\/[^`]+)`: ([^;]+?)(?=;|$)/g)];
      expect([number, named.length > 0]).toEqual([number, true]);
      for (const [, path = '', title = ''] of named)
        expect([number, read(path).includes(title.trim())]).toEqual([number, true]);
    }
  });
});
