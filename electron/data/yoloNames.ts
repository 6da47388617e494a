import { join } from 'node:path';
import { limits } from '../../shared/schema/limits';
import { readRegularText } from '../files/regularFile';
import { listFolder } from './folder';

/** What `data.yaml` says: names of the classes, and folders of the parts as they are written. */
export type YoloSettings = {
  readonly names: readonly string[];
  readonly folders: { readonly train?: string; readonly val?: string; readonly test?: string };
};

/** More than any file has; a number beyond it is a mistake. */
const mostNames = 10_000;

function plain(value: string): string {
  const quoted = /^(['"])(.*)\1\s*(?:#.*)?$/.exec(value.trim());
  return quoted?.[2] ?? value.replace(/(^|\s)#.*$/, '').trim();
}

/** `[cat, 'dog']` or `{0: cat, 1: dog}`; null for another text. */
function inlineNames(value: string): readonly string[] | null {
  const inner = /^\[(.*)\]$|^\{(.*)\}$/.exec(value);
  const items = inner?.[1] ?? inner?.[2];
  if (items === undefined) return null;
  return items.split(',').flatMap((item) => {
    const name = plain(inner?.[2] === undefined ? item : item.replace(/^\s*\d+\s*:/, ''));
    return name === '' ? [] : [name];
  });
}

/**
 * Reads of a YAML file what YOLO's have: `names`, in one line or as a list or numbers with names, one a line; and the folders `train`,
 * `val` and `test`.
 */
export function readYoloSettings(source: string): YoloSettings {
  const names = new Map<number, string>();
  const folders: Record<string, string> = {};
  let isInNames = false;
  let isOpen = '';
  for (const line of source.split(/\r?\n/)) {
    const top = isOpen === '' ? /^(\w+)\s*:\s*(.*)$/.exec(line) : null;
    if (top === null && !isInNames) continue;
    if (top !== null) isInNames = top[1] === 'names';
    const value = top === null ? line : plain(top[2] ?? '');
    if (!isInNames) {
      if (top?.[1] !== undefined && value !== '') folders[top[1]] = value;
      continue;
    }
    // A list in brackets may go over several lines.
    const so = isOpen === '' ? value.trim() : `${isOpen} ${value.trim()}`;
    isOpen = /^[[{]/.test(so) && !/[\]}]$/.test(so) ? so : '';
    if (isOpen !== '') continue;
    const inline = inlineNames(so);
    const item = /^\s*(?:-\s|(\d+)\s*:)\s*(.*)$/.exec(value);
    if (inline !== null) inline.forEach((name, index) => names.set(index, name));
    else if (item !== null) names.set(item[1] === undefined ? names.size : Number(item[1]), plain(item[2] ?? ''));
  }
  const { train, val, test } = folders;
  const count = Math.max(-1, ...[...names.keys()].filter((index) => index < mostNames)) + 1;
  return {
    names: Array.from({ length: count }, (_, index) => names.get(index) ?? String(index)),
    folders: {
      ...(train === undefined ? {} : { train }),
      ...(val === undefined ? {} : { val }),
      ...(test === undefined ? {} : { test }),
    },
  };
}

/** The file that has the names of the classes, one a line. */
export const namesFile = 'classes.txt';

const read = async (path: string): Promise<string> =>
  await readRegularText(path, limits.pictureAnnotationBytes).catch(() => '');

/** Names, one a line; none where the file is not there. */
export async function readNames(path: string): Promise<readonly string[]> {
  const names = (await read(path)).split(/\r?\n/).map((line) => line.trim());
  while (names.at(-1) === '') names.pop();
  return names;
}

/** The settings of a folder: its YAML file, or names one a line in `classes.txt` or `obj.names`. */
export async function findYoloSettings(dir: string): Promise<YoloSettings> {
  const { files } = await listFolder(dir);
  for (const path of files.filter((name) => /\.ya?ml$/i.test(name))) {
    const settings = readYoloSettings(await read(path));
    if (settings.names.length > 0) return settings;
  }
  for (const name of [namesFile, 'obj.names']) {
    const names = await readNames(join(dir, name));
    if (names.length > 0) return { names, folders: {} };
  }
  return { names: [], folders: {} };
}
