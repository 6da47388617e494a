import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { invalidPath } from '../../shared/diagnostics/catalog/file';
import { recordedClassName, recordingBroken } from '../../shared/diagnostics/catalog/recording';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import { classNameFault } from '../../shared/schema/recording';
import { imageFormat, isReason, readImageHeader } from '../data/imageFile';
import { createJsonStore } from '../files/jsonStore';
import { writeNewFolder } from '../files/newFolder';
import { changeRecording } from './changeRecording';
import type { TakenPictures } from './changeRecording';
import { readMark, recordedFile, recordingMark } from './recordedFolder';

type Request = HostRequests['data.record'][0];

/** The recordings of this user. */
export type Recordings = {
  /** Those that are still there, the last saved one first, and `dir` before them where it is one. */
  list(dir: string | null): Promise<readonly string[]>;
  /** Writes pictures that a page recorded, whole or not at all. */
  save(request: Request): Promise<Result<{ readonly dir: string }>>;
};

/** Takes the pictures of a request apart: whole JPEG files, by class. */
function takenPictures({ classes, labels, lengths, bytes }: Request): Result<TakenPictures> {
  const wrong = classes.find((name, at) => classNameFault(name, classes.slice(0, at)) !== null);
  if (wrong !== undefined) return failure(recordedClassName(wrong));
  const taken = new Map<string, Uint8Array[]>();
  let start = 0;
  for (const [at, length] of lengths.entries()) {
    const name = classes[labels[at] ?? -1];
    const picture = bytes.subarray(start, start + Math.max(0, length));
    start += picture.length;
    if (name === undefined || picture.length !== length || imageFormat(Buffer.from(picture)) !== 'jpeg') {
      return failure(recordingBroken());
    }
    const ofClass = taken.get(name);
    if (ofClass === undefined) taken.set(name, [picture]);
    else ofClass.push(picture);
  }
  return labels.length !== lengths.length || start !== bytes.length ? failure(recordingBroken()) : success(taken);
}

async function saveNew(dir: string, taken: TakenPictures): Promise<Result<{ readonly dir: string }>> {
  const [first] = [...taken.values()].flat();
  const header = first === undefined ? null : readImageHeader(Buffer.from(first));
  if (header === null || isReason(header)) return failure(recordingBroken());
  const files = new Map<string, Uint8Array | string>([recordingMark(header.width)]);
  for (const [name, pictures] of taken) {
    for (const [at, picture] of pictures.entries()) files.set(`${name}/${recordedFile(at + 1)}`, picture);
  }
  return await writeNewFolder(dir, files);
}

/** Saves a recording: see {@link Recordings}. */
export async function saveRecording(request: Request): Promise<Result<{ readonly dir: string }>> {
  if (!isAbsolute(request.dir)) return failure(invalidPath(request.dir));
  const taken = takenPictures(request);
  if (!taken.ok) return taken;
  const dir = resolve(request.dir);
  return request.deleted === undefined
    ? await saveNew(dir, taken.value)
    : await changeRecording(dir, taken.value, request.deleted);
}

/** Keeps in the data folder where was recorded last. */
export function createRecordings(
  dataDir: string,
  report: (diagnostic: Diagnostic) => void,
  now: () => Date,
): Recordings {
  const schema: z.ZodType<readonly string[]> = z.array(z.string()).readonly();
  const store = createJsonStore(join(dataDir, 'recordings.json'), schema, [], report, now);
  return {
    list: async (dir) => {
      const asked = dir === null ? [] : [resolve(dir)];
      const dirs = [...new Set([...asked, ...(await store.read())])];
      const marks = await Promise.all(dirs.map(readMark));
      return marks.flatMap((mark) => (mark.ok ? [mark.value.dir] : []));
    },
    save: async (request) => {
      const saved = await saveRecording(request);
      if (!saved.ok) return saved;
      const { dir } = saved.value;
      // A list of conveniences is not worth failing for what has been saved.
      await store
        .update((dirs) => [dir, ...dirs.filter((other) => other !== dir)].slice(0, limits.recentRecordings))
        .catch(() => undefined);
      return saved;
    },
  };
}
