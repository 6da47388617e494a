import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, rename, rmdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { recordingForeign } from '../../shared/diagnostics/catalog/recording';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { Recording } from '../../shared/schema/recording';
import { errorCode, fileDiagnostic } from '../files/fileErrors';
import { withFileLock } from '../files/lock';
import { clearAside, makeAside, mendRecording } from './recordingAside';
import {
  classFault,
  classFolders,
  makeClass,
  readMark,
  recordedFile,
  recordedFiles,
  recordedNumber,
} from './recordedFolder';

/** Pictures by the name of their class, in the order in which they were taken. */
export type TakenPictures = ReadonlyMap<string, readonly Uint8Array[]>;

type Deleted = Recording['classes'];

/** What takes a step back; the last one first. */
type Undo = () => Promise<unknown>;

/**
 * Adds pictures to a recording and deletes others of it, whole or not at all: what is added has names after all that are there, and what
 * is deleted is moved aside until everything else is done. Nothing but a recording, and of it nothing but its own pictures, is touched.
 */
export async function changeRecording(
  path: string,
  taken: TakenPictures,
  deleted: Deleted,
): Promise<Result<{ readonly dir: string }>> {
  const marked = await readMark(path);
  if (!marked.ok) return marked;
  const { dir } = marked.value;
  await mendRecording(dir);
  try {
    return await withFileLock(dir, async () => {
      const refusal = await whyNot(dir, taken, deleted);
      return refusal === null ? await change(dir, taken, deleted) : failure(refusal);
    });
  } catch (error) {
    return failure(fileDiagnostic(error, dir, 'save'));
  }
}

async function whyNot(dir: string, taken: TakenPictures, deleted: Deleted): Promise<Diagnostic | null> {
  const present = await classFolders(dir);
  for (const name of new Set([...taken.keys(), ...deleted.map((one) => one.name)])) {
    const fault = await classFault(dir, name, present);
    if (fault !== null) return fault;
  }
  for (const { name, files } of deleted) {
    for (const file of files) {
      const picture = join(dir, name, file);
      if (recordedNumber(file) === null) return recordingForeign(picture);
      // One that somebody else deleted meanwhile is gone as wanted.
      const there = await lstat(picture).catch(() => null);
      if (there?.isFile() === false) return recordingForeign(picture);
    }
  }
  return null;
}

async function change(dir: string, taken: TakenPictures, deleted: Deleted): Promise<Result<{ readonly dir: string }>> {
  const undos: Undo[] = [];
  let aside: string | null = null;
  try {
    aside = await makeAside(dir);
    for (const [name, pictures] of taken) await add(join(dir, name), pictures, { aside, undos });
    for (const { name, files } of deleted) {
      for (const file of files) await moveAside(join(dir, name, file), join(aside, name, file), undos);
    }
  } catch (error) {
    const areBack: boolean[] = [];
    for (const undo of undos.reverse()) {
      areBack.push(
        await undo().then(
          () => true,
          () => false,
        ),
      );
    }
    // What could not be put back is kept where it is.
    if (aside !== null && areBack.every((isBack) => isBack)) await clearAside(aside);
    return failure(fileDiagnostic(error, dir, 'save'));
  }
  await clearAside(aside);
  // A class without pictures is none, unless something else lies in its folder.
  for (const { name } of deleted) await rmdir(join(dir, name)).catch(() => undefined);
  return success({ dir });
}

type Work = { readonly aside: string; readonly undos: Undo[] };

async function add(folder: string, pictures: readonly Uint8Array[], { aside, undos }: Work): Promise<void> {
  if (await makeClass(folder)) undos.push(() => rmdir(folder));
  let number = recordedNumber((await recordedFiles(folder)).at(-1) ?? '') ?? 0;
  for (const picture of pictures) {
    const target = join(folder, recordedFile(++number));
    const whole = join(aside, 'whole');
    await writeFile(whole, picture, { flush: true });
    await putNew(whole, target);
    undos.push(() => unlink(target));
    await unlink(whole);
  }
}

/** Gives a file its place as one step, and never that of another file: a rename would take it. */
async function putNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw error;
    // Some disks have no links.
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

async function moveAside(picture: string, place: string, undos: Undo[]): Promise<void> {
  try {
    await mkdir(dirname(place), { recursive: true });
    await rename(picture, place);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  undos.push(() => rename(place, picture));
}
