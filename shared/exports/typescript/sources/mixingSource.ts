import { mixingNames, type Mixing } from '../../../schema/augmentation';

/** Prints `mixing.ts`: the samples of a batch mixed with one another as the app mixes them. Only of networks that are trained so. */
export function mixingSource(mixing: Mixing): string {
  const rows = mixingNames.map((name) => `  ${name}: ${String(mixing[name])},`);
  return `import { createUniform, seedFor, shuffledOrder } from './split.js';
import type { DataSet, Sample, Values } from './values.js';

/** The alpha of each way of mixing, 0 for none: the share of the first of two samples is distributed as Beta(alpha, alpha). */
export const mixing = {
${rows.join('\n')}
};

/** A number from Beta(alpha, alpha), made of two uniform ones (Bailey 1994, Devroye 1996). */
function betaOf(alpha: number, first: number, second: number): number {
  const odds = first ** (1 / alpha);
  const cos = Math.cos(2 * Math.PI * second);
  return (1 + cos / Math.sqrt(cos ** 2 + odds / (1 - odds))) / 2;
}

type Part = { from: number; to: number };

/** The part of a side that a rectangle of this area around a place takes. */
function cutOf(area: number, middle: number, side: number): Part {
  const size = Math.round(Math.sqrt(area) * side);
  const first = Math.floor(middle * side) - (size >> 1);
  return { from: Math.max(0, first), to: Math.min(side, first + size) };
}

/** A picture with a rectangle of another one. */
function paste(own: Values, other: Values, rows: Part, columns: Part): Values {
  const [, width = 1, channels = 1] = own.shape;
  const data = Float32Array.from(own.data);
  if (columns.to <= columns.from) return { shape: own.shape, data };
  for (let row = rows.from; row < rows.to; row += 1) {
    const from = (row * width + columns.from) * channels;
    data.set(other.data.subarray(from, (row * width + columns.to) * channels), from);
  }
  return { shape: own.shape, data };
}

function blend(own: Values, other: Values, share: number): Values {
  return { shape: own.shape, data: own.data.map((value, at) => share * value + (1 - share) * (other.data[at] ?? 0)) };
}

/** A batch after it was mixed with itself in another order, its \`others\` for their labels, and how much there is of each sample itself. */
export type MixedBatch = { samples: Sample[]; others: Sample[]; share: number };

/** What a step learns: seed and step decide it, and nothing else. Numbers, pictures and rows of 0 and 1 are mixed as their samples are. */
export function mixed(samples: Sample[], task: DataSet['task'], seed: number, step: number): MixedBatch {
  const ways = (['mixup', 'cutmix'] as const).filter((way) => mixing[way] > 0);
  const uniform = createUniform(seedFor(seed, \`mix \${String(step)} 0\`));
  const way = ways[Math.floor(uniform() * ways.length)] ?? 'mixup';
  const share = betaOf(mixing[way], uniform(), uniform());
  const order = shuffledOrder(samples.length, seedFor(seed, \`mix order \${String(step)} 0\`));
  const others = Array.from(order, (at) => samples[at]).filter((sample) => sample !== undefined);
  const [first] = samples;
  if ((first?.targets[0]?.shape.length ?? 0) === 2) throw new Error('Samples with masks cannot be mixed.');
  const both = (join: (own: Values, other: Values) => Values, part: number): MixedBatch => {
    const parts = samples.map(({ inputs, targets }, at) => ({
      inputs: inputs.map((input, place) => join(input, others[at]?.inputs[place] ?? input)),
      targets:
        task !== 'classes'
          ? targets.map((target, place) => blend(target, others[at]?.targets[place] ?? target, part))
          : targets,
    }));
    return { samples: parts, others: task === 'classes' ? others : parts, share: part };
  };
  if (way === 'mixup') return both((own, other) => blend(own, other, share), share);
  const [height = 1, width = 1, ...channels] = first?.inputs[0]?.shape ?? [];
  if ((task !== 'classes' && task !== 'labels') || channels.length === 0) throw new Error('CutMix mixes pictures of classes.');
  const [rows, columns] = [cutOf(1 - share, uniform(), height), cutOf(1 - share, uniform(), width)];
  const area = Math.max(0, rows.to - rows.from) * Math.max(0, columns.to - columns.from);
  return both((own, other) => paste(own, other, rows, columns), 1 - area / (height * width));
}
`;
}
