import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './launch';

const repoRoot = join(import.meta.dirname, '..', '..', '..');

export type BuiltShell = { readonly appRoot: string; remove(): Promise<void> };

/**
 * Builds main, preload and trainer as the product's build does, with a page of one line, into a folder inside the repository: for
 * tests of the shell that need no renderer and shall not wait for one.
 */
export async function buildShell(): Promise<BuiltShell> {
  await mkdir(join(repoRoot, '.cache'), { recursive: true });
  const appRoot = await mkdtemp(join(repoRoot, '.cache', 'shell-'));
  await mkdir(join(appRoot, 'out', 'renderer'), { recursive: true });
  await writeFile(
    join(appRoot, 'package.json'),
    JSON.stringify({ name: 'convloom', version: '1.2.3', type: 'module' }),
  );
  await symlink(join(repoRoot, 'templates'), join(appRoot, 'templates'));
  await writeFile(join(appRoot, 'out', 'renderer', 'index.html'), '<!doctype html><title>Convloom</title>');
  await writeFile(join(appRoot, 'secret.txt'), 'outside the page');
  await bundle(join(repoRoot, 'electron', 'main', 'index.ts'), join(appRoot, 'out', 'main', 'index.js'));
  await bundle(join(repoRoot, 'electron', 'trainer', 'index.ts'), join(appRoot, 'out', 'main', 'trainer.js'));
  await bundle(join(repoRoot, 'electron', 'preload', 'index.ts'), join(appRoot, 'out', 'preload', 'index.cjs'), 'cjs');
  return { appRoot, remove: () => rm(appRoot, { recursive: true, force: true }) };
}
