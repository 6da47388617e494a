import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setupDamaged } from '../../shared/diagnostics/catalog/setup';
import { text } from '../../shared/text';
import { packagePath } from '../engines/tensorflow/installed';
import type { LocatedTensorflow, SetupContext } from './context';
import { SetupFailure } from './failure';
import type { PlatformFiles } from './platform';
import { findProgram, lastWords, runProgram, throwIfDiskFull } from './process';
import { unpackWheel } from './wheel';

async function link(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

async function unpackArchive(context: SetupContext, archive: string, target: string): Promise<void> {
  const { environment, signal } = context;
  const tar = findProgram(['tar'], environment);
  if (tar === undefined) throw new SetupFailure(setupDamaged(archive, 'there is no tar to unpack it'));
  await mkdir(target, { recursive: true });
  const outcome = await runProgram(tar, ['-xzf', archive, '-C', target], { environment, signal });
  if (outcome.code === 0) return;
  throwIfDiskFull(outcome);
  const reason = lastWords(outcome);
  await rm(archive, { force: true });
  throw new SetupFailure(setupDamaged(archive, reason));
}

/** Unpacks a wheel; one that is damaged is removed, so that the next try fetches it anew, unless it is the user's own. */
async function unpackNamedWheel(
  context: SetupContext,
  located: Extract<LocatedTensorflow, { kind: 'wheel' }>,
  files: PlatformFiles,
  target: string,
): Promise<void> {
  try {
    await unpackWheel(located.path, target, files.wheelLibraries, {
      signal: context.signal,
      onFraction: (fraction) => {
        const percent = (fraction * 100).toFixed(0);
        const message = text(`Unpacking TensorFlow: ${percent} %`, `正在解压 TensorFlow：${percent} %`);
        context.report({ step: 'unpack', message, fraction });
      },
    });
  } catch (error) {
    const isDamaged = error instanceof SetupFailure && error.diagnostic.code === 'setup/damaged-file';
    if (isDamaged && located.folder === null) await rm(located.path, { force: true });
    throw error;
  }
}

/**
 * Brings TensorFlow's libraries and headers to `deps/` of the package, where its build and its loader look for them: copies from a
 * wheel or an archive, links into a folder of the user's own.
 */
export async function placeLibraries(
  context: SetupContext,
  located: LocatedTensorflow,
  files: PlatformFiles,
): Promise<void> {
  const deps = join(context.staging, packagePath, 'deps');
  const lib = join(deps, 'lib');
  if (located.kind === 'folder') {
    await mkdir(lib, { recursive: true });
    await link(located.include, join(deps, 'include'));
    for (const [place, library] of located.libraries.entries()) {
      await link(library, join(lib, basename(library)));
      const linkName = files.linkNames[place] ?? basename(library);
      // The loader asks for the name that the library has inside, which is a wheel's for a wheel's.
      if (linkName !== basename(library)) await link(library, join(lib, linkName));
    }
    return;
  }
  if (located.kind === 'archive') await unpackArchive(context, located.path, deps);
  else {
    await unpackNamedWheel(context, located, files, deps);
    for (const [place, library] of files.wheelLibraries.entries()) {
      const linkName = files.linkNames[place];
      if (linkName !== undefined) await link(library, join(lib, linkName));
    }
  }
  for (const name of files.linkNames) {
    if (!existsSync(join(lib, name))) throw new SetupFailure(setupDamaged(located.path, `it has no ${name}`));
  }
}
