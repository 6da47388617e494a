import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setupBusy, setupDiskFull, setupGpuMissing } from '../../shared/diagnostics/catalog/setup';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { text } from '../../shared/text';
import { buildAddon, findCompiler } from './addon';
import {
  addonPath,
  buildName,
  checkBuild,
  findInstalled,
  isInstalled,
  manifestName,
  packagePath,
} from '../engines/tensorflow/installed';
import { cacheDir } from '../files/paths';
import { isProcessAlive } from '../files/processes';
import type { InstalledTensorflow, Manifest, TensorflowVariant } from '../engines/tensorflow/installed';
import type { Environment } from '../files/paths';
import { publicEndpoints } from './context';
import type { Endpoints, LocatedTensorflow, Report, SetupContext } from './context';
import { diagnosticOf, SetupFailure } from './failure';
import { readDriverVersion, readGpuName } from '../engines/tensorflow/cuda';
import { linkCudaLibraries, requireDriver } from './gpu';
import { placeLibraries } from './libraries';
import { findNpm, installPackages, packages } from './packages';
import { platformFiles } from './platform';
import { locateTensorflow } from './sources';
import { verifyBuild } from './verification';
import type { Check } from './verification';

export type { SetupProgress } from './context';

export type SetupOptions = {
  /** The CUDA build. */
  readonly gpu?: boolean;
  /** Builds again even if a usable build is there. */
  readonly force?: boolean;
  /** A TensorFlow on this disk; else `CONVLOOM_TENSORFLOW`, else one is fetched. */
  readonly from?: string | undefined;
  readonly signal?: AbortSignal;
  readonly environment?: Environment;
  readonly endpoints?: Endpoints;
  /** Free bytes of the disk that holds a folder. */
  readonly freeBytes?: (dir: string) => Promise<number>;
};

/** Space that a build takes at its largest, in bytes: the wheel, what is unpacked of it, and the packages. */
const neededBytes = { cpu: 1.6e9, gpu: 3.4e9, folder: 0.4e9 } as const;

async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** One set-up at a time per cache. Gives what ends the hold. */
async function holdLock(root: string): Promise<() => Promise<void>> {
  const path = join(root, 'setup.lock');
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isTaken) throw error;
      const pid = Number(await readFile(path, 'utf8').catch(() => ''));
      if (isProcessAlive(pid)) throw new SetupFailure(setupBusy(root, pid));
      await rm(path, { force: true });
    }
  }
}

/** Keeps what an earlier try unpacked only if it came from the same place. */
async function enterStaging(context: SetupContext, located: LocatedTensorflow): Promise<void> {
  const note = join(context.staging, 'source.txt');
  const name = located.kind === 'folder' ? located.libraries[0] : located.path;
  const before = await readFile(note, 'utf8').catch(() => '');
  if (before !== name) await rm(join(context.staging, packagePath, 'deps'), { recursive: true, force: true });
  await mkdir(context.staging, { recursive: true });
  await writeFile(note, name);
}

/** Everything whose loss would keep the build from loading. */
function filesOf(dir: string): Manifest['files'] {
  const lib = join(dir, packagePath, 'deps', 'lib');
  const libraries = readdirSync(lib).map((name) => join(lib, name));
  return [join(dir, addonPath), ...libraries]
    .filter((path) => lstatSync(path).isFile() || existsSync(path))
    .map((path) => ({ path: relative(dir, path), bytes: statSync(path).size }));
}

function manifestFor(context: SetupContext, located: LocatedTensorflow, check: Check): Manifest {
  const threads = availableParallelism();
  const gpu = check.isGpu ? (readGpuName() ?? 'NVIDIA GPU') : undefined;
  return {
    format: 'convloom.tensorflow',
    version: 1,
    tensorflow: check.version,
    tfjsNode: packages['@tensorflow/tfjs-node'].version,
    variant: context.variant,
    platform: process.platform,
    arch: process.arch,
    source: located.source,
    folder: located.folder,
    device: gpu ?? `CPU, ${threads} threads`,
    driver: readDriverVersion() ?? null,
    files: filesOf(context.staging),
  };
}

