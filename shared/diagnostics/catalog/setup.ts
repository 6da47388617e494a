import { formatBytes, text } from '../../text';
import type { Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

/** Findings of `convloom setup tensorflow`. Each says what is missing, why it is needed, and the mend. */
function setupError(code: string, summary: Text, why: Text, path?: string): Diagnostic {
  return { code, severity: 'error', at: path === undefined ? {} : { path }, summary, why, fixes: [] };
}

const othersWork = text('The other engines are not affected.', '其他引擎不受影响。');

function withOthers(en: string, zh: string): Text {
  return text(`${en} ${othersWork.en}`, `${zh}${othersWork.zh}`);
}

/** No TensorFlow for this operating system and processor. */
export function setupUnsupported(platform: string, arch: string): Diagnostic {
  return setupError(
    'setup/unsupported-platform',
    text(
      `The TensorFlow engine cannot be set up on ${platform} ${arch}.`,
      `无法在 ${platform} ${arch} 上设置 TensorFlow 引擎。`,
    ),
    withOthers(
      'It needs Linux (x64, arm64) or macOS (arm64); on Windows, use WSL.',
      '它需要 Linux（x64、arm64）或 macOS（arm64）；在 Windows 上请使用 WSL。',
    ),
  );
}

/** A CUDA build was asked for where there is none. */
export function setupNoCudaBuild(platform: string, arch: string): Diagnostic {
  return setupError(
    'setup/no-cuda-build',
    text(
      `There is no CUDA build of TensorFlow for ${platform} ${arch}.`,
      `没有适用于 ${platform} ${arch} 的 CUDA 版 TensorFlow。`,
    ),
    withOthers('It needs Linux on x64. Set up without --gpu.', '它需要 x64 上的 Linux。请不带 --gpu 进行设置。'),
  );
}

/** A driver or CUDA libraries that the CUDA build needs are not there. `missing` names each piece. */
export function setupGpuMissing(missing: readonly string[], mend: Text): Diagnostic {
  return setupError(
    'setup/gpu-missing',
    text(`The GPU cannot be used: ${missing.join(', ')} not found.`, `无法使用 GPU：未找到 ${missing.join('、')}。`),
    withOthers(mend.en, mend.zh),
  );
}

/** The folder or wheel that the user named holds no usable TensorFlow. */
export function setupBadFolder(path: string, missing: string): Diagnostic {
  return setupError(
    'setup/bad-folder',
    text(`${path} is not a TensorFlow: ${missing} is missing.`, `${path} 不是 TensorFlow：缺少 ${missing}。`),
    withOthers(
      'Name the folder of an unpacked C library (with lib and include), the tensorflow folder of a Python installation, or a wheel.',
      '请指定解压后的 C 库文件夹（含 lib 与 include）、Python 安装中的 tensorflow 文件夹，或 wheel 文件。',
    ),
    path,
  );
}

/** Every source was tried and none gave a TensorFlow. One line per source. */
export function setupNoSource(attempts: readonly { readonly source: string; readonly reason: string }[]): Diagnostic {
  const lines = attempts.map(({ source, reason }) => `${source}: ${reason}`).join('; ');
  return setupError(
    'setup/no-source',
    text('TensorFlow could not be downloaded.', '无法下载 TensorFlow。'),
    withOthers(
      `${lines}. Check the network and run the command again (it continues where it stopped), or name a TensorFlow that is already on disk with --from.`,
      `${lines}。请检查网络后重新运行该命令（会从中断处继续），或用 --from 指定磁盘上已有的 TensorFlow。`,
    ),
  );
}

/** A file is shorter than it should be or its checksum is wrong. It has been put aside. */
export function setupDamaged(path: string, reason: string): Diagnostic {
  return setupError(
    'setup/damaged-file',
    text(`${path} is damaged: ${reason.replace(/\.+$/, '')}.`, `${path} 已损坏：${reason.replace(/\.+$/, '')}。`),
    withOthers(
      'Nothing of it was used. Run the command again to fetch it anew; a file of your own must be fetched again by you.',
      '其中内容均未使用。请重新运行该命令以重新获取；若为您自己的文件，请自行重新下载。',
    ),
    path,
  );
}

/** npm is not there to bring the package tfjs-node. */
export function setupNoNpm(): Diagnostic {
  return setupError(
    'setup/no-npm',
    text('npm was not found.', '未找到 npm。'),
    withOthers(
      'It brings the package @tensorflow/tfjs-node. Install Node.js with npm, or put npm on the PATH.',
      '它用于获取 @tensorflow/tfjs-node 包。请安装带 npm 的 Node.js，或将 npm 加入 PATH。',
    ),
  );
}

/** npm ran and could not install the packages. */
export function setupPackageFailed(reason: string): Diagnostic {
  return setupError(
    'setup/package-failed',
    text('The package @tensorflow/tfjs-node could not be installed.', '无法安装 @tensorflow/tfjs-node 包。'),
    withOthers(
      `npm says: ${reason}. Check the network and run the command again; what was downloaded is kept.`,
      `npm 报告：${reason}。请检查网络后重新运行该命令；已下载的内容会保留。`,
    ),
  );
}

/** There is no C++ compiler. */
export function setupNoCompiler(tried: readonly string[], mend: string): Diagnostic {
  return setupError(
    'setup/no-compiler',
    text('No C++ compiler was found.', '未找到 C++ 编译器。'),
    withOthers(
      `The addon of tfjs-node is built on this machine (tried ${tried.join(', ')}). Install one (${mend}) and run the command again; what was downloaded is kept.`,
      `tfjs-node 的原生模块需在本机构建（已尝试 ${tried.join('、')}）。请安装编译器（${mend}）后重新运行该命令；已下载的内容会保留。`,
    ),
  );
}

/** The compiler ran and failed. */
export function setupCompileFailed(compiler: string, reason: string): Diagnostic {
  return setupError(
    'setup/compile-failed',
    text('The addon of tfjs-node could not be built.', '无法构建 tfjs-node 的原生模块。'),
    withOthers(`${compiler} says: ${reason}`, `${compiler} 报告：${reason}`),
  );
}

/** The finished build does not load or does not train. */
export function setupVerifyFailed(reason: string): Diagnostic {
  return setupError(
    'setup/verify-failed',
    text('TensorFlow was built but does not train.', 'TensorFlow 已构建但无法训练。'),
    withOthers(
      `${reason} The build was thrown away; what was downloaded is kept.`,
      `${reason} 该构建已丢弃；已下载的内容会保留。`,
    ),
  );
}

/** Not enough space in the cache. Sizes in bytes; `needed` null when it became full on the way. */
export function setupDiskFull(path: string, needed: number | null, free: number | null): Diagnostic {
  const sizes =
    needed === null || free === null
      ? text('', '')
      : text(
          `It takes about ${formatBytes(needed)}, and ${formatBytes(free)} is free. `,
          `约需 ${formatBytes(needed)}，可用 ${formatBytes(free)}。`,
        );
  return setupError(
    'setup/disk-full',
    text(`There is not enough space in ${path}.`, `${path} 空间不足。`),
    withOthers(
      `${sizes.en}Free some space, or choose another disk with XDG_CACHE_HOME, and run the command again.`,
      `${sizes.zh}请清理空间，或用 XDG_CACHE_HOME 选择其他磁盘，然后重新运行该命令。`,
    ),
    path,
  );
}

/** Another set-up is at work in the same cache. */
export function setupBusy(path: string, pid: number): Diagnostic {
  return setupError(
    'setup/busy',
    text('Another set-up of TensorFlow is running.', '另一个 TensorFlow 设置正在运行。'),
    text(`Process ${pid} works in ${path}. Wait for it to end.`, `进程 ${pid} 正在 ${path} 中工作，请等待其结束。`),
    path,
  );
}

/** The user asked for the end. */
export function setupStopped(): Diagnostic {
  return setupError(
    'setup/stopped',
    text('The set-up was stopped.', '设置已停止。'),
    withOthers(
      'What was downloaded is kept; run the command again to continue.',
      '已下载的内容会保留；重新运行该命令即可继续。',
    ),
  );
}

/** Any other failure of the file system or a tool, in its own words. */
export function setupFailed(path: string, reason: string): Diagnostic {
  return setupError(
    'setup/failed',
    text('TensorFlow could not be set up.', '无法设置 TensorFlow。'),
    withOthers(`${reason} (${path})`, `${reason}（${path}）`),
    path,
  );
}
