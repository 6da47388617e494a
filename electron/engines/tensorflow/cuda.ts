import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
