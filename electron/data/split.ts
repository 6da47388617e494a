import { basename, extname } from 'node:path';
import { createRandom } from '../../shared/ops/random';
import type { DataReading } from '../../shared/schema/training';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import type { DataPart } from '../../shared/schema/data';

/** 0..count-1 in an order that the seed decides (Fisher and Yates). */
export function shuffledOrder(count: number, seed: number): Uint32Array {
  const random = createRandom(seed);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    const swapped = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = swapped;
  }
  return order;
}

/** Splits are part of a data set, not of a run: they never follow the run's seed. */
const splitSeed = 2016;

/** Which samples each part has, in ascending order. */
export type Split = { readonly [P in DataPart]: readonly number[] };

export type SplitWish = {
  /** The class of each sample; what is alike in the parts. Zeros where there is none. */
  readonly classOf: ArrayLike<number>;
  /** Where the data say themselves what a sample is for; null: they do not. */
  readonly given?: readonly (DataPart | null)[];
  /** Whether there is a part for validation beside these samples. */
  readonly isValidated?: boolean;
  /** Samples of one name stay in one part. */
  readonly groups?: readonly string[];
  readonly testFraction?: number;
  /** Of what is left for training, how much is trained on. */
  readonly share?: number;
};

/** What is split as one: a sample, or all samples of a group. */
type Unit = { readonly label: number; readonly members: readonly number[] };

function commonest(labels: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

function unitsOf(open: readonly number[], { classOf, groups }: SplitWish): readonly Unit[] {
  if (groups === undefined) return open.map((index) => ({ label: classOf[index] ?? 0, members: [index] }));
  const byName = new Map<string, number[]>();
  for (const index of open) {
    const members = byName.get(groups[index] ?? '');
    if (members === undefined) byName.set(groups[index] ?? '', [index]);
    else members.push(index);
  }
  return [...byName.values()].map((members) => ({
    label: commonest(members.map((index) => classOf[index] ?? 0)),
    members,
  }));
}

/** How many of the units from `from` on have together about `wanted` samples: at least one, and never the last one of all. */
function countUnits(units: readonly Unit[], from: number, wanted: number): number {
  let at = from;
  let taken = 0;
  while (at < units.length - 1 && taken < wanted) {
    const size = units[at]?.members.length ?? 0;
    // A group that leads farther beyond what is wanted than it is away from it now.
    if (taken > 0 && taken + size - wanted > wanted - taken) break;
    taken += size;
    at += 1;
  }
  return at - from;
}

/**
 * Parts samples: as the data say, and where they do not, one in five of each class validates, chosen by a fixed seed, at least one of
 * each class that has two; of the others `testFraction` is kept apart, and of the rest `share` is trained on. 10 samples of a class give 2
 * for validation. What validates is the same with a test part and without, and a larger share holds what a smaller one has.
 */
export function splitSamples(wish: SplitWish): Split {
  const { classOf, given = [], isValidated = false, testFraction = 0, share = 1 } = wish;
  const parts: { readonly [P in DataPart]: number[] } = { train: [], validation: [], test: [] };
  const open: number[] = [];
  for (const index of shuffledOrder(classOf.length, splitSeed)) {
    const part = given[index] ?? null;
    if (part === 'validation' || part === 'test') parts[part].push(index);
    else open.push(index);
  }
  const needsValidation = !isValidated && parts.validation.length === 0;
  const needsTest = parts.test.length === 0 && testFraction > 0;
  const byClass = new Map<number, Unit[]>();
  for (const unit of unitsOf(open, wish)) {
    const units = byClass.get(unit.label);
    if (units === undefined) byClass.set(unit.label, [unit]);
    else units.push(unit);
  }
  for (const units of byClass.values()) {
    const count = units.reduce((sum, { members }) => sum + members.length, 0);
    let next = 0;
    const take = (part: DataPart, unitCount: number): void => {
      // One by one: a spread puts each of them on the call stack, which ends at some hundred thousand.
      for (const { members } of units.slice(next, next + unitCount))
        for (const index of members) parts[part].push(index);
      next += unitCount;
    };
    const wanted = (part: number): number => countUnits(units, next, Math.max(1, Math.round(count * part)));
    if (needsValidation) take('validation', wanted(1 / 5));
    if (needsTest) take('test', wanted(testFraction));
    const left = units.slice(next).reduce((sum, { members }) => sum + members.length, 0);
    const isAll = share === 1 || left === 0;
    take('train', isAll ? units.length - next : Math.max(1, countUnits(units, next, Math.round(left * share))));
  }
  const ascending = (a: number, b: number): number => a - b;
  return {
    train: parts.train.sort(ascending),
    validation: parts.validation.sort(ascending),
    test: parts.test.sort(ascending),
  };
}

/** How {@link splitSamples} parts data that say nothing themselves. */
export const stratifiedSplitText = text(
  'One in five of each class validates, chosen by a fixed seed.',
  '每类五分之一用于验证，由固定种子选定。',
);

/** The same for samples with any number of classes. */
export const rarestSplitText = text(
  'One in five validates of the samples that share their rarest class, chosen by a fixed seed.',
  '按各样本最少见的类别分组，每组五分之一用于验证，由固定种子选定。',
);

/** The same for data without classes. */
export const plainSplitText = text(
  'One in five validates, chosen by a fixed seed.',
  '五分之一用于验证，由固定种子选定。',
);

const groupWords = {
  folder: text('Pictures of one sub-folder stay together.', '同一子文件夹的图像不分开。'),
  prefix: text('Pictures whose names begin alike stay together.', '文件名前缀相同的图像不分开。'),
} as const;

/** Says how a set was parted: `first` is how its validation part came about. */
export function splitText(first: Text, { testFraction, share, splitBy }: DataReading, hasOwnTest = false): Text {
  const percent = (part: number): number => Number((100 * part).toPrecision(3));
  const more = [
    ...(splitBy === 'picture' ? [] : [groupWords[splitBy]]),
    ...(hasOwnTest
      ? [text('The test part is kept apart as the data say.', '测试部分按数据自身的划分留出。')]
      : testFraction > 0
        ? [
            text(
              `${percent(testFraction)} % are kept apart as a test part.`,
              `另留出 ${percent(testFraction)} % 作为测试部分。`,
            ),
          ]
        : []),
    ...(share < 1
      ? [text(`${percent(share)} % of the training part are trained on.`, `训练部分的 ${percent(share)} % 用于训练。`)]
      : []),
  ];
  return text([first, ...more].map(({ en }) => en).join(' '), [first, ...more].map(({ zh }) => zh).join(''));
}

/** The group of a picture: its sub-folder, or its name up to the last `_` or `-`. One that has none is a group of its own. */
export function groupOf(path: string, subFolder: string | null, splitBy: DataReading['splitBy']): string {
  if (splitBy === 'folder') return subFolder ?? path;
  const name = basename(path, extname(path));
  const at = Math.max(name.lastIndexOf('_'), name.lastIndexOf('-'));
  return at > 0 ? name.slice(0, at) : path;
}
