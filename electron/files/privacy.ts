import { sep } from 'node:path';

/** A folder that may be named, by what it is for: `<data>`. */
export type NamedFolder = { readonly name: string; readonly dir: string };

/** What ends a path in running text. */
const pathEnd = String.raw`[^\s"'\x60()<>|:;,]`;
/** Two parts at least: `a/b` of a ratio or a kind of MIME is no path, and a lone slash says nothing of anybody. */
const anyPath = new RegExp(
  // file:///x, /x/y, \\server\share, C:\x, C:/x
  String.raw`(?<![\w<>.~])(?:file://)?(?:/|\\\\|[A-Za-z]:[\\/])${pathEnd}+(?:[\\/]${pathEnd}+)+|(?<![\w<>.~/])[A-Za-z]:[\\/]${pathEnd}+`,
  'g',
);

/**
 * Takes out of a text what says whose machine it is from: paths outside of the app's own folders leave the ending of their name alone,
 * and the user's name goes wherever it stands. Folders that are given are called by their names, so that a stack still says where.
 */
export function withoutPrivatePaths(text: string, folders: readonly NamedFolder[], userName: string): string {
  let clean = text;
  // The longest first: the data folder lies in the user's own.
  for (const { name, dir } of [...folders].sort((a, b) => b.dir.length - a.dir.length)) {
    if (dir.length < 2) continue;
    for (const written of new Set([dir, dir.replaceAll(sep, '/'), encodeURI(dir.replaceAll(sep, '/'))])) {
      clean = clean.replaceAll(`file://${written}`, `<${name}>`).replaceAll(written, `<${name}>`);
    }
  }
  clean = clean.replace(anyPath, (path) => `<path>${/\.[A-Za-z0-9]{1,12}$/.exec(path)?.[0] ?? ''}`);
  return userName.length < 3 ? clean : clean.replaceAll(userName, '<user>');
}
