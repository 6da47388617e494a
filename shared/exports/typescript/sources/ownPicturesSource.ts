/** Prints `own.ts`: reads pictures that are to become themselves, as Convloom does. Only of networks that learn such. */
export const ownPicturesSource = `import { join } from 'node:path';
import { readPairs } from './pairs.js';
import { pictureName } from './pictures.js';
import { findParts, listTree } from './tree.js';
import type { DataSet } from './values.js';

/** Reads all pictures of a folder and of those in it, or of its folders \`train\`, \`val\` and \`test\`: each is what it is to become. */
export async function readOwnPictures(dir: string, size: (number | null)[], channels: number | null): Promise<DataSet> {
  const pairs = [];
  for (const { dir: place, part } of await findParts(dir)) {
    for (const name of await listTree(place)) {
      const path = join(place, name);
      if (pictureName.test(name)) pairs.push({ name, input: path, target: path, part });
    }
  }
  const data = await readPairs(pairs, size, channels);
  if (data === null) throw new Error(\`\${dir} has no pictures.\`);
  return data;
}
`;
