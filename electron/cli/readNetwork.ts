import { resolve } from 'node:path';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { success } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { openProject } from '../host/projects';

/** Reads a network file by a path as it was typed. */
export async function readNetwork(path: string): Promise<Result<NetworkDocument>> {
  const opened = await openProject(resolve(path));
  return opened.ok ? success(opened.value.document) : opened;
}
