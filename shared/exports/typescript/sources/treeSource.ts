/** Prints `tree.ts`: which files a folder holds, and which of them train, validate and test. */
export const treeSource = `import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Part } from './split.js';

/** Sub-folders are looked into so many levels down. */
const deepest = 4;

/** What is in a folder in order, hidden things left out; nothing where there is no such folder. */
async function listEntries(dir: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => !name.startsWith('.'))
    .map((entry) => ({ name: entry.name, isFolder: !entry.isFile() }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** The names of the folders in a folder. */
export async function listFolders(dir: string): Promise<string[]> {
  return (await listEntries(dir)).flatMap(({ name, isFolder }) => (isFolder ? [name] : []));
}

/** The paths of the files within a folder: its own, then those of each folder in it. */
export async function listTree(dir: string, within = '', depth = 1): Promise<string[]> {
  const entries = await listEntries(join(dir, within));
  const files = entries.flatMap(({ name, isFolder }) => (isFolder ? [] : [join(within, name)]));
  if (depth === deepest) return files;
  for (const { name, isFolder } of entries) {
    if (isFolder) files.push(...(await listTree(dir, join(within, name), depth + 1)));
  }
  return files;
}

/** A folder, and what the samples in it are for. */
export type PartFolder = { dir: string; part: Part };

/** The folders \`train\`, \`val\` (also \`validation\`, \`valid\`) and \`test\`; the folder itself where the data are not divided. */
export async function findParts(dir: string): Promise<PartFolder[]> {
  const names = await listFolders(dir);
  const held = ['val', 'validation', 'valid'].find((name) => names.includes(name));
  const isTested = names.includes('test');
  if (!names.includes('train') || (held === undefined && !isTested)) return [{ dir, part: null }];
  return [
    { dir: join(dir, 'train'), part: 'training' },
    ...(held === undefined ? [] : [{ dir: join(dir, held), part: 'validation' as const }]),
    ...(isTested ? [{ dir: join(dir, 'test'), part: 'test' as const }] : []),
  ];
}

/** Two folders with files of the same names. */
export type Beside = { inputs: string; targets: string; part: Part };

/** Folders of pictures and of what belongs to them, whatever they are called: inside of each part, or each of them with the parts inside. */
export async function findBeside(dir: string, inputs: string, targets: string): Promise<Beside[]> {
  const parts = await findParts(dir);
  const inside = parts.length > 1 ? [] : await findParts(join(dir, inputs));
  return inside.length > 1
    ? inside.map(({ dir: own, part }) => ({ inputs: own, targets: join(dir, targets, basename(own)), part }))
    : parts.map(({ dir: own, part }) => ({ inputs: join(own, inputs), targets: join(own, targets), part }));
}

/** Whether a folder has such folders with something in them. */
export async function hasBeside(dir: string, inputs: string, targets: string): Promise<boolean> {
  const [first] = await findBeside(dir, inputs, targets);
  return first !== undefined && (await listTree(first.inputs)).length > 0 && (await listTree(first.targets)).length > 0;
}

/** A file, and the one of its name that belongs to it, if there is any. */
type PairedFile = { name: string; input: string; target: string | null; part: Part };

/** Files of the same names, without their ends, in two folders. */
export async function pairUp({ inputs, targets, part }: Beside): Promise<PairedFile[]> {
  const stemOf = (file: string): string => file.replace(/\\.[^./\\\\]*$/, '');
  const targetOf = new Map((await listTree(targets)).map((file) => [stemOf(file), file]));
  return (await listTree(inputs)).map((name) => {
    const target = targetOf.get(stemOf(name));
    return { name, input: join(inputs, name), target: target === undefined ? null : join(targets, target), part };
  });
}
`;
