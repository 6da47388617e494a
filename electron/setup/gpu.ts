import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { symlink } from 'node:fs/promises';
import { setupGpuMissing } from '../../shared/diagnostics/catalog/setup';
import { text } from '../../shared/text';
import { packagePath } from './cache';
import type { Environment } from './cache';
import type { SetupContext } from './context';
import { SetupFailure } from './failure';
import { findProgram, runProgram } from './process';

/** What TensorFlow 2.21's CUDA build opens when it starts on a GPU (CUDA 12, cuDNN 9); one that is missing turns the GPU off. */
const cudaLibraries = [
  'libcudart.so.12',
  'libcublas.so.12',
  'libcublasLt.so.12',
  'libcufft.so.11',
  'libcusolver.so.11',
  'libcusparse.so.12',
  'libcudnn.so.9',
  'libnccl.so.2',
  'libnvJitLink.so.12',
] as const;

/** The oldest driver for any CUDA 12 (NVIDIA's table of minor version compatibility). */
export const oldestDriver = 525;

/** The loaded NVIDIA driver's version, as its kernel module says; undefined without one. */
export function readDriverVersion(path = '/proc/driver/nvidia/version'): string | undefined {
  try {
    return /Kernel Module\s+(?:for \S+\s+)?(\d+(?:\.\d+)+)/.exec(readFileSync(path, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** The first GPU's name, as the driver says. */
export function readGpuName(root = '/proc/driver/nvidia/gpus'): string | undefined {
  try {
    const [first] = readdirSync(root);
    if (first === undefined) return undefined;
    return /Model:\s*(.+)/.exec(readFileSync(join(root, first, 'information'), 'utf8'))?.[1]?.trim();
  } catch {
    return undefined;
  }
}

/** An NVIDIA card of this machine, also one whose driver is not loaded: then PCI lists it, without its name. `root` is for tests. */
export function findNvidiaCard(root = '/'): string | undefined {
  const named = readGpuName(join(root, 'proc/driver/nvidia/gpus'));
  if (named !== undefined) return named;
  const devices = join(root, 'sys/bus/pci/devices');
  const read = (device: string, field: string): string => readFileSync(join(devices, device, field), 'utf8').trim();
  try {
    // Class 3 is a display controller; a card's sound device is NVIDIA's too.
    const isCard = (device: string) => read(device, 'vendor') === '0x10de' && read(device, 'class').startsWith('0x03');
    return readdirSync(devices).some(isCard) ? 'NVIDIA GPU' : undefined;
  } catch {
    return undefined;
  }
}

/** Stops before anything is downloaded where there is no driver to run it. */
export function requireDriver(version: string | undefined = readDriverVersion()): void {
  if (version === undefined) {
    throw new SetupFailure(
      setupGpuMissing(
        ['the NVIDIA driver (/proc/driver/nvidia/version)'],
        text('Install the driver of the card and restart.', '请安装显卡驱动并重启。'),
      ),
    );
  }
  if (Number.parseInt(version, 10) < oldestDriver) {
    throw new SetupFailure(
      setupGpuMissing(
        [`an NVIDIA driver of at least ${oldestDriver} (this one is ${version})`],
        text('Install a newer driver and restart.', '请安装更新的驱动并重启。'),
      ),
    );
  }
}

/** Folders that may hold CUDA's libraries: the loader's, the toolkit's, and those of the `nvidia-*` packages of any Python. */
async function searchFolders({ environment, signal }: SetupContext): Promise<readonly string[]> {
  const listed = (environment['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '');
  const toolkit = ['/usr/local/cuda/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib64'];
  const ldconfig = findProgram(['ldconfig'], withSbin(environment));
  const cache = ldconfig === undefined ? '' : (await runProgram(ldconfig, ['-p'], { environment, signal })).out;
  const cached = [...cache.matchAll(/=> (\/.*)\/[^/\n]+$/gm)].map((match) => match[1] ?? '');
  const python = findProgram(['python3', 'python'], environment);
  const script = 'import site,sys;print("\\n".join([*site.getsitepackages(),site.getusersitepackages()]))';
  const sites = python === undefined ? '' : (await runProgram(python, ['-c', script], { environment, signal })).out;
  const packaged = sites.split('\n').flatMap((site) => nvidiaFolders(site.trim()));
  return [...new Set([...listed, ...packaged, ...toolkit, ...cached])].filter((folder) => existsSync(folder));
}

function withSbin(environment: Environment): Environment {
  return { ...environment, PATH: `${environment['PATH'] ?? ''}:/sbin:/usr/sbin` };
}

function nvidiaFolders(site: string): readonly string[] {
  const root = join(site, 'nvidia');
  if (site === '' || !existsSync(root)) return [];
  return readdirSync(root).map((name) => join(root, name, 'lib'));
}

/** Which of the libraries are in which folder, and which are in none. */
export function findCudaLibraries(folders: readonly string[]): {
  readonly found: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
} {
  const found = new Map<string, string>();
  for (const library of cudaLibraries) {
    const folder = folders.find((candidate) => existsSync(join(candidate, library)));
    if (folder !== undefined) found.set(library, folder);
  }
  return { found, missing: cudaLibraries.filter((library) => !found.has(library)) };
}

/**
 * Checks CUDA's libraries and links them beside TensorFlow's, where it looks first. Throws a {@link SetupFailure} that names each
 * missing one.
 */
export async function linkCudaLibraries(context: SetupContext): Promise<void> {
  const { found, missing } = findCudaLibraries(await searchFolders(context));
  if (missing.length > 0) {
    throw new SetupFailure(
      setupGpuMissing(
        missing,
        text(
          'Install CUDA 12 and cuDNN 9, or the Python packages that carry them (pip install "tensorflow[and-cuda]"), and run the command again.',
          '请安装 CUDA 12 与 cuDNN 9，或包含它们的 Python 包（pip install "tensorflow[and-cuda]"），然后重新运行该命令。',
        ),
      ),
    );
  }
  const lib = join(context.staging, packagePath, 'deps', 'lib');
  for (const folder of new Set(found.values())) {
    // cuDNN opens further parts of itself by name, so everything of a folder of NVIDIA's own comes along.
    const names = readdirSync(folder).filter((name) => /^lib(cu|nv|nccl)[^/]*\.so/.test(name));
    for (const name of names) {
      const place = join(lib, name);
      if (!existsSync(place)) await symlink(join(folder, name), place);
    }
  }
}
