import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { layers } from '../../../shared/layers';
import { isWhole } from '../../support/isWhole';
import { findKindTests } from '../../support/kindTests';

const root = resolve(import.meta.dirname, '../../..');
const kinds = new Set<string>(layers.map(({ kind }) => kind));

/**
 * Where kinds may be named: their own files; the printers, which do not compile without an entry for each; and their way back, the importers,
 * which ask about layers that they have made themselves and no others.
 */
const home = /^shared\/(layers|exports|imports)\//;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  jsx: ts.JsxEmit.ReactJSX,
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};

function sources(): readonly string[] {
  return ['shared', 'electron', 'renderer'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .map((path) => `${room}/${path.replaceAll('\\', '/')}`)
      .filter((path) => /\.tsx?$/.test(path) && !home.test(path))
      .map((path) => join(root, path)),
  );
}

/** What the finder says of texts, all of them files of one program: how often for each. */
function countIn(texts: readonly string[]): readonly number[] {
  const files = new Map(texts.map((text, index) => [join(root, `sample${index}.ts`), text]));
  const found = findKindTests([...files.keys()], kinds, options, (file) => files.get(file) ?? '');
  return texts.map((_, index) => found.filter((place) => place.startsWith(`sample${index}.ts:`)).length);
}

const node = 'declare const node: { readonly kind: string } | undefined;\n';

const tests = [
  ['a comparison', `export const a = node?.kind === 'conv';`],
  ['a comparison the other way round', `export const a = 'fc' !== node?.kind;`],
  ['a variable with the kind', `const { kind } = node ?? { kind: '' };\nexport const a = kind === 'gap';`],
  ['a case', `export function f() { switch (node?.kind) { case 'pool': return 1; default: return 0; } }`],
  ['a list', `export const a = ['add', 'concat'].includes(node?.kind ?? '');`],
  ['a set', `export const a = new Set(['flatten', 'gap']).has(node?.kind ?? '');`],
  ['a map', `export const a = new Map([['conv', 1], ['pool', 2]]).get(node?.kind ?? '');`],
  ['a record', `const r: { [kind: string]: number } = { conv: 1, pool: 2 };\nexport const a = r[node?.kind ?? ''];`],
] as const;

const others = [
  ['a kind that is created', `export const made = { id: 'x', kind: 'conv', params: {} };`],
  ['a union of its own', `declare const head: 'fc' | 'gap' | 'conv';\nexport const a = head === 'gap';`],
  ['a word that is no kind', `export const a = node?.kind === 'something';`],
  ['a record of a closed type', `export const r: { [K in 'conv' | 'pool']: number } = { conv: 1, pool: 2 };`],
] as const;

describe('layer kinds', () => {
  // The types of the whole app are made for it: half a minute.
  it.runIf(isWhole)(
    'are tested for by name nowhere outside their own files, the printers and the importers',
    { timeout: 180_000 },
    () => {
      const files = sources();
      expect(files.length).toBeGreaterThan(300);
      expect(findKindTests(files, kinds, options, (file) => readFileSync(file, 'utf8'))).toEqual([]);
    },
  );

  const counts = countIn([...tests, ...others].map(([, text]) => node + text));

  it.each(tests.map(([what], index) => [what, index] as const))('are found out in %s', (_, index) => {
    expect(counts[index]).toBe(1);
  });

  it.each(others.map(([what], index) => [what, tests.length + index] as const))('are not seen in %s', (_, index) => {
    expect(counts[index]).toBe(0);
  });
});
