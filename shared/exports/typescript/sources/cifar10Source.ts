/** Prints `cifar10.ts`: reads CIFAR-10. */
export const cifar10Source = `import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitByClass } from './split.js';
import { divide, label, type DataSet, type Sample } from './values.js';

const classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const batchName = /^data_batch_\\d\\.bin$/i;
const [side, channels] = [32, 3];
const pixels = side * side;
/** One byte of label, then the red, green and blue planes. */
const recordBytes = 1 + pixels * channels;

/** Whether a folder's files are those of CIFAR-10, binary version. */
export function hasCifar10(names: string[]): boolean {
  return names.some((name) => batchName.test(name));
}

/** Reads data_batch_1.bin and so on; test_batch.bin is for validation, or one sample in five where there is none. */
export async function readCifar10(dir: string): Promise<DataSet> {
  const names = (await readdir(dir)).sort();
  const read = async (pattern: RegExp): Promise<Sample[]> => {
    const parts: Sample[][] = [];
    for (const name of names.filter((one) => pattern.test(one))) parts.push(await readBatch(join(dir, name)));
    return parts.flat();
  };
  const training = await read(batchName);
  const validation = await read(/^test_batch\\.bin$/i);
  const isValidated = validation.length > 0;
  const labels = training.map(({ targets }) => targets[0]?.data[0] ?? 0);
  const parts = divide(training, splitByClass(labels, { isValidated }));
  return { task: 'classes', classes, scaling: null, ...parts, ...(isValidated ? { validation } : {}) };
}

async function readBatch(path: string): Promise<Sample[]> {
  const bytes = await readFile(path);
  const count = bytes.length / recordBytes;
  if (!Number.isInteger(count)) throw new Error(\`\${path} is not made of whole records.\`);
  return Array.from({ length: count }, (_, record) => {
    const start = record * recordBytes;
    const data = new Float32Array(pixels * channels);
    for (let at = 0; at < data.length; at += 1) {
      data[at] = (bytes[start + 1 + (at % channels) * pixels + Math.floor(at / channels)] ?? 0) / 255;
    }
    return { inputs: [{ shape: [side, side, channels], data }], targets: [label(bytes[start] ?? 0)] };
  });
}
`;
