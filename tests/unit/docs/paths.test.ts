import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const topLevel = readdirSync(root).filter((name) => !['node_modules', 'out'].includes(name));

/** Texts for whoever carries Convloom on; READMEs of rooms may also name files by their name within the room. */
const texts = ['CONTRIBUTING.md', 'README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (path) => path.endsWith('.md'),
);
const rooms = ['shared', 'electron', 'renderer'].flatMap((tree) =>
  readdirSync(join(root, tree), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${tree}/${name}`),
);

/** What stands between backticks or behind a link and looks like a path from the root: it begins with a name of the top level. */
function pathsIn(text: string): readonly string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');
  const words = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => code.split(/[\s,;]+/));
  return words
    .map((word) => word.replace(/^\.\//, '').replace(/[.:]$/, ''))
    .filter((word) => topLevel.some((name) => word === name || word.startsWith(`${name}/`)))
    .filter((word) => !/[<>{}*]|\.\.\./.test(word));
}

/** The files that links lead to, from the folder of the text. */
function linksIn(text: string): readonly string[] {
  return [...text.matchAll(/\]\((?!https?:|#)([^)\s#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
}

function missingFrom(path: string): readonly string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [
    ...pathsIn(text).filter((named) => !existsSync(join(root, named))),
    ...linksIn(text).filter((linked) => !existsSync(resolve(root, path, '..', linked))),
  ];
}

describe('what the texts name is there', () => {
  it.each(texts)('%s', (path) => {
    expect(missingFrom(path)).toEqual([]);
  });

  it.each(rooms)('%s/README.md', (room) => {
    const path = `${room}/README.md`;
    expect(existsSync(join(root, path)), 'the room has a README').toBe(true);
    expect(missingFrom(path)).toEqual([]);
  });

  it('would find a path that is not there', () => {
    expect(pathsIn('see `shared/nothing.ts`, `npm test` and `docs/rules.md`.')).toEqual([
      'shared/nothing.ts',
      'docs/rules.md',
    ]);
    expect(linksIn('[a](docs/none.md#there), [b](https://example.org/x) and [c](#here)')).toEqual(['docs/none.md']);
  });
});

describe('Where is X?', () => {
  const [, section = ''] = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').split(/^## Where is X\?$/m);
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it('asks twenty questions or more, each answered with a path and a word that stands in that file', () => {
    expect(rows.length).toBeGreaterThanOrEqual(20);
    for (const [, question = '', file = '', word = ''] of rows) {
      const [path = ''] = pathsIn(file);
      const [, found = ''] = /`([^`]+)`/.exec(word) ?? [];
      expect(path, question).not.toBe('');
      expect(readFileSync(join(root, path), 'utf8'), `${question} ${path}`).toContain(found);
      expect(found, question).not.toBe('');
    }
  });
});

describe('docs/architecture.svg', () => {
  it('is of today; `node scripts/architecture.mjs` draws it anew', () => {
    const check = () =>
      execFileSync(process.execPath, [join(root, 'scripts/architecture.mjs'), '--check'], { stdio: 'pipe' });
    expect(check).not.toThrow();
  });
});
