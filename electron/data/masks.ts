import { join } from 'node:path';
import { dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import { defaultReading } from '../../shared/schema/training';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import type { Task } from '../../shared/schema/data';
import { readRegularFile } from '../files/regularFile';
import { findBeside, stampOf } from './beside';
import type { BesideWords } from './beside';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { findPairFolders } from './folder';
import { classesByNumber, classesByTable, classesOfValues, labelValuesOf } from './maskClasses';
import { chooseInput, readPictureParts } from './pictureParts';
import type { FoundPicture } from './pictureParts';
import { isSurvey, isUseless, readPictures } from './pictureStore';
import { canHaveBars } from './resize';

/** A name for each class of a mask is some kilobytes. */
const maxNamesBytes = 1_000_000;

/** A picture with the file of its mask. */
export async function withMask(picture: FoundPicture, mask: string): Promise<FoundPicture> {
  const { job } = picture;
  return { ...picture, job: { ...job, mask, stamp: `${job.stamp} ${await stampOf(mask)}` } };
}

const words: BesideWords = {
  none: text('it has no mask', '没有掩码'),
  odd: (reason) => text(`its mask is ${reason.en}`, `其掩码无法读取：${reason.zh}`),
  lonely: text('it is a mask without a picture', '有掩码而没有图像'),
};

type Survey = {
  readonly good: readonly FoundPicture[];
  readonly counts: ReadonlyMap<number, number>;
  readonly largestOfDepth: number;
};

/** How many pixels each value of the masks has; a pair whose mask cannot be used is named and left out. */
async function surveyMasks(
  pairs: readonly FoundPicture[],
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<Survey>> {
  const read = await readPictures(
    { kind: 'survey' },
    pairs.map(({ job }) => job),
    options.onProgress,
  );
  if (!read.ok) return read;
  const counts = new Map<number, number>();
  const good: FoundPicture[] = [];
  let largestOfDepth = 255;
  for (const [index, pair] of pairs.entries()) {
    const answer = read.value.answers[index];
    if (answer === undefined) continue;
    if (isUseless(answer)) skipped.add(pair.name, answer);
    if (!isSurvey(answer)) continue;
    good.push(pair);
    largestOfDepth = Math.max(largestOfDepth, answer.largest);
    for (const [key, count] of answer.counts) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return success({ good, counts, largestOfDepth });
}

/** The names of classes that a file classes.txt gives, one a line; none where there is no such file. */
export async function givenNames(dir: string): Promise<readonly string[]> {
  const bytes = await readRegularFile(join(dir, 'classes.txt'), maxNamesBytes).catch(() => null);
  if (bytes === null) return [];
  return bytes
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
}

/** The data set `masks:DIR`. A file `classes.txt` in DIR names the classes, one a line. */
export async function loadMasks(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const skipped = createSkipLog();
  const pairs: FoundPicture[] = [];
  let total = 0;
  for (const place of await findPairFolders(dir, 'masks')) {
    const found = await findBeside(place, dir, words, skipped);
    if (found === null) return failure(dataLayout(dir, expected));
    for (const { picture, beside } of found.pairs) pairs.push(await withMask(picture, beside));
    total += found.total;
  }
  return await loadMaskedPictures(
    { spec: `masks:${dir}`, dir, pairs, total, names: await givenNames(dir) },
    options,
    skipped,
  );
}

/** Pictures with their masks, however they were found. */
export type MaskedPictures = {
  readonly spec: string;
  readonly dir: string;
  readonly pairs: readonly FoundPicture[];
  /** Of all that was looked at, what was skipped included. */
  readonly total: number;
  /** Of the classes, by their numbers. */
  readonly names: readonly string[];
  /** Whether every value is the number of a class that has a name, or {@link ignoredLabel}; else classes are found in the values. */
  readonly areNumbered?: boolean;
  readonly notes?: readonly Diagnostic[];
  /** What the same pictures can be learned as instead. */
  readonly otherTask?: Task;
};

/** The data set that pictures and masks make. */
export async function loadMaskedPictures(
  { spec, dir, pairs, total, names: givenNames, areNumbered = false, notes: ownNotes = [], otherTask }: MaskedPictures,
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<Dataset>> {
  const survey = await surveyMasks(pairs, options, skipped);
  if (!survey.ok) return survey;
  const { good, counts, largestOfDepth } = survey.value;
  if (good.length === 0) return failure(skipped.nothing(dir));
  if (counts.size > limits.maskClasses) return failure(dataLayout(join(dir, 'masks'), tooManyValues(counts.size)));
  const { maskValues } = options.reading ?? defaultReading;
  const found = areNumbered ? classesByNumber : classesOfValues;
  const classes =
    maskValues === undefined
      ? success(found(counts, largestOfDepth, givenNames))
      : classesByTable(counts, maskValues, givenNames);
  if (!classes.ok) return classes;
  const { classOf, names, notes } = classes.value;
  const input = chooseInput(good, dir, options, skipped);
  if (!input.ok) return input;
  const { shape, fit, headers, notes: adapted } = input.value;
  const [height, width] = shape;

  const drawing = { dir, shape, classOf, fit, hasClasses: false, classes: [] };
  const read = await readPictureParts(good, drawing, options, skipped);
  if (!read.ok) return read;
  const hasBars = fit === 'letterbox' && headers.some((header) => canHaveBars(header, { height, width }));
  return success({
    info: {
      spec,
      task: 'segmentation',
      inputShape: shape,
      classes: names,
      ...read.value.info,
      ...(otherTask === undefined ? {} : { otherTask }),
      warnings: [...skipped.warnings(total), ...ownNotes, ...notes, ...adapted],
    },
    targetShape: [height, width],
    ...read.value.held,
    labelValues: labelValuesOf(counts, classes.value),
    hasIgnored: classes.value.hasIgnored || hasBars,
  });
}

const expected = text(
  'Expected a folder images and a folder masks with files of the same names, or these inside folders train, val and test.',
  '应包含 images 与 masks 两个文件夹，且文件同名；或在 train、val、test 文件夹内如此组织。',
);

function tooManyValues(count: number): Text {
  return text(
    `The masks have ${count} different values; at most ${limits.maskClasses} are classes.`,
    `掩码共有 ${count} 种取值；最多 ${limits.maskClasses} 种可作为类别。`,
  );
}
