import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { success } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { modelFiles } from '../files/models';
import { readAny } from '../host/imports';
import { openProject } from '../host/projects';

/** What a model is when it is read as a network file; with any other fault the file is the network file that it was taken for. */
const foreignCodes = [
  'file/is-folder',
  'file/not-text',
  'file/too-large',
  'document/not-json',
  'document/not-a-network',
];

/** Reads a network by a path as it was typed: from a network file, or out of a model, a run's folder or what else can be imported. */
export async function readNetwork(path: string): Promise<Result<NetworkDocument>> {
  const opened = await openProject(resolve(path));
  if (opened.ok) return success(opened.value.document);
  const codes = opened.diagnostics.map(({ code }) => code);
  if (!codes.every((code) => foreignCodes.includes(code))) return opened;
  if (codes.includes('file/is-folder') && !existsSync(join(path, modelFiles.network))) return opened;
  const imported = await readAny({ path: resolve(path), onto: undefined, signal: undefined });
  if (imported.ok) return success(imported.value.document);
  // What is no model either is told as what it was asked for, unless it is known what else it is.
  const isText = codes.some((code) => code.startsWith('document/'));
  const isUnknown = imported.diagnostics.some(({ code }) => code === 'import/unsupported');
  return isText && isUnknown ? opened : imported;
}
