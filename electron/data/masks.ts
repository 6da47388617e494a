import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { channelsNotSupported, dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { readRegularFile } from '../files/regularFile';
import { describeAdaptation } from './adaptation';
import { createSkipLog, uncounted } from './dataset';
import type { Dataset, OpenOptions, Samples, SkipLog } from './dataset';
import { chooseInputShape, listFolder, peekImages } from './folder';
import { imageFileName, isReason, notAnImage } from './imageFile';
import type { ImageHeader } from './imageFile';
import { classesOfValues } from './maskClasses';
import { drawSamples } from './pictureSamples';
import type { Drawing } from './pictureSamples';
import { isSurvey, isUseless, readPictures } from './pictureStore';
import type { StampedJob } from './pictureStore';
import { plainSplit } from './split';

type Pair = {
  readonly name: string;
  readonly image: string;
  readonly mask: string;
  readonly header: ImageHeader;
  /** Of both files. */
  readonly stamp: string;
};

/** A name for each class of a mask is some kilobytes. */
const maxNamesBytes = 1_000_000;

function stem(path: string): string {
  return basename(path, extname(path));
}

async function findPairs(
  dir: string,
  skipped: SkipLog,
): Promise<{ readonly pairs: readonly Pair[]; readonly total: number } | null> {
  const images = await listFolder(join(dir, 'images')).catch(() => null);
  const masks = await listFolder(join(dir, 'masks')).catch(() => null);
  if (images === null || masks === null) return null;
  const maskOf = new Map(masks.files.map((path) => [stem(path), path]));
  const oddMasks = new Map(masks.odd.map(({ path, reason }) => [stem(path), reason]));
  const pairs: Pair[] = [];
  for (const { path, reason } of images.odd) skipped.add(basename(path), reason);
  const peeked = await peekImages(images.files);
  for (const [index, image] of images.files.entries()) {
    const name = basename(image);
    const mask = maskOf.get(stem(image));
    const found = peeked[index];
    if (found === undefined || !imageFileName.test(image)) skipped.add(name, notAnImage);
    else if (isReason(found)) skipped.add(name, found);
    else if (mask === undefined) skipped.add(name, whyNoMask(oddMasks.get(stem(image))));
    else pairs.push({ name, image, mask, header: found.header, stamp: `${found.stamp} ${await stampOf(mask)}` });
  }
  return { pairs, total: images.files.length + images.odd.length };
}

/** What changes when a file does. One that cannot be looked at says so when it is read. */
async function stampOf(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  return info === null ? '' : `${info.size}:${info.mtimeMs}`;
}

function whyNoMask(reason: Text | undefined): Text {
  return reason === undefined
    ? text('it has no mask', '没有掩码')
    : text(`its mask is ${reason.en}`, `其掩码无法读取：${reason.zh}`);
}

function jobOf({ image, mask, header, stamp }: Pair): StampedJob {
  return { image, mask, width: header.width, height: header.height, stamp };
}

type Survey = {
  readonly good: readonly Pair[];
  readonly counts: ReadonlyMap<number, number>;
  readonly largestOfDepth: number;
};

/** How many pixels each value of the masks has; a pair whose mask cannot be used is named and left out. */
async function surveyMasks(pairs: readonly Pair[], options: OpenOptions, skipped: SkipLog): Promise<Result<Survey>> {
  const read = await readPictures({ kind: 'survey' }, pairs.map(jobOf), options.onProgress);
  if (!read.ok) return read;
  const counts = new Map<number, number>();
  const good: Pair[] = [];
  let largestOfDepth = 255;
  for (const [index, pair] of pairs.entries()) {
    const answer = read.value.answers[index] ?? null;
    if (isUseless(answer)) skipped.add(pair.name, answer);
    if (!isSurvey(answer)) continue;
    good.push(pair);
    largestOfDepth = Math.max(largestOfDepth, answer.largest);
    for (const [key, count] of answer.counts) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return success({ good, counts, largestOfDepth });
}

/** The names of classes that a file classes.txt gives, one a line; none where there is no such file. */
async function givenNames(dir: string): Promise<readonly string[]> {
  const bytes = await readRegularFile(join(dir, 'classes.txt'), maxNamesBytes).catch(() => null);
  if (bytes === null) return [];
  return bytes
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
}

type Parts = { readonly train: Samples; readonly validation: Samples };

function countSplit(count: number): Parts {
  const split = plainSplit(count);
  return { train: uncounted(split.train.length), validation: uncounted(split.validation.length) };
}

async function readSplit(
  pairs: readonly Pair[],
  drawing: Drawing,
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<Parts>> {
  const drawn = await drawSamples(
    pairs.map((pair) => ({ ...jobOf(pair), label: 0 })),
    drawing,
    options,
  );
  if (!drawn.ok) return drawn;
  for (const { index, reason } of drawn.value.skipped) skipped.add(pairs[index]?.name ?? '', reason);
  const split = plainSplit(drawn.value.kept.length);
  return success({ train: drawn.value.take(split.train), validation: drawn.value.take(split.validation) });
}

/** The data set `masks:DIR`. A file `classes.txt` in DIR names the classes, one a line. */
export async function loadMasks(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const skipped = createSkipLog();
  const found = await findPairs(dir, skipped);
  if (found === null) {
    return failure(
      dataLayout(
        dir,
        text(
          'Expected a folder images and a folder masks with files of the same names.',
          '应包含 images 与 masks 两个文件夹，且文件同名。',
        ),
      ),
    );
  }
  const survey = await surveyMasks(found.pairs, options, skipped);
  if (!survey.ok) return survey;
  const { good, counts, largestOfDepth } = survey.value;
  if (good.length === 0) return failure(skipped.nothing(dir));
  if (counts.size > limits.maskClasses) {
    return failure(
      dataLayout(
        join(dir, 'masks'),
        text(
          `The masks have ${counts.size} different values; at most ${limits.maskClasses} are classes.`,
          `掩码共有 ${counts.size} 种取值；最多 ${limits.maskClasses} 种可作为类别。`,
        ),
      ),
    );
  }
  const headers = good.map(({ header }) => header);
  const inputShape = chooseInputShape(headers, options.wanted);
  const [height = 1, width = 1, channels = 0] = inputShape;
  if (![1, 3, 4].includes(channels)) return failure(channelsNotSupported(channels));

  const { classOf, names, hasIgnored, notes } = classesOfValues(counts, largestOfDepth, await givenNames(dir));
  const read = options.infoOnly
    ? success(countSplit(good.length))
    : await readSplit(good, { shape: inputShape, classOf }, options, skipped);
  if (!read.ok) return read;
  const { train, validation } = read.value;
  if (train.count + validation.count === 0) return failure(skipped.nothing(dir));
  return success({
    info: {
      spec: `masks:${dir}`,
      task: 'segmentation',
      inputShape,
      classes: names,
      trainCount: train.count,
      validationCount: validation.count,
      split: text('One in five validates, chosen by a fixed seed.', '五分之一用于验证，由固定种子选定。'),
      warnings: [...skipped.warnings(found.total), ...notes, ...describeAdaptation(headers, inputShape)],
    },
    targetShape: [height, width],
    train,
    validation,
    hasIgnored,
    scaling: null,
  });
}
