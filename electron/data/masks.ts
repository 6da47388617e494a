import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { channelsNotSupported, dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { elementCount } from '../../shared/ops/tensor';
import { limits } from '../../shared/schema/limits';
import { text } from '../../shared/text';
import { checkMemory, createSkipLog, gatherSamples, uncounted } from './dataset';
import type { Dataset, OpenOptions, Samples, SkipLog } from './dataset';
import { chooseInputShape, listFiles, peekImage } from './folder';
import { decodeImage, decodeMask, imageFileName } from './imageFile';
import type { ImageHeader } from './imageFile';
import { convertChannels, resizeImage, resizeLabels } from './resize';
import { plainSplit } from './split';

type Pair = { readonly name: string; readonly image: string; readonly mask: string; readonly header: ImageHeader };

/** Grey values up to this are taken for class numbers as they are; larger ones are numbered in order. */
const maxPlainClass = 63;

function stem(path: string): string {
  return basename(path, extname(path));
}

async function findPairs(
  dir: string,
  skipped: SkipLog,
): Promise<{ readonly pairs: readonly Pair[]; readonly total: number } | null> {
  const images = await listFiles(join(dir, 'images')).catch(() => null);
  const masks = await listFiles(join(dir, 'masks')).catch(() => null);
  if (images === null || masks === null) return null;
  const maskOf = new Map(masks.map((path) => [stem(path), path]));
  const pairs: Pair[] = [];
  for (const image of images) {
    const name = basename(image);
    const mask = maskOf.get(stem(image));
    const header = await peekImage(image);
    if (!imageFileName.test(image)) skipped.add(name, 'neither PNG nor JPEG');
    else if (typeof header === 'string') skipped.add(name, header);
    else if (mask === undefined) skipped.add(name, 'it has no mask');
    else pairs.push({ name, image, mask, header });
  }
  return { pairs, total: images.length };
}

/** From the keys of a mask to class numbers: small grey values stand for themselves, others are numbered in ascending order. */
function numberKeys(keys: ReadonlySet<number>): {
  readonly classOf: ReadonlyMap<number, number>;
  readonly names: readonly string[];
} {
  const sorted = [...keys].sort((a, b) => a - b);
  const largest = sorted.at(-1) ?? 0;
  if (largest <= maxPlainClass) {
    const names = Array.from({ length: largest + 1 }, (_, index) => String(index));
    return { classOf: new Map(names.map((_, index) => [index, index])), names };
  }
  const names = sorted.map((key) => (key < 256 ? String(key) : `#${(key - 256).toString(16).padStart(6, '0')}`));
  return { classOf: new Map(sorted.map((key, index) => [key, index])), names };
}

async function readMask(pair: Pair): Promise<ReturnType<typeof decodeMask>> {
  const mask = decodeMask(await readFile(pair.mask));
  if (typeof mask === 'string') return mask;
  const { width, height } = pair.header;
  if (mask.width !== width || mask.height !== height) {
    return `its mask has ${mask.width}×${mask.height}, the image ${width}×${height}`;
  }
  return mask;
}

/** All values that occur in the masks; a pair whose mask cannot be used is named and left out. */
async function surveyMasks(
  pairs: readonly Pair[],
  skipped: SkipLog,
): Promise<{ readonly good: readonly Pair[]; readonly keys: ReadonlySet<number> }> {
  const keys = new Set<number>();
  const good: Pair[] = [];
  for (const pair of pairs) {
    const mask = await readMask(pair);
    if (typeof mask === 'string') {
      skipped.add(pair.name, mask);
      continue;
    }
    const own = new Set(mask.keys);
    if (own.size > limits.maskClasses) {
      skipped.add(pair.name, `its mask has ${own.size} different values`);
      continue;
    }
    good.push(pair);
    for (const key of own) keys.add(key);
  }
  return { good, keys };
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
    const image = decodeImage(await readFile(pair.image));
    const mask = await readMask(pair);
    if (typeof image === 'string') {
      skipped.add(pair.name, image);
      continue;
    }
    if (typeof mask === 'string') {
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
  const { good, keys } = await surveyMasks(found.pairs, skipped);
  if (good.length === 0) return failure(skipped.nothing(dir));
  if (keys.size > limits.maskClasses) {
    return failure(
      dataLayout(
        join(dir, 'masks'),
        text(
          `The masks have ${keys.size} different values; at most ${limits.maskClasses} are classes.`,
          `掩码共有 ${keys.size} 种取值；最多 ${limits.maskClasses} 种可作为类别。`,
        ),
      ),
    );
  }
  const inputShape = chooseInputShape(
    good.map(({ header }) => header),
    wanted,
  );
  const [height = 1, width = 1, channels = 0] = inputShape;
  if (![1, 3, 4].includes(channels)) return failure(channelsNotSupported(channels));
  const tooLarge = checkMemory(good.length, elementCount(inputShape) + height * width, inputShape);
  if (tooLarge !== null) return failure(tooLarge);

  const { classOf, names } = numberKeys(keys);
  const given = await readFile(join(dir, 'classes.txt'), 'utf8').then(
    (lines) => lines.split('\n').map((line) => line.trim()),
    () => [],
  );
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
      classes: names.map((name, index) => given[index] || name),
      trainCount: train.count,
      validationCount: validation.count,
      split: text('One in five validates, chosen by a fixed seed.', '五分之一用于验证，由固定种子选定。'),
      warnings: skipped.warnings(found.total),
    },
    targetShape: [height, width],
    train,
    validation,
    scaling: null,
  });
}
