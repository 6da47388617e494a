import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { readFilePartSync, readRegularFileSync } from '../files/regularFile';
import type { FilePart } from '../files/regularFile';
import { decodeImage } from './decode';
import { cutOff, isReason, reasonOf } from './imageFile';
import { decodeMask } from './maskFile';
import type { MaskKeys } from './maskFile';
import { drawRegions } from './regions';
import type { Region } from './regions';
import { convertChannels, fitImage, fitLabels } from './resize';
import type { PictureFit, Pixels } from './resize';
import { elementCount } from '../../shared/ops/tensor';
import { snapshotOf } from './snapshot';
import { limits } from '../../shared/schema/limits';

/** A picture to be read, or a mask of a picture of this size. */
export type PictureJob = {
  readonly image: string;
  /** Where in that file its bytes are; absent: they are the whole of it. */
  readonly within?: FilePart;
  /** The file of the mask, or what is drawn as one. */
  readonly mask: string | readonly Region[] | null;
  /** The file of the picture that it is to become; null where none is learned. */
  readonly target: string | null;
  /** Where in the file of the mask or the target its bytes are; absent: they are the whole of it. */
  readonly besideWithin?: FilePart;
  readonly width: number;
  readonly height: number;
};

/** What is done with each picture; {@link MaskSurvey} or a row of bytes comes of it. */
export type PictureTask =
  | { readonly kind: 'survey' }
  | {
      readonly kind: 'draw';
      /** `[height, width, channels]` */
      readonly shape: readonly number[];
      /** From a mask's key to its class; null for pictures without masks. */
      readonly classOf: ReadonlyMap<number, number> | null;
      /** `[height, width, channels]` of what pictures are to become; null where they become nothing. */
      readonly target: readonly number[] | null;
      readonly fit: PictureFit;
      /** The label of what lies outside of a picture that does not fill the shape. */
      readonly outside: number;
    };

/** What comes of a picture that was drawn: the digest of its bytes, and of its mask's; whether some of it can be seen through. */
export type Drawn = { readonly digest: string; readonly isSeeThrough?: true };

/** What a mask holds: how many pixels each of its keys has. */
export type MaskSurvey = { readonly largest: number; readonly counts: readonly (readonly [number, number])[] };

/** The bytes of a row: the pixels of the picture, then the classes of its mask or the pixels of what it is to become, where there are such. */
export function rowBytes(task: PictureTask): number {
  if (task.kind === 'survey') return 0;
  const [height = 1, width = 1, channels = 1] = task.shape;
  const beside = task.classOf === null ? elementCount(task.target ?? [0]) : height * width;
  return height * width * channels + beside;
}

/** A mask, and what of the data it was made of. */
type ReadMask = { readonly keys: MaskKeys; readonly source: Buffer | string };

function readMask(mask: string | readonly Region[], job: PictureJob): ReadMask | Text {
  if (typeof mask !== 'string') return { keys: drawRegions(mask, job), source: JSON.stringify(mask) };
  const source = bytesIn(mask, job.besideWithin);
  if (source === null) return cutOff;
  const keys = decodeMaskOf(source, job);
  return isReason(keys) ? keys : { keys, source };
}

function decodeMaskOf(bytes: Buffer, { width, height }: PictureJob): MaskKeys | Text {
  const mask = decodeMask(bytes);
  if (isReason(mask)) return text(`its mask: ${mask.en}`, `其掩码：${mask.zh}`);
  if (mask.width === width && mask.height === height) return mask;
  return text(
    `its mask has ${mask.width}×${mask.height}, the image ${width}×${height}`,
    `掩码为 ${mask.width}×${mask.height}，图像为 ${width}×${height}`,
  );
}

function survey(job: PictureJob): MaskSurvey | Text {
  const mask = readMask(job.mask ?? job.image, job);
  if (isReason(mask)) return mask;
  const { keys, largest } = mask.keys;
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  if (counts.size <= limits.maskClasses) return { largest, counts: [...counts] };
  return text(`its mask has ${counts.size} different values`, `其掩码有 ${counts.size} 种取值`);
}

function isSeeThrough({ channels, data }: Pixels): boolean {
  if (channels % 2 === 1) return false;
  for (let at = channels - 1; at < data.length; at += channels) if (data[at] !== 255) return true;
  return false;
}

/** Writes the picture that some bytes are at the beginning of `into`; gives what is to be told of it, or why there is none. */
async function drawPicture(
  bytes: Buffer,
  [height = 1, width = 1, channels = 1]: readonly number[],
  fit: PictureFit,
  into: Uint8Array,
): Promise<Pick<Drawn, 'isSeeThrough'> | Text> {
  const image = await decodeImage(bytes);
  if (isReason(image)) return image;
  into.set(fitImage(convertChannels(image, channels), { height, width }, fit).data);
  return isSeeThrough(image) ? { isSeeThrough: true } : {};
}

/** The bytes of a picture, which may be a part of a file; null for a part that is not there. */
function bytesIn(path: string, within: FilePart | undefined): Buffer | null {
  if (within === undefined) return readRegularFileSync(path, limits.imageBytes);
  const bytes = readFilePartSync(path, within);
  return bytes === null ? null : Buffer.from(bytes.buffer);
}

async function draw(
  job: PictureJob,
  task: Extract<PictureTask, { readonly kind: 'draw' }>,
  row: Uint8Array,
): Promise<Drawn | Text> {
  const [height = 1, width = 1, channels = 1] = task.shape;
  const size = { height, width };
  const bytes = bytesIn(job.image, job.within);
  if (bytes === null) return cutOff;
  const told = await drawPicture(bytes, task.shape, task.fit, row);
  if (isReason(told)) return told;
  if (job.target !== null && task.target !== null) {
    const target = bytesIn(job.target, job.besideWithin);
    const into = row.subarray(elementCount(task.shape));
    const beside = target === null ? cutOff : await drawPicture(target, task.target, task.fit, into);
    if (target === null || isReason(beside)) {
      const { en, zh } = isReason(beside) ? beside : cutOff;
      return text(`its target: ${en}`, `其目标图像：${zh}`);
    }
    return { digest: snapshotOf([bytes, target]), ...told, ...beside };
  }
  if (job.mask === null || task.classOf === null) return { digest: snapshotOf([bytes]), ...told };
  const mask = readMask(job.mask, job);
  if (isReason(mask)) return mask;
  const { classOf } = task;
  const labels = Uint8Array.from(mask.keys.keys, (key) => classOf.get(key) ?? 0);
  row.set(fitLabels(labels, mask.keys, size, task.fit, task.outside), height * width * channels);
  return { digest: snapshotOf([bytes, mask.source]), ...told };
}

/** Does the task with one picture: fills `row`, and gives what was found; a text says why the picture is of no use. */
export async function performTask(
  task: PictureTask,
  job: PictureJob,
  row: Uint8Array,
): Promise<MaskSurvey | Drawn | Text> {
  try {
    return task.kind === 'survey' ? survey(job) : await draw(job, task, row);
  } catch (error) {
    return reasonOf(error);
  }
}
