import { join } from 'node:path';
import { runIsComplete } from '../../../shared/diagnostics/catalog/model';
import { runLinksOut, runStillRunning } from '../../../shared/diagnostics/catalog/run';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { Result } from '../../../shared/diagnostics/diagnostic';
import { parseNetwork } from '../../../shared/document/parse';
import type { NetworkDocument } from '../../../shared/schema/document';
import { limits } from '../../../shared/schema/limits';
import { fileDiagnostic } from '../../files/fileErrors';
import { readRegularText } from '../../files/regularFile';
import { isStillRunning, readRecord, runFiles } from '../../files/runRecord';
import type { RunRecord } from '../../files/runRecord';
import { findStrayLink } from '../../files/strayLinks';

/**
 * A run that may go on: its record and its network. Refuses one that is at work, in whatever app, and one whose files lie elsewhere: what
 * is trained would be written over them.
 */
export async function readResumed(
  dir: string,
  now: Date,
): Promise<Result<{ readonly record: RunRecord; readonly document: NetworkDocument }>> {
  const record = await readRecord(dir);
  if (!record.ok) return record;
  const { id, state, config } = record.value;
  if (state === 'completed') return failure(runIsComplete(id, config.epochs));
  if (state === 'running' && (await isStillRunning(dir, record.value, now))) return failure(runStillRunning(id));
  try {
    const link = await findStrayLink(dir);
    if (link !== null) return failure(runLinksOut(dir, link));
    const document = parseNetwork(await readRegularText(join(dir, runFiles.network), limits.documentBytes));
    return document.ok ? success({ record: record.value, document: document.value }) : document;
  } catch (error) {
    return failure(fileDiagnostic(error, join(dir, runFiles.network), 'open'));
  }
}
