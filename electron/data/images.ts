import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { channelsNotSupported, dataLayout } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { elementCount } from '../../shared/ops/tensor';
import type { Text } from '../../shared/text';
import { text } from '../../shared/text';
import { checkMemory, createSkipLog, gatherSamples, uncounted } from './dataset';
import type { Dataset, OpenOptions, Samples, SkipLog } from './dataset';
import { chooseInputShape, listFiles, listFolders, peekImage } from './folder';
import { decodeImage } from './imageFile';
import type { ImageHeader } from './imageFile';
import { convertChannels, resizeImage } from './resize';
import { stratifiedSplit, stratifiedSplitText } from './split';

type ImageFile = { readonly path: string; readonly label: number; readonly header: ImageHeader };
/** Null where the folder does not say which part a file is for. */
type Part = 'train' | 'validation' | null;
type Found = { readonly files: readonly ImageFile[]; readonly total: number };

async function findImages(dir: string, classes: readonly string[], root: string, skipped: SkipLog): Promise<Found> {
  const files: ImageFile[] = [];
  let total = 0;
  for (const [label, name] of classes.entries()) {
    for (const path of await listFiles(join(dir, name)).catch(() => [])) {
      total += 1;
      const header = await peekImage(path);
      if (typeof header === 'string') skipped.add(relative(root, path), header);
      else files.push({ path, label, header });
    }
  }
  return { files, total };
}

/** Decodes images to one size; those that turn out broken are named and left out. */
async function decodeAll(
  files: readonly ImageFile[],
  shape: readonly number[],
  root: string,
  skipped: SkipLog,
): Promise<Samples> {
  const [height = 1, width = 1, channels = 1] = shape;
  const size = elementCount(shape);
  const inputs = new Uint8Array(files.length * size);
  const targets = new Int32Array(files.length);
  let count = 0;
  for (const file of files) {
    const image = decodeImage(await readFile(file.path));
    if (typeof image === 'string') {
      skipped.add(relative(root, file.path), image);
      continue;
    }
    inputs.set(resizeImage(convertChannels(image, channels), height, width).data, count * size);
    targets[count] = file.label;
    count += 1;
  }
  return { count, inputs: inputs.subarray(0, count * size), targets: targets.subarray(0, count) };
}

const expected: Text = text(
  'Expected one folder per class, each with PNG or JPEG images, or the same inside a folder train and a folder val.',
  '应为每个类别一个文件夹，内含 PNG 或 JPEG 图像；或在 train 与 val 文件夹内如此组织。',
);

/** `DIR/<class>/*.png`, or `DIR/train/<class>/...` with `DIR/val` (also `validation`, `test`). */
async function findParts(dir: string): Promise<readonly { readonly dir: string; readonly part: Part }[]> {
  const names = await listFolders(dir);
  const held = ['val', 'validation', 'test'].find((name) => names.includes(name));
  if (!names.includes('train') || held === undefined) return [{ dir, part: null }];
  return [
    { dir: join(dir, 'train'), part: 'train' },
    { dir: join(dir, held), part: 'validation' },
  ];
}

function describeSplit(isGiven: boolean): Text {
  return isGiven ? text('As the folders train and val say.', '按 train 与 val 文件夹划分。') : stratifiedSplitText;
}

/** The data set `images:DIR`. */
export async function loadImages(dir: string, { wanted, infoOnly }: OpenOptions): Promise<Result<Dataset>> {
  const skipped = createSkipLog();
  const parts = await findParts(dir);
  const classes = await listFolders(parts[0]?.dir ?? dir);
  if (classes.length === 0) return failure(dataLayout(dir, expected));
  const found: (Found & { readonly part: Part })[] = [];
  for (const part of parts) found.push({ ...(await findImages(part.dir, classes, dir, skipped)), part: part.part });
  const files = found.flatMap((part) => part.files);
  const total = found.reduce((sum, part) => sum + part.total, 0);
  if (files.length === 0) return failure(skipped.nothing(dir));

  const inputShape = chooseInputShape(
    files.map(({ header }) => header),
    wanted,
  );
  if (![1, 3, 4].includes(inputShape[2] ?? 0)) return failure(channelsNotSupported(inputShape[2] ?? 0));
  const tooLarge = checkMemory(files.length, elementCount(inputShape), inputShape);
  if (tooLarge !== null) return failure(tooLarge);

  const isGiven = found.length > 1;
  const decode = (list: readonly ImageFile[]): Promise<Samples> =>
    infoOnly ? Promise.resolve(uncounted(list.length)) : decodeAll(list, inputShape, dir, skipped);
  let train: Samples;
  let validation: Samples;
  if (isGiven) {
    train = await decode(found[0]?.files ?? []);
    validation = await decode(found[1]?.files ?? []);
  } else if (infoOnly) {
    const split = stratifiedSplit(files.map(({ label }) => label));
    train = uncounted(split.train.length);
    validation = uncounted(split.validation.length);
  } else {
    const all = await decode(files);
    const split = stratifiedSplit(all.targets);
    train = gatherSamples(all, split.train);
    validation = gatherSamples(all, split.validation);
  }
  if (train.count + validation.count === 0) return failure(skipped.nothing(dir));
  return success({
    info: {
      spec: `images:${dir}`,
      task: 'classification',
      inputShape,
      classes: classes.map((name) => basename(name)),
      trainCount: train.count,
      validationCount: validation.count,
      split: describeSplit(isGiven),
      warnings: skipped.warnings(total),
    },
    targetShape: [],
    train,
    validation,
    scaling: null,
  });
}
