import { setupNoCudaBuild, setupUnsupported } from '../../shared/diagnostics/catalog/setup';
import type { TensorflowVariant } from '../engines/tensorflow/installed';
import { SetupFailure } from './failure';

/** The release that a wheel is fetched of; the addon was built and run against it. */
export const wheelVersion = '2.21.0';

/** The last release whose C library was published as an archive of its own. */
export const cLibraryVersion = '2.18.0';

/** What differs between the platforms that TensorFlow publishes for. */
export type PlatformFiles = {
  /** Name of the package on PyPI. */
  readonly wheelPackage: string;
  /** Part of a wheel's file name that fits this machine. */
  readonly wheelTag: RegExp;
  /** Name of the C library's archive. */
  readonly archive: string;
  /** Libraries inside a wheel, under their own names; the first is the main one. */
  readonly wheelLibraries: readonly [string, string];
  /** Names that the package's loader and linker look for. */
  readonly linkNames: readonly [string, string];
};

const elf = {
  wheelLibraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  linkNames: ['libtensorflow.so', 'libtensorflow_framework.so'],
} as const;

const machO = {
  wheelLibraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  linkNames: ['libtensorflow.2.dylib', 'libtensorflow_framework.2.dylib'],
} as const;

/** The files for this machine. Throws a {@link SetupFailure} where there are none. */
export function platformFiles(
  variant: TensorflowVariant,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): PlatformFiles {
  const key = `${platform} ${arch}`;
  if (variant === 'gpu') {
    if (key !== 'linux x64') throw new SetupFailure(setupNoCudaBuild(platform, arch));
    const archive = `libtensorflow-gpu-linux-x86_64.tar.gz`;
    return { ...elf, wheelPackage: 'tensorflow', wheelTag: /manylinux.*_x86_64\.whl$/, archive };
  }
  switch (key) {
    case 'linux x64':
      return {
        ...elf,
        wheelPackage: 'tensorflow-cpu',
        wheelTag: /manylinux.*_x86_64\.whl$/,
        archive: 'libtensorflow-cpu-linux-x86_64.tar.gz',
      };
    case 'linux arm64':
      return {
        ...elf,
        wheelPackage: 'tensorflow',
        wheelTag: /manylinux.*_aarch64\.whl$/,
        archive: 'libtensorflow-cpu-linux-arm64.tar.gz',
      };
    case 'darwin arm64':
      return {
        ...machO,
        wheelPackage: 'tensorflow',
        wheelTag: /macosx.*_arm64\.whl$/,
        archive: 'libtensorflow-cpu-darwin-arm64.tar.gz',
      };
    default:
      throw new SetupFailure(setupUnsupported(platform, arch));
  }
}
