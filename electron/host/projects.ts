import { isAbsolute } from 'node:path';
import { fileChangedOnDisk, fileExists, fileNotText, invalidPath } from '../../shared/diagnostics/catalog/file';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { parseNetwork } from '../../shared/document/parse';
import { serializeNetwork } from '../../shared/document/serialize';
import { limits } from '../../shared/schema/limits';
import type { HostRequests, OpenedProject } from '../../shared/host/api';
import { revisionOf, writeFileAtomically } from '../files/atomicFile';
import { errorCode, fileDiagnostic } from '../files/fileErrors';
import { withFileLock } from '../files/lock';
import { readRegularFile } from '../files/regularFile';

async function readBytes(path: string): Promise<Result<Uint8Array>> {
  if (!isAbsolute(path)) return failure(invalidPath(path));
  try {
    return success(await readRegularFile(path, limits.documentBytes));
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'open'));
  }
}

/** The revision of the file that is there now; null where there is none. */
async function currentRevision(path: string): Promise<string | null> {
  try {
    return revisionOf(await readRegularFile(path));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Reads a network file. The revision goes back with the next save. */
export async function openProject(path: string): Promise<Result<OpenedProject>> {
  const bytes = await readBytes(path);
  if (!bytes.ok) return bytes;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.value);
  } catch {
    return failure(fileNotText(path));
  }
  const document = parseNetwork(text);
  return document.ok
    ? success({ path, revision: revisionOf(bytes.value), document: document.value })
    : failure(...document.diagnostics);
}

/**
 * Writes a network file. Refused when the file is not the one that was opened (another program saved meanwhile) and when
 * a new name is taken, unless `overwrite` says so. On any failure the file on disk is as it was.
 */
export async function saveProject(
  request: HostRequests['project.save'][0],
): Promise<Result<HostRequests['project.save'][1]>> {
  const { path, document, baseRevision, overwrite } = request;
  if (!isAbsolute(path)) return failure(invalidPath(path));
  try {
    // As one step: of two windows that save at once, the second one finds the file changed.
    return await withFileLock(path, async () => {
      const current = await currentRevision(path);
      if (!overwrite && current !== null && current !== baseRevision) {
        return failure(baseRevision === null ? fileExists(path) : fileChangedOnDisk(path));
      }
      const bytes = new TextEncoder().encode(serializeNetwork(document));
      await writeFileAtomically(path, bytes);
      return success({ path, revision: revisionOf(bytes) });
    });
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'save'));
  }
}
