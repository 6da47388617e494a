import { basename, join, relative } from 'node:path';
import {
  channelsNotSupported,
  classesEmpty,
  classesNotValidated,
  classesOnlyInValidation,
  dataLayout,
} from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { elementCount } from '../../shared/ops/tensor';
import type { Text } from '../../shared/text';
import { text } from '../../shared/text';
import { readRegularFile } from '../files/regularFile';
import { describeAdaptation } from './adaptation';
import { checkMemory, createSkipLog, gatherSamples, uncounted } from './dataset';
import type { Dataset, OpenOptions, Samples, SkipLog } from './dataset';
import { chooseInputShape, listFolder, peekImage } from './folder';
import { decodeImage, imageFileName, isReason } from './imageFile';
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
    const listing = await listFolder(join(dir, name)).catch(() => null);
    for (const { path, reason } of listing?.odd ?? []) {
      total += 1;
      skipped.add(relative(root, path), reason);
    }
    for (const path of listing?.files ?? []) {
      total += 1;
      const header = await peekImage(path);
      if (isReason(header)) skipped.add(relative(root, path), header);
      else files.push({ path, label, header });
    }
  }
  return { files, total };
}

/** Pictures that lie beside the folders of the classes, and what cannot be looked into there. */
async function findStrays(dir: string, root: string, skipped: SkipLog): Promise<number> {
  const { files, odd } = await listFolder(dir);
  const strays = files.filter((path) => imageFileName.test(path));
  for (const path of strays)
    skipped.add(relative(root, path), text('it lies in no folder of a class', '不在任何类别文件夹中'));
  for (const { path, reason } of odd) skipped.add(relative(root, path), reason);
  return strays.length + odd.length;
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
    const image = decodeImage(await readRegularFile(file.path));
    if (isReason(image)) {
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
  const { folders: names } = await listFolder(dir);
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

/** Says which classes the parts cannot train or score. */
async function checkClasses(
  parts: readonly { readonly dir: string }[],
  classes: readonly string[],
  found: readonly Found[],
): Promise<readonly Diagnostic[]> {
  const labelled = (files: readonly ImageFile[]): ReadonlySet<number> => new Set(files.map(({ label }) => label));
  const [train, validation] = found.map(({ files }) => labelled(files));
  const [, held] = parts;
  const missing = (present: ReadonlySet<number> | undefined): readonly string[] =>
    classes.filter((_, label) => present?.has(label) !== true);
  const empty = missing(train);
  if (held === undefined) return empty.length > 0 ? [classesEmpty(empty)] : [];
  const { folders } = await listFolder(held.dir);
  const only = folders.filter((name) => !classes.includes(name));
  let left = 0;
  for (const name of only) left += (await listFolder(join(held.dir, name)).catch(() => null))?.files.length ?? 0;
  const unscored = missing(validation).filter((name) => !empty.includes(name));
  return [
    ...(empty.length > 0 ? [classesEmpty(empty)] : []),
    ...(only.length > 0 ? [classesOnlyInValidation(only, left)] : []),
    ...(unscored.length > 0 ? [classesNotValidated(unscored)] : []),
  ];
}

/** The data set `images:DIR`. */
export async function loadImages(dir: string, { wanted, infoOnly }: OpenOptions): Promise<Result<Dataset>> {
  const skipped = createSkipLog();
  const parts = await findParts(dir);
  const { folders: classes } = await listFolder(parts[0]?.dir ?? dir);
  if (classes.length === 0) return failure(dataLayout(dir, expected));
  const found: (Found & { readonly part: Part })[] = [];
  for (const part of parts) found.push({ ...(await findImages(part.dir, classes, dir, skipped)), part: part.part });
  const files = found.flatMap((part) => part.files);
  let total = found.reduce((sum, part) => sum + part.total, 0);
  for (const part of parts) total += await findStrays(part.dir, dir, skipped);
  if (files.length === 0) return failure(skipped.nothing(dir));

  const headers = files.map(({ header }) => header);
  const inputShape = chooseInputShape(headers, wanted);
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
      warnings: [
        ...skipped.warnings(total),
        ...(await checkClasses(parts, classes, found)),
        ...describeAdaptation(headers, inputShape),
      ],
    },
    targetShape: [],
    train,
    validation,
    scaling: null,
  });
}
