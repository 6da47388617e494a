/** Prints `folders.ts`: reads folders of pictures by class. */
export const foldersSource = `import { join } from 'node:path';
import { findLabelTables, readLabelled } from './labelTable.js';
import { pictureName, readPicture } from './pictures.js';
import { splitByClass, type Part } from './split.js';
import { findParts, listFolders, listTree } from './tree.js';
import { divide, label, type DataSet, type Sample } from './values.js';

/** Reads a folder with a folder of pictures for each class, or the same in folders \`train\`, \`val\` and \`test\`; or any folder with a labels.csv. */
export async function readClassFolders(dir: string, size: (number | null)[]): Promise<DataSet> {
  const parts = await findParts(dir);
  const labelled = findLabelTables(dir, parts);
  if (labelled.length > 0) return await readLabelled(labelled, parts, size);
  const classes = await listFolders(parts[0]?.dir ?? dir);
  if (classes.length === 0) throw new Error(\`\${dir} has no folder of pictures for each class.\`);
  // Where the model leaves its size open, all pictures are brought to that of the first.
  let known = size;
  const samples: Sample[] = [];
  const classOf: number[] = [];
  const partOf: Part[] = [];
  for (const { dir: place, part } of parts) {
    for (const [index, name] of classes.entries()) {
      for (const file of await listTree(join(place, name))) {
        if (!pictureName.test(file)) continue;
        try {
          const picture = await readPicture(join(place, name, file), known);
          known = picture.shape;
          samples.push({ inputs: [picture], targets: [label(index)] });
          classOf.push(index);
          partOf.push(part);
        } catch (error) {
          console.warn(\`\${name}/\${file} is left out: \${String(error)}\`);
        }
      }
    }
  }
  if (samples.length === 0) throw new Error(\`\${dir} has no pictures in its folders.\`);
  return { task: 'classes', classes, scaling: null, ...divide(samples, splitByClass(classOf, { partOf })) };
}
`;
