import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** The graphics cards that the system lists. */
export type GraphicsCards = {
  /** As people know them; empty where there is none, or only a picture of one (virtual machines, remote desktops). */
  readonly names: readonly string[];
  /** Changes when a card or its driver does, as far as that can be seen without asking the driver. */
  readonly fingerprint: string;
};

/** Reads what the system lists; it loads no driver, so that none can fail here. */
export async function readGraphicsCards(platform: NodeJS.Platform = process.platform): Promise<GraphicsCards> {
  if (platform === 'win32') return parseWindowsCards(await queryRegistry());
  if (platform === 'darwin') {
    const name = `${cpus()[0]?.model.trim() ?? 'Apple'} GPU`;
    return { names: [name], fingerprint: name };
  }
  return readLinuxCards('/');
}

/** What PCI calls the makers of cards that compute. Others (virtio, VMware, server boards' text consoles) draw pictures at most. */
const makers: { readonly [vendor: string]: string } = {
  '0x10de': 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x106b': 'Apple',
  '0x5143': 'Qualcomm',
  '0x1ed5': 'Moore Threads',
};

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

/** Cards with a render node, NVIDIA's with its own driver, and the card that Windows lends to its Linux. `root` is for tests. */
export function readLinuxCards(root: string): GraphicsCards {
  const nvidia = listFolder(join(root, 'proc/driver/nvidia/gpus')).map((slot) => {
    const information = readText(join(root, 'proc/driver/nvidia/gpus', slot, 'information'));
    return /Model:\s*(.+)/.exec(information)?.[1]?.trim() ?? 'NVIDIA GPU';
  });
  const drm = join(root, 'sys/class/drm');
  const others = listFolder(drm)
    .filter((name) => name.startsWith('renderD'))
    .flatMap((name): readonly string[] => {
      const vendor = readText(join(drm, name, 'device/vendor'));
      const maker = makers[vendor];
      if (maker !== undefined) {
        if (maker === 'NVIDIA' && nvidia.length > 0) return [];
        return [`${maker} GPU (${vendor.slice(2)}:${readText(join(drm, name, 'device/device')).slice(2)})`];
      }
      // A chip on the processor's own die has no PCI numbers; its driver's name is all there is.
      const driver = /^DRIVER=(.+)$/m.exec(readText(join(drm, name, 'device/uevent')))?.[1];
      return vendor === '' && driver !== undefined && driver !== 'vgem' ? [`GPU (${driver})`] : [];
    });
  const lent = existsSync(join(root, 'dev/dxg')) ? ['The graphics card of Windows'] : [];
  const names = [...nvidia, ...others, ...lent];
  return {
    names,
    fingerprint: [...names, readText(join(root, 'proc/driver/nvidia/version')), ...drivers(root)].join('; '),
  };
}

/** Vulkan's drivers, with their times: an update replaces the file. */
function drivers(root: string): readonly string[] {
  const installed = ['usr/share/vulkan/icd.d', 'usr/local/share/vulkan/icd.d', 'etc/vulkan/icd.d'].flatMap((folder) =>
    listFolder(join(root, folder)).map((name) => {
      const path = join(root, folder, name);
      return `${name} ${Math.round(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)}`;
    }),
  );
  const named = [process.env['VK_DRIVER_FILES'], process.env['VK_ICD_FILENAMES']];
  return [...installed, ...named.flatMap((value) => (value === undefined ? [] : [value]))];
}

/** The registry's class of display adapters. Asking it takes 50 ms; asking PowerShell, seconds. */
const displayClass = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}';

function queryRegistry(): Promise<string> {
  return new Promise((resolve) => {
    const options = { timeout: 5000, windowsHide: true };
    // A subkey that may not be read makes it fail, after it has said all the rest.
    execFile('reg', ['query', displayClass, '/s', '/f', 'Driver', '/v'], options, (_, stdout) => resolve(stdout));
  });
}

/** Reads `reg query`'s lines: `DriverDesc REG_SZ name` and `DriverVersion REG_SZ version`. */
export function parseWindowsCards(output: string): GraphicsCards {
  const values = (name: string): readonly string[] =>
    [...output.matchAll(new RegExp(`^\\s*${name}\\s+REG_SZ\\s+(.+?)\\s*$`, 'gm'))].map((match) => match[1] ?? '');
  const isReal = (name: string): boolean =>
    !/^Microsoft |Virtual|Remote|VMware|Parsec|DameWare|Citrix|Mirror/i.test(name);
  const names = [...new Set(values('DriverDesc').filter(isReal))];
  return { names, fingerprint: [...names, ...values('DriverVersion')].join('; ') };
}
