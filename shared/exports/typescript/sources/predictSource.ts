/** Prints `predict.ts`: what a trained model says of files; of pictures too where the network takes such. */
export function predictSource(hasPictures: boolean): string {
  return hasPictures ? [pictureHead, readInputs, pictureMain].join('') : [plainHead, readInputs, plainMain].join('');
}

const pictureHead = `import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { PNG } from 'pngjs';
import { answerOf, answers, classColor, describe, maskOf, pictureOf, type Mask, type Picture } from './answers.js';
import { pictureName, readPicture } from './pictures.js';
import { loadModel, readLearned } from './saved.js';
import { byName, toValues, type Scaling } from './values.js';

const usage = 'Usage: npm run predict -- picture.png ..., or input.json with the values of one sample.';

/** The sample of a file: a picture, or values as JSON. */
async function readSample(path: string, model: tf.LayersModel): Promise<unknown> {
  if (!pictureName.test(path)) return JSON.parse(await readFile(path, 'utf8')) as unknown;
  const { shape, data } = await readPicture(path, (model.inputs[0]?.shape ?? []).slice(1));
  return tf.tensor(data, shape).arraySync();
}

/** Writes a picture beside the file that it is the answer to. */
async function writePicture(path: string, { height, width, data }: Picture, end: string): Promise<string> {
  const picture = new PNG({ width, height });
  picture.data.set(data);
  const name = \`\${path.replace(/\\.\\w+$/, '')}\${end}.png\`;
  await writeFile(name, PNG.sync.write(picture));
  return name;
}

/** A mask as a picture: a colour for each class. */
function coloured({ height, width, classes }: Mask): Picture {
  const data = Uint8ClampedArray.from(classes.flatMap((index) => [...classColor(index), 255]));
  return { height, width, data };
}

`;

const plainHead = `import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { answerOf, answers, describe } from './answers.js';
import { loadModel, readLearned } from './saved.js';
import { byName, toValues, type Scaling } from './values.js';

const usage = 'Usage: npm run predict -- input.json ..., the values of one sample as JSON.';

`;

const readInputs = `/** One sample for each input; sizes that the model leaves open are those of the nested lists. */
export function readInputs(model: tf.LayersModel, content: unknown, scaling: Scaling | null = null): tf.Tensor[] {
  return byName(content, model.inputNames).map((value, at) => {
    const { shape, data: raw } = toValues(value);
    const data =
      scaling === null
        ? raw
        : raw.map((number, place) => (number - (scaling.mean[place] ?? 0)) / (scaling.deviation[place] ?? 1));
    const sizes = (model.inputs[at]?.shape ?? []).slice(1);
    return tf.tensor(data, [1, ...(sizes.includes(null) ? shape : (sizes as number[]))]);
  });
}

`;

const pictureMain = `/**
 * \`npm run predict -- FILE ...\`: the model's answer to each. JSON holds the values of one sample, nested as [row][column][channel] or in
 * one flat list, scaled as in training (images: 0 to 1; a table's as they stand in it); with several inputs, an object by their names in
 * model.ts.
 */
async function main(): Promise<void> {
  const paths = process.argv.slice(2);
  if (paths.length === 0) throw new Error(usage);
  const model = await loadModel();
  const learned = await readLearned();
  const scaling = learned?.scaling ?? null;
  for (const path of paths) {
    if (paths.length > 1) console.log(\`\${path}:\`);
    const results = model.predict(readInputs(model, await readSample(path, model), scaling));
    for (const [at, output] of (Array.isArray(results) ? results : [results]).entries()) {
      const { name = '', gives = 'values' } = answers[at] ?? {};
      if (answers.length > 1) console.log(\`\${name}:\`);
      const { result, shown } = answerOf(output, learned, gives);
      const end = answers.length > 1 ? \`.\${name}\` : '';
      const picture = shown === 'picture' ? pictureOf(result) : null;
      if (picture !== null) {
        console.log(\`Wrote \${await writePicture(path, picture, \`\${end}.answer\`)}.\`);
        continue;
      }
      const mask = shown === 'values' || !pictureName.test(path) ? null : maskOf(result);
      for (const line of describe(result, shown, learned?.classes ?? [], scaling?.target)) console.log(line);
      if (mask !== null) console.log(\`Wrote \${await writePicture(path, coloured(mask), \`\${end}.mask\`)}.\`);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
`;

const plainMain = `/**
 * \`npm run predict -- FILE ...\`: the model's answer to each. JSON holds the values of one sample, nested as [row][column][channel] or in
 * one flat list, scaled as in training (images: 0 to 1; a table's as they stand in it); with several inputs, an object by their names in
 * model.ts.
 */
async function main(): Promise<void> {
  const paths = process.argv.slice(2);
  if (paths.length === 0) throw new Error(usage);
  const model = await loadModel();
  const learned = await readLearned();
  const scaling = learned?.scaling ?? null;
  for (const path of paths) {
    if (paths.length > 1) console.log(\`\${path}:\`);
    const results = model.predict(readInputs(model, JSON.parse(await readFile(path, 'utf8')), scaling));
    for (const [at, output] of (Array.isArray(results) ? results : [results]).entries()) {
      const { name = '', gives = 'values' } = answers[at] ?? {};
      if (answers.length > 1) console.log(\`\${name}:\`);
      const { result, shown } = answerOf(output, learned, gives);
      for (const line of describe(result, shown, learned?.classes ?? [], scaling?.target)) console.log(line);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
`;
