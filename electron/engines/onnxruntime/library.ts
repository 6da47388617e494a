import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import type * as OnnxRuntime from 'onnxruntime-node';
import { errorText, text } from '../../../shared/text';
import type { Text } from '../../../shared/text';
import type { EngineStatus } from '../engine';

export type OnnxRuntimeLibrary = typeof OnnxRuntime;

export const engineName = 'ONNX Runtime';
const packageName = 'onnxruntime-node';

/**
 * The WebGPU provider, for channels first. Its default, channels last, puts transposes around every convolution, and in ONNX Runtime
 * 1.30 some fused and grouped convolutions come out wrong in it.
 */
export const webgpuProvider = { name: 'webgpu', preferredLayout: 'NCHW' } as const;

/** Platforms for which the package carries its library; see its `bin` folder. */
const carried: ReadonlySet<string> = new Set(['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64']);

/** Loads the native library; throws where it cannot be. */
export async function loadLibrary(): Promise<OnnxRuntimeLibrary> {
  const library = await import('onnxruntime-node');
  // The binding warns about initializers and fusions on stderr otherwise.
  library.env.logLevel = 'error';
  return library;
}

/** What runs here, or which piece is missing and how to mend that. */
export async function probeLibrary(platform: string, arch: string): Promise<EngineStatus> {
  if (!carried.has(`${platform}-${arch}`)) {
    return {
      available: false,
      why: text(
        `${packageName} carries no library for ${platform} on ${arch}.`,
        `${packageName} 不含 ${platform} ${arch} 的库。`,
      ),
      mend: null,
    };
  }
  try {
    await loadLibrary();
  } catch (error) {
    return { available: false, ...explainFailure(errorText(error)) };
  }
  return {
    available: true,
    device: processorName(),
    versions: { [packageName]: packageVersion() },
  };
}

/** Names the failing piece in a loader's message. */
export function explainFailure(message: string): { readonly why: Text; readonly mend: Text } {
  if (/cannot find (module|package)/i.test(message) && !message.includes('.node')) {
    return {
      why: text(`The package ${packageName} is not installed.`, `未安装 ${packageName} 包。`),
      mend: text('Run npm install in the folder of Convloom.', '请在 Convloom 的文件夹中运行 npm install。'),
    };
  }
  const glibc = /GLIBC(?:XX)?_[\d.]+/.exec(message)?.[0];
  if (glibc !== undefined) {
    return {
      why: text(
        `The system's C or C++ library is too old: ${packageName} needs ${glibc}.`,
        `系统的 C 或 C++ 库过旧：${packageName} 需要 ${glibc}。`,
      ),
      mend: text(
        'Use a newer Linux (glibc 2.28 or later), or the tfjs engine.',
        '请使用较新的 Linux（glibc 2.28 或更高），或使用 tfjs 引擎。',
      ),
    };
  }
  if (/ld-musl|libc\.musl|ld-linux/.test(message)) {
    return {
      why: text(
        `${packageName} is built for glibc, and this system has another C library (musl).`,
        `${packageName} 为 glibc 构建，而此系统使用另一种 C 库（musl）。`,
      ),
      mend: text('Use a Linux with glibc, or the tfjs engine.', '请使用带 glibc 的 Linux，或使用 tfjs 引擎。'),
    };
  }
  const shared = /(lib[\w.+-]+\.(?:so[\d.]*|dylib)|[\w.+-]+\.dll): cannot open/.exec(message)?.[1];
  if (shared !== undefined) {
    return {
      why: text(`The library ${shared} is missing.`, `缺少库 ${shared}。`),
      mend: text('Run npm install again, or install that library.', '请重新运行 npm install，或安装该库。'),
    };
  }
  return {
    why: text(`${packageName} does not load: ${message}`, `${packageName} 加载失败：${message}`),
    mend: text(
      'Delete node_modules and run npm install again, with the Node version that runs Convloom.',
      '请删除 node_modules，并用运行 Convloom 的 Node 版本重新运行 npm install。',
    ),
  };
}

export function packageVersion(): string {
  const entry = createRequire(import.meta.url).resolve(packageName);
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', `file://${entry}`), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return typeof version === 'string' ? version : '';
}

/** The CPU as a device in words: "CPU, 2 threads (AMD EPYC 9B14)". */
export function processorName(): string {
  return `CPU, ${threadCount()} threads (${cpus()[0]?.model.trim() ?? process.arch})`;
}

/**
 * Threads for one session: the physical cores we may use. A second thread on a core shares its arithmetic units, and matrix products
 * keep them busy with one.
 */
export function threadCount(): number {
  const allowed = availableParallelism();
  return Math.max(1, Math.min(allowed, physicalCores() ?? allowed));
}

/** Distinct (socket, core) pairs, where the system lists them. */
function physicalCores(): number | null {
  let listing: string;
  try {
    listing = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return null;
  }
  const cores = new Set<string>();
  for (const block of listing.split('\n\n')) {
    const socket = /^physical id\s*: (\d+)/m.exec(block)?.[1];
    const core = /^core id\s*: (\d+)/m.exec(block)?.[1];
    if (socket !== undefined && core !== undefined) cores.add(`${socket}/${core}`);
  }
  return cores.size === 0 ? null : cores.size;
}
