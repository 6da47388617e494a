import { relative } from 'node:path';
import { success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { channelsFor } from '../../shared/schema/data';
import { createSkipLog } from './dataset';
import type { Dataset, OpenOptions, SkipLog } from './dataset';
import { findPartFolders, listTree, peekImages } from './folder';
import type { PartFolder } from './folder';
import { imageFileName, isReason, notAnImage } from './imageFile';
import { chooseInput, foundPicture, readPictureParts } from './pictureParts';
import type { FoundPicture } from './pictureParts';

type Found = { readonly pictures: readonly FoundPicture[]; readonly total: number };

/** The pictures of one part; each is what it is to become. */
async function findPictures({ dir, part }: PartFolder, root: string, skipped: SkipLog): Promise<Found> {
  const { files, odd } = await listTree(dir);
  for (const { path, reason } of odd) skipped.add(relative(root, path), reason);
  const peeked = await peekImages(files.map(({ path }) => path));
  const pictures = files.flatMap(({ path, subFolder }, at): FoundPicture[] => {
    const name = relative(root, path);
    const head = imageFileName.test(path) ? (peeked[at] ?? notAnImage) : notAnImage;
    if (isReason(head)) {
      skipped.add(name, head);
      return [];
    }
    const picture = foundPicture(head, { name, subFolder, part });
    return [{ ...picture, job: { ...picture.job, target: path } }];
  });
  return { pictures, total: files.length + odd.length };
}

/** The data set `pictures:DIR`: all pictures of a folder and of those in it, or of its folders `train`, `val` and `test`. */
export async function loadPictures(dir: string, options: OpenOptions): Promise<Result<Dataset>> {
  const skipped = createSkipLog();
  const pictures: FoundPicture[] = [];
  let total = 0;
  for (const place of await findPartFolders(dir)) {
    const found = await findPictures(place, dir, skipped);
    pictures.push(...found.pictures);
    total += found.total;
  }
  const input = chooseInput(pictures, dir, options, skipped);
  if (!input.ok) return input;
  const { shape, fit, notes } = input.value;
  const [height, width, channels] = shape;
  const targetShape = [height, width, channelsFor(channels, options.wanted?.targetChannels)];
  const drawing = { dir, shape, classOf: null, target: targetShape, fit, hasClasses: false, classes: [] };
  const read = await readPictureParts(pictures, drawing, options, skipped);
  if (!read.ok) return read;
  return success({
    info: {
      spec: `pictures:${dir}`,
      task: 'image-to-image',
      inputShape: shape,
      targetShape,
      classes: [],
      ...read.value.info,
      warnings: [...skipped.warnings(total), ...notes],
    },
    targetShape,
    ...read.value.held,
  });
}
