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
import type { Text } from '../../shared/text';
import { text } from '../../shared/text';
import { pictureFormatsText } from '../../shared/schema/data';
import { describeAdaptation } from './adaptation';
import { createSkipLog, uncounted } from './dataset';
import type { Dataset, OpenOptions, Samples, SkipLog } from './dataset';
import { chooseInputShape, listFolder, peekImages } from './folder';
import type { PeekedImage } from './folder';
import { imageFileName, isReason } from './imageFile';
import { drawSamples } from './pictureSamples';
import { stratifiedSplit, stratifiedSplitText } from './split';

type ImageFile = PeekedImage & { readonly label: number };
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
    const paths = listing?.files ?? [];
    total += paths.length;
    for (const [index, peeked] of (await peekImages(paths)).entries()) {
      if (isReason(peeked)) skipped.add(relative(root, paths[index] ?? ''), peeked);
      else files.push({ ...peeked, label });
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

const expected: Text = text(
  `Expected one folder per class, each with ${pictureFormatsText.en} images, or the same inside a folder train and a folder val.`,
  `应为每个类别一个文件夹，内含 ${pictureFormatsText.zh} 图像；或在 train 与 val 文件夹内如此组织。`,
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

type Parts = { readonly train: Samples; readonly validation: Samples };

/** The samples of both parts; those that turn out broken are named and left out before anything is split. */
async function readParts(
  files: readonly ImageFile[],
  parts: readonly Part[],
  shape: readonly number[],
  root: string,
  options: OpenOptions,
  skipped: SkipLog,
): Promise<Result<Parts>> {
  const drawn = await drawSamples(
    files.map(({ path, header, stamp, label }) => ({ image: path, mask: null, ...header, stamp, label })),
    { shape, classOf: null },
    options,
  );
  if (!drawn.ok) return drawn;
  for (const { index, reason } of drawn.value.skipped) skipped.add(relative(root, files[index]?.path ?? ''), reason);
  const { kept } = drawn.value;
  const own = (part: Part): readonly number[] => [...kept.keys()].filter((row) => parts[kept[row] ?? -1] === part);
  const split = parts.includes(null)
    ? stratifiedSplit(kept.map((index) => files[index]?.label ?? 0))
    : { train: own('train'), validation: own('validation') };
  return success({ train: drawn.value.take(split.train), validation: drawn.value.take(split.validation) });
}

/** How many samples each part will have, if no file turns out broken. */
function countParts(files: readonly ImageFile[], parts: readonly Part[]): Parts {
  if (parts.includes(null)) {
    const split = stratifiedSplit(files.map(({ label }) => label));
    return { train: uncounted(split.train.length), validation: uncounted(split.validation.length) };
  }
  const count = (part: Part): number => parts.filter((one) => one === part).length;
  return { train: uncounted(count('train')), validation: uncounted(count('validation')) };
}

/** The data set `images:DIR`. */
export async function loadImages(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const skipped = createSkipLog();
  const places = await findParts(dir);
  const { folders: classes } = await listFolder(places[0]?.dir ?? dir);
  if (classes.length === 0) return failure(dataLayout(dir, expected));
  const found: Found[] = [];
  for (const place of places) found.push(await findImages(place.dir, classes, dir, skipped));
  const files = found.flatMap((part) => part.files);
  const parts = found.flatMap((part, at) => part.files.map(() => places[at]?.part ?? null));
  let total = found.reduce((sum, part) => sum + part.total, 0);
  for (const place of places) total += await findStrays(place.dir, dir, skipped);
  if (files.length === 0) return failure(skipped.nothing(dir));

  const headers = files.map(({ header }) => header);
  const inputShape = chooseInputShape(headers, options.wanted);
  if (![1, 3, 4].includes(inputShape[2] ?? 0)) return failure(channelsNotSupported(inputShape[2] ?? 0));
  const read = options.infoOnly
    ? success(countParts(files, parts))
    : await readParts(files, parts, inputShape, dir, options, skipped);
  if (!read.ok) return read;
  const { train, validation } = read.value;
  if (train.count + validation.count === 0) return failure(skipped.nothing(dir));
  return success({
    info: {
      spec: `images:${dir}`,
      task: 'classification',
      inputShape,
      classes: classes.map((name) => basename(name)),
      trainCount: train.count,
      validationCount: validation.count,
      split: describeSplit(places.length > 1),
      warnings: [
        ...skipped.warnings(total),
        ...(await checkClasses(places, classes, found)),
        ...describeAdaptation(headers, inputShape),
      ],
    },
    targetShape: [],
    train,
    validation,
    scaling: null,
  });
}
