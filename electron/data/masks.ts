import { basename, extname, join } from 'node:path';
import { channelsNotSupported, dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { elementCount } from '../../shared/ops/tensor';
import { limits } from '../../shared/schema/limits';
import { errorText, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { readRegularFile } from '../files/regularFile';
import { describeAdaptation } from './adaptation';
import { checkMemory, createSkipLog, gatherSamples, uncounted } from './dataset';
import type { Dataset, OpenOptions, Samples, SkipLog } from './dataset';
import { chooseInputShape, listFolder, peekImage } from './folder';
import { decodeImage, imageFileName, isReason } from './imageFile';
import type { ImageHeader } from './imageFile';
import { classesOfValues } from './maskClasses';
import { decodeMask } from './maskFile';
import type { MaskKeys } from './maskFile';
import { convertChannels, resizeImage, resizeLabels } from './resize';
import { plainSplit } from './split';

type Pair = { readonly name: string; readonly image: string; readonly mask: string; readonly header: ImageHeader };

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
  for (const image of images.files) {
    const name = basename(image);
    const mask = maskOf.get(stem(image));
    const header = await peekImage(image);
    if (!imageFileName.test(image)) skipped.add(name, text('neither PNG nor JPEG', '既不是 PNG 也不是 JPEG'));
    else if (isReason(header)) skipped.add(name, header);
    else if (mask !== undefined) pairs.push({ name, image, mask, header });
    else skipped.add(name, whyNoMask(oddMasks.get(stem(image))));
  }
  return { pairs, total: images.files.length + images.odd.length };
}

function whyNoMask(reason: Text | undefined): Text {
  return reason === undefined
    ? text('it has no mask', '没有掩码')
    : text(`its mask is ${reason.en}`, `其掩码无法读取：${reason.zh}`);
}

async function readMask(pair: Pair): Promise<MaskKeys | Text> {
  let mask: MaskKeys | Text;
  try {
    mask = decodeMask(await readRegularFile(pair.mask));
  } catch (error) {
    return text(errorText(error), errorText(error));
  }
  if (isReason(mask)) return text(`its mask: ${mask.en}`, `其掩码：${mask.zh}`);
  const { width, height } = pair.header;
  if (mask.width !== width || mask.height !== height) {
    return text(
      `its mask has ${mask.width}×${mask.height}, the image ${width}×${height}`,
      `掩码为 ${mask.width}×${mask.height}，图像为 ${width}×${height}`,
    );
  }
  return mask;
}

/** How many pixels each value of the masks has; a pair whose mask cannot be used is named and left out. */
async function surveyMasks(
  pairs: readonly Pair[],
  skipped: SkipLog,
): Promise<{
  readonly good: readonly Pair[];
  readonly counts: ReadonlyMap<number, number>;
  readonly largestOfDepth: number;
}> {
  const counts = new Map<number, number>();
  const good: Pair[] = [];
  let largestOfDepth = 255;
  for (const pair of pairs) {
    const mask = await readMask(pair);
    if (isReason(mask)) {
      skipped.add(pair.name, mask);
      continue;
    }
    const own = new Map<number, number>();
    for (const key of mask.keys) own.set(key, (own.get(key) ?? 0) + 1);
    if (own.size > limits.maskClasses) {
      skipped.add(pair.name, text(`its mask has ${own.size} different values`, `其掩码有 ${own.size} 种取值`));
      continue;
    }
    good.push(pair);
    largestOfDepth = Math.max(largestOfDepth, mask.largest);
    for (const [key, count] of own) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return { good, counts, largestOfDepth };
}

async function decodePairs(
  pairs: readonly Pair[],
  shape: readonly number[],
  classOf: ReadonlyMap<number, number>,
  skipped: SkipLog,
): Promise<Samples> {
  const [height = 1, width = 1, channels = 1] = shape;
  const inputs = new Uint8Array(pairs.length * elementCount(shape));
  const targets = new Uint8Array(pairs.length * height * width);
  let count = 0;
  for (const pair of pairs) {
    const image = decodeImage(await readRegularFile(pair.image));
    const mask = await readMask(pair);
    if (isReason(image)) {
      skipped.add(pair.name, image);
      continue;
    }
    if (isReason(mask)) {
      skipped.add(pair.name, mask);
      continue;
    }
    inputs.set(resizeImage(convertChannels(image, channels), height, width).data, count * elementCount(shape));
    const labels = Uint8Array.from(mask.keys, (key) => classOf.get(key) ?? 0);
    targets.set(resizeLabels(labels, mask, height, width), count * height * width);
    count += 1;
  }
  return {
    count,
    inputs: inputs.subarray(0, count * elementCount(shape)),
    targets: targets.subarray(0, count * height * width),
  };
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

/** The data set `masks:DIR`. A file `classes.txt` in DIR names the classes, one a line. */
export async function loadMasks(dir: string, { wanted, infoOnly }: OpenOptions): Promise<Result<Dataset>> {
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
  const { good, counts, largestOfDepth } = await surveyMasks(found.pairs, skipped);
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
  const inputShape = chooseInputShape(headers, wanted);
  const [height = 1, width = 1, channels = 0] = inputShape;
  if (![1, 3, 4].includes(channels)) return failure(channelsNotSupported(channels));
  const tooLarge = checkMemory(good.length, elementCount(inputShape) + height * width, inputShape);
  if (tooLarge !== null) return failure(tooLarge);

  const { classOf, names, hasIgnored, notes } = classesOfValues(counts, largestOfDepth, await givenNames(dir));
  const all = infoOnly ? uncounted(good.length) : await decodePairs(good, inputShape, classOf, skipped);
  if (all.count === 0) return failure(skipped.nothing(dir));
  const split = plainSplit(all.count);
  const train = infoOnly ? uncounted(split.train.length) : gatherSamples(all, split.train);
  const validation = infoOnly ? uncounted(split.validation.length) : gatherSamples(all, split.validation);
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
