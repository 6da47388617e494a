import { dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { channelsFor } from '../../shared/schema/data';
import type { Task } from '../../shared/schema/data';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { describeAdaptation } from './adaptation';
import { findBeside } from './beside';
import type { BesideWords, PairedPicture } from './beside';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { chooseInputShape, findPairFolders, peekImages } from './folder';
import { imageFileName, isReason, notAnImage } from './imageFile';
import type { ImageHeader } from './imageFile';
import { chooseInput, readPictureParts } from './pictureParts';
import type { FoundPicture } from './pictureParts';

const words: BesideWords = {
  none: text('it has no target', '没有目标图像'),
  odd: (reason) => text(`its target is ${reason.en}`, `其目标图像无法读取：${reason.zh}`),
  lonely: text('it is a target without an input', '有目标图像而没有输入'),
};

/** An input, and the header of what it is to become. */
export type Pair = { readonly picture: FoundPicture; readonly target: ImageHeader };

/** How many times higher and wider than its input a target is. */
type Times = readonly [down: number, across: number];

function timesOf({ picture: { header }, target }: Pair): Times {
  return [target.height / header.height, target.width / header.width];
}

/** The targets that can be read, by their headers; the others are named and left out. */
async function withTargets(pairs: readonly PairedPicture[], skipped: SkipLog): Promise<readonly Pair[]> {
  const peeked = await peekImages(pairs.map(({ beside }) => beside));
  return pairs.flatMap(({ picture, beside }, at): Pair[] => {
    const found = imageFileName.test(beside) ? (peeked[at] ?? notAnImage) : notAnImage;
    if (isReason(found)) {
      skipped.add(picture.name, text(`its target: ${found.en}`, `其目标图像：${found.zh}`));
      return [];
    }
    const { job } = picture;
    const stamp = `${job.stamp} ${found.stamp}`;
    return [{ picture: { ...picture, job: { ...job, target: beside, stamp } }, target: found.header }];
  });
}

/** The most frequent ratio of target to input; targets that are rounded to whole pixels differ in it by little. */
function commonTimes(pairs: readonly Pair[]): Times {
  const counts = new Map<string, { readonly times: Times; count: number }>();
  for (const pair of pairs) {
    const times = timesOf(pair);
    const key = times.map((one) => one.toFixed(2)).join();
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { times, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.times ?? [1, 1];
}

/** Whether a target has its input's size times `times`, within a pixel of the input. */
function isInProportion({ picture: { header }, target }: Pair, [down, across]: Times): boolean {
  const off = [target.height - header.height * down, target.width - header.width * across].map(Math.abs);
  return (off[0] ?? 0) <= Math.max(1, down) && (off[1] ?? 0) <= Math.max(1, across);
}

function otherSize({ picture: { header }, target }: Pair, times: Times): Text {
  const [mine, input] = [target, header].map(({ width, height }) => `${width}×${height}`);
  const [down = '', across = ''] = times.map((one) => String(Number(one.toFixed(2))));
  const usual = down === across ? down : `${down}×${across}`;
  return text(
    `its target has ${mine ?? ''}, the input ${input ?? ''}; others are ${usual} times as large as their inputs`,
    `目标图像为 ${mine ?? ''}，输入为 ${input ?? ''}；其他目标图像是输入的 ${usual} 倍`,
  );
}

type Found = { readonly pairs: readonly Pair[]; readonly total: number };

/** All pairs of a folder; null where a folder is missing. */
async function findPairs(dir: string, skipped: SkipLog): Promise<Found | null> {
  const pairs: Pair[] = [];
  let total = 0;
  for (const place of await findPairFolders(dir, 'targets', 'inputs')) {
    const found = await findBeside(place, dir, words, skipped);
    if (found === null) return null;
    pairs.push(...(await withTargets(found.pairs, skipped)));
    total += found.total;
  }
  return { pairs, total };
}

/** The data set `pairs:DIR`: `DIR/inputs` and `DIR/targets`, or the same inside `DIR/train`, `DIR/val` and `DIR/test`. */
export async function loadPairs(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const skipped = createSkipLog();
  const found = await findPairs(dir, skipped);
  if (found === null) return failure(dataLayout(dir, expected));
  return await loadPairedPictures({ spec: `pairs:${dir}`, dir, ...found }, options, skipped);
}

/** Pictures with what they are to become, however they were found. */
export type PairedPictures = {
  readonly spec: string;
  readonly dir: string;
  readonly pairs: readonly Pair[];
  /** Of all that was looked at, what was skipped included. */
  readonly total: number;
  readonly notes?: readonly Diagnostic[];
  /** What the same pictures can be learned as instead. */
  readonly otherTask?: Task;
};

/** The data set that pictures and what they are to become make. */
export async function loadPairedPictures(
  { spec, dir, pairs, total, notes = [], otherTask }: PairedPictures,
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<Dataset>> {
  const times = commonTimes(pairs);
  const good = pairs.filter((pair) => {
    const isGood = isInProportion(pair, times);
    if (!isGood) skipped.add(pair.picture.name, otherSize(pair, times));
    return isGood;
  });
  const pictures = good.map(({ picture }) => picture);
  const input = chooseInput(pictures, dir, options, skipped);
  if (!input.ok) return input;
  const { shape, fit, notes: ofInputs } = input.value;
  const [height, width] = shape;
  const targets = good.map(({ target }) => target);
  const targetShape = [
    Math.max(1, Math.round(height * times[0])),
    Math.max(1, Math.round(width * times[1])),
    channelsFor(chooseInputShape(targets, null)[2] ?? 1, options.wanted?.targetChannels),
  ];
  // What becomes of both is said once.
  const adapted = ofInputs.length > 0 ? ofInputs : describeAdaptation(targets, targetShape, fit);
  const drawing = { dir, shape, classOf: null, target: targetShape, fit, hasClasses: false, classes: [] };
  const read = await readPictureParts(pictures, drawing, options, skipped);
  if (!read.ok) return read;
  return success({
    info: {
      spec,
      task: 'image-to-image',
      inputShape: shape,
      targetShape,
      classes: [],
      ...read.value.info,
      ...(otherTask === undefined ? {} : { otherTask }),
      warnings: [...skipped.warnings(total), ...notes, ...adapted],
    },
    targetShape,
    ...read.value.held,
  });
}

const expected = text(
  'Expected a folder inputs and a folder targets with files of the same names, or these inside folders train, val and test.',
  '应包含 inputs 与 targets 两个文件夹，且文件同名；或在 train、val、test 文件夹内如此组织。',
);
