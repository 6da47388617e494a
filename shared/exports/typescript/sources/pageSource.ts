/** Prints `page.ts`: the page that answers dropped pictures. */
export const pageSource = `import * as tf from '@tensorflow/tfjs';
import {
  answerOf,
  answers,
  classColor,
  describe,
  isOfMany,
  maskOf,
  pictureOf,
  sharesOf,
  type Mask,
  type Picture,
  type Share,
} from './answers.js';
import { buildModel } from './model.js';
import { toInput, type Pixels } from './pixels.js';
import type { Learned } from './values.js';
import { setWeights, type WeightEntry } from './weights.js';

function find<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(\`The page has no \${id}.\`);
  return element;
}

const drop = find('drop', HTMLLabelElement);
const input = find('file', HTMLInputElement);
const status = find('status', HTMLElement);
const answer = find('answer', HTMLElement);

async function read(name: string): Promise<Response> {
  const response = await fetch(name);
  if (!response.ok) throw new Error(\`There is no \${name}: run npm run train first.\`);
  return response;
}

async function loadModel(): Promise<tf.LayersModel> {
  await tf.ready();
  const model = buildModel();
  const index = (await (await read('weights.json')).json()) as WeightEntry[];
  setWeights(model, index, new Uint8Array(await (await read('weights.bin')).arrayBuffer()));
  return model;
}

async function readLearned(): Promise<Learned | null> {
  const response = await fetch('classes.json');
  return response.ok ? ((await response.json()) as Learned) : null;
}

/** The pixels of a picture file, and the picture for the page. */
async function decode(file: Blob): Promise<{ pixels: Pixels; canvas: HTMLCanvasElement }> {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas.');
  context.drawImage(bitmap, 0, 0);
  const { width, height, data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  return { pixels: { width, height, channels: 4, data }, canvas };
}

function drawPicture({ width, height, data }: Picture, label: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const image = new ImageData(width, height);
  image.data.set(data);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  return canvas;
}

function drawMask({ width, height, classes }: Mask): HTMLCanvasElement {
  const data = Uint8ClampedArray.from(classes.flatMap((index) => [...classColor(index), 255]));
  return drawPicture({ width, height, data }, 'The class of each pixel');
}

function drawShares(caption: string, shares: Share[]): HTMLTableElement {
  const table = document.createElement('table');
  table.createCaption().textContent = caption;
  for (const { name, share } of shares.slice(0, 10)) {
    const row = table.insertRow();
    row.insertCell().textContent = name;
    const meter = document.createElement('meter');
    meter.value = share;
    meter.setAttribute('aria-label', name);
    row.insertCell().append(meter);
    row.insertCell().textContent = \`\${(100 * share).toFixed(1)} %\`;
  }
  return table;
}

function draw(output: tf.Tensor, at: number, learned: Learned | null): HTMLElement[] {
  const { name, gives } = answers[at] ?? { name: '', gives: 'values' as const };
  const { result, shown } = answerOf(output, learned, gives);
  const picture = shown === 'picture' ? pictureOf(result) : null;
  if (picture !== null) return [drawPicture(picture, 'The picture that the model gives')];
  if (shown === 'values' || shown === 'picture' || (result.size === 1 && !isOfMany(shown))) {
    const text = document.createElement('p');
    text.textContent = describe(result, 'values', [], learned?.scaling?.target).join(' ');
    return [text];
  }
  const mask = maskOf(result);
  return [
    ...(mask === null ? [] : [drawMask(mask)]),
    drawShares(name, sharesOf(result, shown, learned?.classes ?? [])),
  ];
}

async function show(model: tf.LayersModel, learned: Learned | null, file: Blob): Promise<void> {
  const { pixels, canvas } = await decode(file);
  const start = performance.now();
  const { shape, data } = toInput(pixels, (model.inputs[0]?.shape ?? []).slice(1));
  const output = tf.tidy(() => model.predict(tf.tensor(data, [1, ...shape])));
  const results = Array.isArray(output) ? output : [output];
  const drawn = results.flatMap((result, at) => draw(result, at, learned));
  tf.dispose(results);
  answer.replaceChildren(canvas, ...drawn);
  status.textContent = \`Answered in \${(performance.now() - start).toFixed(0)} ms on \${tf.getBackend()}.\`;
}

function complain(error: unknown): void {
  status.textContent = error instanceof Error ? error.message : String(error);
}

/** Answers every picture that is dropped, chosen or pasted. */
async function main(): Promise<void> {
  const [model, learned] = [await loadModel(), await readLearned()];
  const take = (files: FileList | null | undefined): void => {
    const file = files?.[0];
    if (file !== undefined) show(model, learned, file).catch(complain);
  };
  input.addEventListener('change', () => {
    take(input.files);
  });
  for (const type of ['dragenter', 'dragover', 'dragleave', 'drop'] as const) {
    document.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', type === 'dragenter' || type === 'dragover');
      if (type === 'drop') take(event.dataTransfer?.files);
    });
  }
  document.addEventListener('paste', (event) => {
    take(event.clipboardData?.files);
  });
  status.textContent = 'Ready for a picture.';
}

main().catch(complain);
`;
