import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setupCompileFailed, setupNoCompiler } from '../../shared/diagnostics/catalog/setup';
import { text } from '../../shared/text';
import { addonPath, napiVersion, packagePath } from '../engines/tensorflow/installed';
import type { SetupContext } from './context';
import { SetupFailure } from './failure';
import type { PlatformFiles } from './platform';
import { findProgram, lastWords, runProgram, throwIfDiskFull } from './process';

const compilers = ['c++', 'g++', 'clang++'] as const;

/** How to get a compiler, on the systems that say so in one line. */
function compilerMend(): string {
  return process.platform === 'darwin' ? 'xcode-select --install' : 'on Debian and Ubuntu: sudo apt install g++';
}

/** The compiler to use: `CXX`, else the first of the usual names. Throws a {@link SetupFailure} if there is none. */
export function findCompiler({ environment }: Pick<SetupContext, 'environment'>): string {
  const named = environment['CXX'];
  const names = named === undefined || named === '' ? compilers : [named];
  const found = findProgram(names, environment);
  if (found === undefined) throw new SetupFailure(setupNoCompiler(names, compilerMend()));
  return found;
}

/**
 * Builds tfjs-node's addon: two C++ files against TensorFlow's C API and Node-API, both of which are stable, so that one build
 * serves every Node and Electron. Done with the compiler alone (about 7 s): node-gyp would need Python and Node's sources.
 */
export async function buildAddon(context: SetupContext, files: PlatformFiles): Promise<void> {
  const compiler = findCompiler(context);
  const { staging, environment, signal } = context;
  context.report({ step: 'compile', message: text('Building the addon of tfjs-node', '正在构建 tfjs-node 原生模块') });
  const packageDir = join(staging, packagePath);
  const output = join(staging, addonPath);
  await mkdir(dirname(output), { recursive: true });
  const lib = join(packageDir, 'deps', 'lib');
  const isMac = process.platform === 'darwin';
  const origin = isMac ? '@loader_path' : '$ORIGIN';
  const outcome = await runProgram(
    compiler,
    [
      '-std=c++17',
      '-O2',
      '-fPIC',
      '-shared',
      ...(isMac ? ['-undefined', 'dynamic_lookup'] : []),
      `-DNAPI_VERSION=${napiVersion}`,
      `-I${join(staging, 'node_modules', 'node-api-headers', 'include')}`,
      `-I${join(packageDir, 'deps', 'include')}`,
      join(packageDir, 'binding', 'tfjs_backend.cc'),
      join(packageDir, 'binding', 'tfjs_binding.cc'),
      ...files.linkNames.map((name) => join(lib, name)),
      `-Wl,-rpath,${origin}/../../deps/lib`,
      '-o',
      output,
    ],
    { environment, signal },
  );
  if (outcome.code === 0) return;
  throwIfDiskFull(outcome);
  const reason = lastWords(outcome);
  throw new SetupFailure(setupCompileFailed(compiler, reason));
}
