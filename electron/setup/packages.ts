import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { setupDamaged, setupNoNpm, setupPackageFailed } from '../../shared/diagnostics/catalog/setup';
import { text } from '../../shared/text';
import type { Environment } from '../files/paths';
import type { SetupContext } from './context';
import { SetupFailure } from './failure';
import { findProgram, lastWords, runProgram, throwIfDiskFull } from './process';

/** The packages that a build is made of, with the registry's checksums of these very versions. */
export const packages = {
  '@tensorflow/tfjs-node': {
    version: '4.22.0',
    integrity: 'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  },
  // Node's own C headers, so that the addon is built without fetching Node's sources and without Python.
  'node-api-headers': {
    version: '1.9.0',
    integrity: 'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
  },
} as const;

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), integrity: z.string().optional() })),
});

/** What is wrong with the installed packages, by npm's own account; undefined when they are the ones that were meant. */
async function wrongWith(staging: string): Promise<string | undefined> {
  const lockPath = join(staging, 'node_modules', '.package-lock.json');
  if (!existsSync(lockPath)) return 'npm left no record of what it installed';
  const lock = lockSchema.safeParse(JSON.parse(await readFile(lockPath, 'utf8')));
  if (!lock.success) return `${lockPath} is not readable`;
  for (const [name, { integrity }] of Object.entries(packages)) {
    const found = lock.data.packages[`node_modules/${name}`]?.integrity;
    if (found !== integrity) return `${name} has the checksum ${found ?? 'none'} and should have ${integrity}`;
  }
  return undefined;
}

/** Throws a {@link SetupFailure} if npm is not there. */
export function findNpm({ environment }: Pick<SetupContext, 'environment'>): string {
  const npm = findProgram(['npm'], environment);
  if (npm === undefined) throw new SetupFailure(setupNoNpm());
  return npm;
}

/** npm's settings for the network, which hold here too; the rest of a surrounding npm or npx run (a prefix, a dry run) does not. */
function npmEnvironment(environment: Environment): Environment {
  const isOwn = (name: string): boolean =>
    !/^npm_(config|package|lifecycle)_/i.test(name) || /registry|proxy|cafile|_ca$|cache/i.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isOwn(name)));
}

/**
 * Installs tfjs-node, its dependencies and Node's C headers into the build, with install scripts off (theirs would fetch a
 * TensorFlow of 2022). Does nothing if an earlier try has done it.
 */
export async function installPackages(context: SetupContext): Promise<void> {
  const { staging, environment, signal } = context;
  if ((await wrongWith(staging).catch(() => 'unreadable')) === undefined) return;
  const npm = findNpm(context);
  context.report({
    step: 'package',
    message: text('Installing @tensorflow/tfjs-node', '正在安装 @tensorflow/tfjs-node'),
  });
  await mkdir(staging, { recursive: true });
  const dependencies = Object.fromEntries(Object.entries(packages).map(([name, { version }]) => [name, version]));
  const manifest = { name: 'convloom-tensorflow', version: '1.0.0', private: true, dependencies };
  await writeFile(join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=warn'];
  const outcome = await runProgram(npm, ['install', ...flags], {
    environment: npmEnvironment(environment),
    cwd: staging,
    signal,
  });
  try {
    // npm may call an installation done whose files were cut short by a full disk.
    throwIfDiskFull(outcome);
    if (outcome.code !== 0) throw new SetupFailure(setupPackageFailed(lastWords(outcome)));
    const reason = await wrongWith(staging);
    if (reason !== undefined) throw new SetupFailure(setupDamaged(staging, reason));
  } catch (error) {
    await rm(join(staging, 'node_modules'), { recursive: true, force: true });
    throw error;
  }
}
