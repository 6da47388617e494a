import { lstat, mkdir, readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { invalidPath } from '../../shared/diagnostics/catalog/file';
import { recordedClassName, recordingForeign } from '../../shared/diagnostics/catalog/recording';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import { classNameFault } from '../../shared/schema/recording';
import type { Recording } from '../../shared/schema/recording';
import { fileDiagnostic } from '../files/fileErrors';
import { readRegularFile, readRegularText } from '../files/regularFile';

/**
 * The file by which a folder is known as a recording. It is hidden, so it is no part of the data; and since a page writes no hidden file
 * by any other request, none but a recording gets one.
 */
const markName = '.convloom-recording.json';
const markBytes = 10_000;
const markSchema = z.object({
  format: z.literal('convloom.recording'),
  version: z.literal(1),
  side: z.int().min(1),
});

/** The name and the content of the file that makes a folder a recording of pictures of this side. */
export function recordingMark(side: number): readonly [name: string, content: string] {
  return [markName, `${JSON.stringify({ format: 'convloom.recording', version: 1, side })}\n`];
}

const nameDigits = 5;
const recordedName = /^\d{5,12}\.jpg$/;

/** The name of a class's picture of this number, from 1. */
export function recordedFile(number: number): string {
  return `${String(number).padStart(nameDigits, '0')}.jpg`;
}

/** The number in the name of a recorded picture; null for a name that no recording gives. */
export function recordedNumber(file: string): number | null {
  return recordedName.test(file) ? Number.parseInt(file, 10) : null;
}

/** A folder that was recorded: where it is, without `..`, and the side of its pictures. */
type Marked = { readonly dir: string; readonly side: number };

/** Whether a folder is a recording; a link to one, and one whose mark is a link, is none. */
export async function readMark(path: string): Promise<Result<Marked>> {
  if (!isAbsolute(path)) return failure(invalidPath(path));
  const dir = resolve(path);
  try {
    if (!(await lstat(dir)).isDirectory()) return failure(recordingForeign(dir));
  } catch (error) {
    return failure(fileDiagnostic(error, dir, 'open'));
  }
  try {
    const mark = join(dir, markName);
    if (!(await lstat(mark)).isFile()) return failure(recordingForeign(dir));
    const { side } = markSchema.parse(JSON.parse(await readRegularText(mark, markBytes)));
    return success({ dir, side });
  } catch {
    return failure(recordingForeign(dir));
  }
}

/** The names of a recording's classes: folders of its own, no links. */
export async function classFolders(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && classNameFault(entry.name, []) === null)
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The names of the pictures that were recorded into a folder, by their numbers. */
export async function recordedFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && recordedNumber(entry.name) !== null)
    .map(({ name }) => name)
    .sort((a, b) => (recordedNumber(a) ?? 0) - (recordedNumber(b) ?? 0));
}

/** Why a class of a recording cannot be written to or read: its name is none, or something else stands in its place. */
export async function classFault(dir: string, name: string, others: readonly string[]): Promise<Diagnostic | null> {
  // Some systems take Cup and cup for one folder.
  if (classNameFault(name, others.includes(name) ? [] : others) !== null) return recordedClassName(name);
  const folder = join(dir, name);
  const there = await lstat(folder).catch(() => null);
  return there === null || there.isDirectory() ? null : recordingForeign(folder);
}

/** Makes the folder of a class where there is none; says whether it did. */
export async function makeClass(folder: string): Promise<boolean> {
  return (await mkdir(folder, { recursive: true })) !== undefined;
}

/** Reads what has been recorded into a folder. */
export async function openRecording({ dir: path }: { readonly dir: string }): Promise<Result<Recording>> {
  const marked = await readMark(path);
  if (!marked.ok) return marked;
  const { dir } = marked.value;
  try {
    const classes: Recording['classes'][number][] = [];
    for (const name of await classFolders(dir)) classes.push({ name, files: await recordedFiles(join(dir, name)) });
    return success({ ...marked.value, classes });
  } catch (error) {
    return failure(fileDiagnostic(error, dir, 'open'));
  }
}

/** Reads some pictures of a class of a recording. */
export async function readRecorded({
  dir: path,
  name,
  files,
}: HostRequests['data.recorded'][0]): Promise<Result<HostRequests['data.recorded'][1]>> {
  const marked = await readMark(path);
  if (!marked.ok) return marked;
  const { dir } = marked.value;
  const fault = await classFault(dir, name, [name]);
  if (fault !== null) return failure(fault);
  const foreign = files.find((file) => recordedNumber(file) === null);
  if (foreign !== undefined) return failure(recordingForeign(join(dir, name, foreign)));
  const pictures: Uint8Array[] = [];
  for (const file of files) {
    const picture = join(dir, name, file);
    const isOwn = await lstat(picture).then(
      (found) => found.isFile() && found.size <= limits.messageBytes,
      () => false,
    );
    // One that is gone meanwhile leaves its place empty; the others are still shown.
    pictures.push(isOwn ? await readRegularFile(picture).catch(() => new Uint8Array()) : new Uint8Array());
  }
  return success({
    lengths: Int32Array.from(pictures, ({ length }) => length),
    bytes: new Uint8Array(Buffer.concat(pictures)),
  });
}
