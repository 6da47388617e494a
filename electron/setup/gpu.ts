import { existsSync, readdirSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setupGpuMissing } from '../../shared/diagnostics/catalog/setup';
import { text } from '../../shared/text';
import { findCudaLibraries, oldestDriver, readDriverVersion } from '../engines/tensorflow/cuda';
import { packagePath } from '../engines/tensorflow/installed';
import type { Environment } from '../files/paths';
import type { SetupContext } from './context';
import { SetupFailure } from './failure';
import { findProgram, runProgram } from './process';

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
