import { isAbsolute, resolve } from 'node:path';
import { invalidPath } from '../../shared/diagnostics/catalog/file';
import { recordedClassName, recordingBroken } from '../../shared/diagnostics/catalog/recording';
import { failure } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { HostRequests } from '../../shared/host/api';
import { classNameFault } from '../../shared/schema/recording';
import { imageFormat } from '../data/imageFile';
import { writeNewFolder } from '../files/newFolder';

const nameDigits = 5;

/** Writes pictures that a page recorded as a folder with one folder for each class, whole or not at all. */
export async function saveRecording({
  dir,
  classes,
  labels,
  lengths,
  bytes,
}: HostRequests['data.record'][0]): Promise<Result<HostRequests['data.record'][1]>> {
  if (!isAbsolute(dir)) return failure(invalidPath(dir));
  const wrong = classes.find((name, at) => classNameFault(name, classes.slice(0, at)) !== null);
  if (wrong !== undefined) return failure(recordedClassName(wrong));
  const files = new Map<string, Uint8Array>();
  const counts = classes.map(() => 0);
  let start = 0;
  for (const [at, length] of lengths.entries()) {
    const label = labels[at] ?? -1;
    const name = classes[label];
    const picture = bytes.subarray(start, start + Math.max(0, length));
    start += picture.length;
    if (name === undefined || picture.length !== length || imageFormat(Buffer.from(picture)) !== 'jpeg') {
      return failure(recordingBroken());
    }
    const number = (counts[label] ?? 0) + 1;
    counts[label] = number;
    files.set(`${name}/${String(number).padStart(nameDigits, '0')}.jpg`, picture);
  }
  if (files.size === 0 || labels.length !== lengths.length || start !== bytes.length) return failure(recordingBroken());
  return await writeNewFolder(resolve(dir), files);
}
