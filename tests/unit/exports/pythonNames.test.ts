import { describe, expect, it } from 'vitest';
import { printJax } from '../../../shared/exports/jax';
import { printKeras } from '../../../shared/exports/keras';
import { printPytorch } from '../../../shared/exports/pytorch';
import type { NetworkDocument } from '../../../shared/schema/document';
import { perceptualFields } from '../../../shared/schema/perceptualFields';
import { trainingFieldNames } from '../../../shared/schema/training';
import { templates } from '../../../templates/build';
import { chainNetwork } from '../../support/networks';
import { printed } from '../../support/pythonProject';

// Without a Python nothing printed is run. What would end a train.py at its first lines is found by reading alone.

const documents: readonly (readonly [string, NetworkDocument])[] = [
  ['no settings', chainNetwork([8, 8, 1], ['fc', { units: 2 }])],
  ...templates.map(({ id, document }) => [id, document] as const),
];

/** The modules that are not printed. */
const others =
  /^(argparse|collections(\.abc)?|concurrent\.futures|csv|dataclasses|functools|gzip|io|itertools|json|math|os|pathlib|re|secrets|shutil|signal|struct|sys|threading|time|typing|unicodedata|warnings|zipfile|zlib|numpy(\.typing)?|PIL|pyarrow(\.parquet)?|torch(\..+)?|keras|tensorflow|jax(\..+)?|flax|optax)$/;

type Files = ReadonlyMap<string, string>;

function filesOf(print: typeof printPytorch, document: NetworkDocument): Files {
  const files = printed(print, document).files.filter(({ path }) => path.endsWith('.py'));
  return new Map(files.map(({ path, text }) => [path.replace(/\.py$/, ''), text]));
}

function found(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

/** What a module has at its top: what it defines and what it imports. */
function namesOf(text: string): ReadonlySet<string> {
  const imported = imports(text).flatMap(({ names }) => names.map(({ as }) => as));
  return new Set([...found(text, /^(?:def|class) (\w+)/gm), ...found(text, /^(\w+)(?:: [^=\n]+)? =/gm), ...imported]);
}

type Import = { readonly from: string; readonly names: readonly { readonly name: string; readonly as: string }[] };

function imports(text: string): readonly Import[] {
  return [...text.matchAll(/^ *from ([\w.]+) import (?:\(([^)]*)\)|(.*))$/gm)].map(([, from = '', lines, line]) => ({
    from,
    names: (lines ?? line ?? '').split(',').flatMap((part) => {
      const [name = '', as = name] = part.trim().split(' as ');
      return name === '' ? [] : [{ name, as }];
    }),
  }));
}

/** Imports of a project that lead nowhere. */
function missing(files: Files): readonly string[] {
  return [...files].flatMap(([path, text]) => {
    const whole = found(text, /^ *import ([\w.]+)/gm).filter((name) => !files.has(name) && !others.test(name));
    const parts = imports(text).flatMap(({ from, names }) => {
      const module = files.get(from);
      if (module === undefined) return others.test(from) ? [] : [from];
      const has = namesOf(module);
      return names.filter(({ name }) => !has.has(name)).map(({ name }) => `${from}.${name}`);
    });
    return [...whole, ...parts].map((name) => `${path}: ${name}`);
  });
}

/** The settings that a train.py has, each an option of its own. */
function settingsOf(files: Files): readonly string[] {
  const [, lines = ''] = /^SETTINGS: dict\[str, Any\] = \{([^}]*)\}/m.exec(files.get('train') ?? '') ?? [];
  return found(lines, /"(\w+)":/g);
}

describe.each([
  ['PyTorch', printPytorch],
  ['Keras', printKeras],
  ['JAX', printJax],
] as const)('the printed Python of %s', (_, print) => {
  const projects = documents.map(([name, document]) => [name, filesOf(print, document)] as const);

  it('imports what there is', () => {
    expect(projects.flatMap(([name, files]) => missing(files).map((words) => `${name}: ${words}`))).toEqual([]);
  });

  it('reads no setting that train.py does not have', () => {
    for (const [name, files] of projects) {
      const settings = settingsOf(files);
      if (!files.has('train')) continue;
      const read = [...files.values()].flatMap((text) => found(text, /\b(?:config|SETTINGS)\["(\w+)"\]/g));
      expect(read, name).toContain('epochs');
      expect(
        [...new Set(read)].filter((one) => !settings.includes(one)),
        name,
      ).toEqual([]);
    }
  });

  it('trains with every setting, or refuses it by name', () => {
    const [, files] = projects[0]!;
    const text = [...files].filter(([path]) => path !== 'run_folder').map(([, one]) => one);
    // Without the settings themselves: there each has its name.
    const code = text.join('\n').replace(/^SETTINGS[^}]*\}/m, '');
    // Those of two losses are refused with these; the others say how the app computes, or are part of the script.
    const free = ['focalGamma', 'engine', 'precision', 'output', ...Object.keys(perceptualFields)];
    const known = found(code, /"(\w+)"/g);
    expect(trainingFieldNames.filter((name) => !known.includes(name) && !free.includes(name))).toEqual([]);
  });
});

it('this file finds imports that lead nowhere', () => {
  const files = new Map([
    ['a', 'import nowhere\nfrom b import (\n    C,\n    d as e,\n)\n'],
    ['b', 'C: int = 1\n\n\ndef f() -> None:\n    from missing import g\n'],
  ]);
  expect(missing(files)).toEqual(['a: nowhere', 'a: b.d', 'b: missing']);
});
