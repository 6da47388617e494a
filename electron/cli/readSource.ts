import { join } from 'node:path';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import { findAppRoot } from '../files/paths';
import { openTemplate } from '../host/templates';
import { readNetwork } from './readNetwork';
import { findRun } from '../files/paths';

/** Reads a network by its path, or by `template:ID` or `run:ID`. */
export async function readSource(name: string): Promise<Result<NetworkDocument>> {
  const [, scheme, id = ''] = /^(template|run):(.+)$/.exec(name) ?? [];
  switch (scheme) {
    case 'template':
      return await openTemplate(join(findAppRoot(import.meta.dirname), 'templates'), id);
    case 'run':
      return await readNetwork(findRun(id));
    default:
      return await readNetwork(name);
  }
}
