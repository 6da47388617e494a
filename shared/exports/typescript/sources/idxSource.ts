/** Prints `idx.ts`: reads the IDX files of MNIST and its like. */
export const idxSource = `import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { splitByClass } from './split.js';
import { divide, label, type DataSet, type Sample } from './values.js';

/** Whether a folder's files are those of MNIST. */
export function hasIdx(names: string[]): boolean {
  return names.some((name) => /^train-images[-.]idx3-ubyte(\\.gz)?$/i.test(name));
}

/** Reads a folder with MNIST's four IDX files; without those of the test set, one sample in five is held back. */
export async function readIdxFolder(dir: string): Promise<DataSet> {
  const names = await readdir(dir);
  const training = await readPart(dir, names, 'train');
  if (training === null) throw new Error(\`\${dir} has no train-images-idx3-ubyte with train-labels-idx1-ubyte.\`);
  const validation = await readPart(dir, names, 't10k');
  const split = splitByClass(training.map(labelOf), { isValidated: validation !== null });
  const divided = divide(training, split);
  const parts = { ...divided, validation: validation ?? divided.validation };
  const largest = [...parts.training, ...parts.validation].reduce((most, one) => Math.max(most, labelOf(one)), 0);
  const classes = Array.from({ length: largest + 1 }, (_, at) => String(at));
  return { task: 'classes', classes, scaling: null, ...parts };
}

function labelOf({ targets }: Sample): number {
  return targets[0]?.data[0] ?? 0;
}

async function readPart(dir: string, names: string[], part: string): Promise<Sample[] | null> {
  const find = (content: string): string | undefined =>
    names.find((name) => new RegExp(\`^\${part}-\${content}[-.]idx\\\\d-ubyte(\\\\.gz)?$\`, 'i').test(name));
  const [imageFile, labelFile] = [find('images'), find('labels')];
  if (imageFile === undefined || labelFile === undefined) return null;
  const images = await readIdx(join(dir, imageFile));
  const labels = await readIdx(join(dir, labelFile));
  const [count = 0, height = 0, width = 1, channels = 1] = images.sizes;
  if (labels.bytes.length !== count) throw new Error(\`\${labelFile} has not one label for each image.\`);
  const length = height * width * channels;
  return Array.from({ length: count }, (_, at) => ({
    inputs: [
      {
        shape: [height, width, channels],
        data: Float32Array.from(images.bytes.subarray(at * length, (at + 1) * length), (byte) => byte / 255),
      },
    ],
    targets: [label(labels.bytes[at] ?? 0)],
  }));
}

async function readIdx(path: string): Promise<{ sizes: number[]; bytes: Uint8Array }> {
  const packed = await readFile(path);
  const content = path.toLowerCase().endsWith('.gz') ? gunzipSync(packed) : packed;
  return parseIdx(content, path);
}

/** An IDX file of bytes: 0, 0, 8, the number of sizes, the sizes (32 bits, the highest byte first), the values. */
export function parseIdx(content: Buffer, path: string): { sizes: number[]; bytes: Uint8Array } {
  if (content.length < 4 || content.readUInt16BE(0) !== 0 || content[2] !== 8) {
    throw new Error(\`\${path} is not an IDX file of bytes.\`);
  }
  const rank = content[3] ?? 0;
  const sizes = Array.from({ length: rank }, (_, at) => content.readUInt32BE(4 + 4 * at));
  const bytes = content.subarray(4 + 4 * rank);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (bytes.length < count) throw new Error(\`\${path} is cut short.\`);
  return { sizes, bytes: bytes.subarray(0, count) };
}
`;
