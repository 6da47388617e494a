import type { Strengths } from '../../../schema/augmentation';

/** Prints `augment.ts`: pictures changed at every step as the app changes them. Only of networks that are trained so. */
export function augmentSource(strengths: Strengths): string {
  const rows = Object.entries(strengths).map(([name, value]) => `  ${name}: ${String(value)},`);
  return `import { createUniform, seedFor } from './split.js';
import type { Sample, Values } from './values.js';

/** How much of each change is made, 0 for none: parts of a side or of black to white, \`flip\` a chance, \`rotate\` and \`shear\` degrees. */
export const strengths = {
${rows.join('\n')}
};

/** Where a pixel is taken from: x' = a x + b y + c, y' = d x + e y + f. */
type Matrix = [a: number, b: number, c: number, d: number, e: number, f: number];

type Change = {
  matrix: Matrix;
  brightness: number;
  contrast: number;
  cutout: { top: number; left: number; height: number; width: number };
  uniform: () => number;
};

/** Every draw is made, whatever the strengths. */
function drawChange(height: number, width: number, uniform: () => number): Change {
  const either = (most: number): number => most * (2 * uniform() - 1);
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const whole = (side: number): number => {
    const most = Math.floor(strengths.shift * side);
    return Math.floor(uniform() * (2 * most + 1)) - most;
  };
  const mirror = uniform() < strengths.flip ? -1 : 1;
  const [right, down] = [whole(width), whole(height)];
  const angle = radians(either(strengths.rotate));
  const scale = 1 + either(strengths.zoom);
  const lean = Math.tan(radians(either(strengths.shear)));
  const brightness = either(strengths.brightness);
  const contrast = 1 + either(strengths.contrast);
  const [middleX, middleY] = [Math.floor(uniform() * width), Math.floor(uniform() * height)];
  const sides = { height: Math.round(strengths.cutout * height), width: Math.round(strengths.cutout * width) };
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [a, b] = [(mirror * (cos + lean * sin)) / scale, (mirror * (sin - lean * cos)) / scale];
  const [d, e] = [-sin / scale, cos / scale];
  const [fromX, fromY] = [(width - 1) / 2 + right, (height - 1) / 2 + down];
  const [c, f] = [(width - 1) / 2 - a * fromX - b * fromY, (height - 1) / 2 - d * fromX - e * fromY];
  const cutout = { ...sides, top: middleY - (sides.height >> 1), left: middleX - (sides.width >> 1) };
  return { matrix: [a, b, c, d, e, f], brightness, contrast, cutout, uniform };
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** Moves a picture, mixing the four pixels around each place; beyond its edges it goes on as it ends there. */
function movePicture({ shape, data }: Values, [a, b, c, d, e, f]: Matrix): Float32Array {
  const [height = 1, width = 1, channels = 1] = shape;
  const moved = new Float32Array(data.length);
  for (let to = 0; to < data.length; to += 1) {
    const [channel, pixel] = [to % channels, Math.floor(to / channels)];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const fromX = clamp(a * x + b * y + c, width - 1);
    const fromY = clamp(d * x + e * y + f, height - 1);
    const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
    const [nextX, nextY] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
    const at = (row: number, column: number): number => data[(row * width + column) * channels + channel] ?? 0;
    const upper = at(top, left) + (fromX - left) * (at(top, nextX) - at(top, left));
    const lower = at(nextY, left) + (fromX - left) * (at(nextY, nextX) - at(nextY, left));
    moved[to] = upper + (fromY - top) * (lower - upper);
  }
  return moved;
}

function changePicture(picture: Values, change: Change): Values {
  const [height = 1, width = 1, channels = 1] = picture.shape;
  const data = movePicture(picture, change.matrix);
  // Alpha moves along, and is no colour.
  const colours = channels === 4 ? 3 : channels;
  const mean = (channel: number): number => {
    let sum = 0;
    for (let at = channel; at < data.length; at += channels) sum += data[at] ?? 0;
    return (sum * channels) / data.length;
  };
  const means = (): number[] => Array.from({ length: colours }, (_, channel) => mean(channel));
  const { brightness, contrast, cutout, uniform } = change;
  if (brightness !== 0 || contrast !== 1 || strengths.noise > 0) {
    const middle = means().reduce((sum, value) => sum + value, 0) / colours;
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    for (let at = 0; at < data.length; at += 1) {
      if (at % channels >= colours) continue;
      const noise = strengths.noise > 0 ? strengths.noise * normal() : 0;
      data[at] = clamp((data[at] ?? 0) * contrast + middle * (1 - contrast) + brightness + noise, 1);
    }
  }
  const covers = means();
  for (let y = Math.max(0, cutout.top); y < Math.min(height, cutout.top + cutout.height); y += 1) {
    for (let x = Math.max(0, cutout.left); x < Math.min(width, cutout.left + cutout.width); x += 1) {
      data.set(covers, (y * width + x) * channels);
    }
  }
  return { shape: picture.shape, data };
}

/** Classes of pixels move with their picture: the nearest pixel's, as classes cannot be mixed. */
function changeLabels(target: Values, { matrix: [a, b, c, d, e, f] }: Change): Values {
  const [height = 1, width = 1] = target.shape;
  if (target.shape.length !== 2) return target;
  const data = target.data.map((_, to) => {
    const [x, y] = [to % width, Math.floor(to / width)];
    const row = Math.round(clamp(d * x + e * y + f, height - 1));
    return target.data[row * width + Math.round(clamp(a * x + b * y + c, width - 1))] ?? 0;
  });
  return { shape: target.shape, data };
}

/** A sample as a step sees it: seed, step and its place among the samples decide it, and nothing else. */
export function changed({ inputs, targets }: Sample, seed: number, step: number, index: number): Sample {
  const [height = 1, width = 1] = inputs[0]?.shape ?? [];
  const change = drawChange(height, width, createUniform(seedFor(seed, \`augment \${String(step)} \${String(index)}\`)));
  return {
    inputs: inputs.map((picture) => changePicture(picture, change)),
    targets: targets.map((target) => changeLabels(target, change)),
  };
}
`;
}
