import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Rooms = Readonly<Record<string, readonly string[]>>;

const { electronRooms, sharedRooms } = (await import(
  /* @vite-ignore */ new URL('../../../scripts/rooms.mjs', import.meta.url).href
)) as { readonly electronRooms: Rooms; readonly sharedRooms: Rooms };

const root = resolve(import.meta.dirname, '../../..');

/** The rooms that a README names behind "May import:". */
function namedIn(room: string): readonly string[] {
  const text = readFileSync(join(root, room, 'README.md'), 'utf8');
  const [, line = ''] = /^May import: ([^\n]*(?:\n[^\n]+)*)/m.exec(text) ?? [];
  return [...line.matchAll(/`([a-z]+)`/g)].map(([, name = '']) => name).sort();
}

describe('the README of a room says what it may import, as lint has it', () => {
  const trees: readonly (readonly [string, Rooms])[] = [
    ['shared', sharedRooms],
    ['electron', electronRooms],
  ];
  const rows = trees.flatMap(([tree, rooms]) =>
    Object.entries(rooms).map(([name, allowed]) => [`${tree}/${name}`, [...allowed].sort()] as const),
  );
  it.each(rows)('%s', (room, allowed) => {
    expect(namedIn(room)).toEqual(allowed);
  });
});

describe('tests stand in the folders of the rooms', () => {
  const foldersIn = (path: string): readonly string[] =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  const filesIn = (path: string): readonly string[] =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);

  it.each(['tests/unit', 'tests/oracle'])('%s: of shared/, of electron/, or of the top level', (tests) => {
    const rooms = [...Object.keys(sharedRooms), ...Object.keys(electronRooms), ...foldersIn('.')];
    expect(foldersIn(tests).filter((name) => !rooms.includes(name))).toEqual([]);
    expect(filesIn(tests)).toEqual([]);
  });

  it('tests/unit/renderer: of renderer/', () => {
    const rooms = foldersIn('renderer');
    expect(foldersIn('tests/unit/renderer').filter((name) => !rooms.includes(name))).toEqual([]);
    expect(filesIn('tests/unit/renderer')).toEqual([]);
  });
});
