import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findAppRoot } from './paths';

/**
 * Where a file of the build lies that has no place among the sources. The bundler may put the code that asks, in the folder `here`, into
 * the entries' folder or into one below it; from source there is the last build. A file that is nowhere gets the path where it should be.
 */
export function findBuilt(here: string, name: string): string {
  const built = join(findAppRoot(here), 'out', 'main', name);
  return [join(here, name), join(dirname(here), name)].find((path) => existsSync(path)) ?? built;
}