/** Gives the finished build its name in one step. An older build of the same name makes way only then. */
async function publish(context: SetupContext, manifest: Manifest): Promise<InstalledTensorflow> {
  const mark =
    manifest.folder === null ? '' : `-${createHash('sha256').update(manifest.folder).digest('hex').slice(0, 8)}`;
  const dir = join(context.root, buildName(manifest.tensorflow, manifest.variant, mark));
  await writeFile(join(context.staging, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
  const old = `${context.staging}-old`;
  await rm(old, { recursive: true, force: true });
  if (existsSync(dir)) await rename(dir, old);
  await rename(context.staging, dir);
  await rm(old, { recursive: true, force: true });
  await rm(context.downloads, { recursive: true, force: true });
  const build = checkBuild(dir);
  if (!isInstalled(build)) throw new Error(build.reason);
  return build;
}

/** What an earlier set-up has made of the same wish. */
function existingBuild(
  { environment, root, variant }: SetupContext,
  named: string | undefined,
): InstalledTensorflow | undefined {
  const folder = named === undefined || named === '' ? '' : resolve(named);
  const found = findInstalled({ ...environment, CONVLOOM_TENSORFLOW: folder }, root);
  return isInstalled(found) && found.manifest.variant === variant && (found.manifest.folder ?? '') === folder
    ? found
    : undefined;
}

async function build(context: SetupContext, named: string | undefined): Promise<InstalledTensorflow> {
  const files = platformFiles(context.variant);
  // What is missing on this machine is said before anything large is fetched.
  if (context.variant === 'gpu') requireDriver();
  findCompiler(context);
  findNpm(context);
  await mkdir(context.downloads, { recursive: true });
  context.report({ step: 'find', message: text('Looking for TensorFlow', '正在查找 TensorFlow') });
  const located = await locateTensorflow(context, files, named);
  await enterStaging(context, located);
  await installPackages(context);
  await placeLibraries(context, located, files);
  if (context.variant === 'gpu') await linkCudaLibraries(context);
  await buildAddon(context, files);
  const check = await verifyBuild(context);
  if (context.variant === 'gpu' && !check.isGpu) {
    const mend = text(
      'TensorFlow loaded but saw no GPU. See what nvidia-smi says.',
      'TensorFlow 已加载但未发现 GPU。请查看 nvidia-smi 的输出。',
    );
    throw new SetupFailure(setupGpuMissing(['a usable GPU'], mend));
  }
  return publish(context, manifestFor(context, located, check));
}

function reportReady(report: Report, { manifest }: InstalledTensorflow): void {
  const what = `TensorFlow ${manifest.tensorflow}`;
  const message = text(`${what} is ready: ${manifest.device}`, `${what} 已就绪：${manifest.device}`);
  report({ step: 'done', message, fraction: 1 });
}

/**
 * Gets TensorFlow, builds tfjs-node's addon against it, trains with it, and keeps it in the user's cache for every later run of the
 * app, under Electron and Node alike. Nothing is visible to the engine before the check has passed; a try that fails leaves what it
 * downloaded for the next one and everything else as it was. Never throws.
 */
export async function setupTensorflow(options: SetupOptions, report: Report): Promise<Result<InstalledTensorflow>> {
  const environment = options.environment ?? process.env;
  const variant: TensorflowVariant = options.gpu === true ? 'gpu' : 'cpu';
  const root = cacheDir(environment);
  const context: SetupContext = {
    variant,
    environment,
    endpoints: options.endpoints ?? publicEndpoints,
    root,
    downloads: join(root, 'downloads'),
    staging: join(root, `building-${variant}`),
    signal: options.signal,
    report,
  };
  const named = options.from ?? environment['CONVLOOM_TENSORFLOW'];
  try {
    await mkdir(root, { recursive: true });
    const release = await holdLock(root);
    try {
      const existing = options.force === true ? undefined : existingBuild(context, named);
      if (existing !== undefined) {
        reportReady(report, existing);
        return success(existing);
      }
      const needed = named === undefined || named === '' ? neededBytes[variant] : neededBytes.folder;
      const free = await (options.freeBytes ?? freeBytesOf)(root);
      if (free < needed) throw new SetupFailure(setupDiskFull(root, needed, free));
      const installed = await build(context, named);
      reportReady(report, installed);
      return success(installed);
    } finally {
      await release();
    }
  } catch (error) {
    return failure(diagnosticOf(error, root));
  }
}
