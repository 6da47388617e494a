/** Prints `folders.ts`: reads folders of pictures by class. */
export const foldersSource = `import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pictureName, readPicture } from './pictures.js';
import { splitByClass } from './split.js';
import { divide, label, type DataSet, type Sample } from './values.js';

/** The names in a folder in order, hidden ones left out; none where there is no such folder. */
export async function list(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The folders of \`train\` and of \`val\` (also \`validation\`, \`test\`), or one folder where the data are not divided. */
export async function findParts(dir: string): Promise<[training: string, validation: string | null]> {
  const names = await list(dir);
  const held = ['val', 'validation', 'test'].find((name) => names.includes(name));
  return names.includes('train') && held !== undefined ? [join(dir, 'train'), join(dir, held)] : [dir, null];
}

/** Reads a folder with a folder of pictures for each class, or the same in folders \`train\` and \`val\`. */
export async function readClassFolders(dir: string, size: (number | null)[]): Promise<DataSet> {
  const [main, held] = await findParts(dir);
  const entries = await readdir(main, { withFileTypes: true });
  const folders = new Set(entries.filter((entry) => !entry.isFile()).map(({ name }) => name));
  const classes = (await list(main)).filter((name) => folders.has(name));
  if (classes.length === 0) throw new Error(\`\${dir} has no folder of pictures for each class.\`);
  // Where the model leaves its size open, all pictures are brought to that of the first.
  let known = size;
  const read = async (folder: string): Promise<Sample[]> => {
    const samples: Sample[] = [];
    for (const [index, name] of classes.entries()) {
      for (const file of await list(join(folder, name))) {
        if (!pictureName.test(file)) continue;
        try {
          const picture = await readPicture(join(folder, name, file), known);
          known = picture.shape;
          samples.push({ inputs: [picture], targets: [label(index)] });
        } catch (error) {
          console.warn(\`\${name}/\${file} is left out: \${String(error)}\`);
        }
      }
    }
    return samples;
  };
  const all = await read(main);
  if (all.length === 0) throw new Error(\`\${dir} has no pictures in its folders.\`);
  const parts =
    held === null
      ? divide(all, splitByClass(all.map(({ targets }) => targets[0]?.data[0] ?? 0)))
      : { training: all, validation: await read(held) };
  return { task: 'classes', classes, scaling: null, ...parts };
}
`;
