import { join } from 'node:path';
import { packagePath } from './installed';
import type { InstalledTensorflow, TensorflowVariant } from './installed';
import { findCudaLibraries, findNvidiaCard, oldestDriver, readDriverVersion } from './cuda';
import { text } from '../../../shared/text';
import type { Text } from '../../../shared/text';
import type { PassedOver } from '../engine';

/** What decides whether TensorFlow could train on an NVIDIA card. */
export type CudaFacts = {
  readonly variant: TensorflowVariant;
  /** The card's name; undefined where there is none. */
  readonly card: string | undefined;
  /** The version of the loaded driver. */
  readonly driver: string | undefined;
  /** CUDA's libraries that the build does not find. */
  readonly missing: readonly string[];
  /** The variable CUDA_VISIBLE_DEVICES. */
  readonly visible: string | undefined;
  /** As in `linux x64`: TensorFlow's CUDA build is for that one. */
  readonly platform: string;
};

const setupGpu = 'convloom setup tensorflow --gpu';

/** Reads the facts of this machine for a build. Cheap: it loads nothing. */
export function readCudaFacts(build: Pick<InstalledTensorflow, 'dir' | 'manifest'>): CudaFacts {
  const listed = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '');
  const { variant } = build.manifest;
  return {
    variant,
    card: findNvidiaCard(),
    driver: readDriverVersion(),
    missing:
      variant === 'gpu' ? findCudaLibraries([join(build.dir, packagePath, 'deps', 'lib'), ...listed]).missing : [],
    visible: process.env['CUDA_VISIBLE_DEVICES'],
    platform: `${process.platform} ${process.arch}`,
  };
}

/** Why TensorFlow trains on the CPU although there is an NVIDIA card, or a build for one; undefined where neither is there. */
export function explainCpu(facts: CudaFacts): PassedOver | undefined {
  const { variant, card } = facts;
  if (variant === 'cpu' && card === undefined) return undefined;
  const device = card ?? 'NVIDIA GPU';
  return { device, ...(variant === 'cpu' ? explainCpuBuild(facts, device) : explainCudaBuild(facts)) };
}

type Explanation = { readonly why: Text; readonly mend: Text | null };

function explainCpuBuild({ driver, platform }: CudaFacts, card: string): Explanation {
  if (platform !== 'linux x64') {
    return {
      why: text(`TensorFlow has no CUDA build for ${platform}.`, `TensorFlow 没有适用于 ${platform} 的 CUDA 版本。`),
      mend: null,
    };
  }
  const why = text(
    `TensorFlow was set up without CUDA, so it does not use ${card}.`,
    `安装的 TensorFlow 不含 CUDA，因此不使用 ${card}。`,
  );
  if (isDriverReady(driver)) return { why, mend: text(`Run ${setupGpu}.`, `请运行 ${setupGpu}。`) };
  return {
    why,
    mend: text(
      `Install an NVIDIA driver of at least ${oldestDriver}, restart, and run ${setupGpu}.`,
      `安装 ${oldestDriver} 或更新的 NVIDIA 驱动并重启，然后运行 ${setupGpu}。`,
    ),
  };
}

function isDriverReady(driver: string | undefined): boolean {
  return driver !== undefined && Number.parseInt(driver, 10) >= oldestDriver;
}

/** The first piece that is not as the CUDA build needs it, from the card up. */
function explainCudaBuild({ card, driver, missing, visible }: CudaFacts): Explanation {
  if (card === undefined) {
    return {
      why: text(
        'TensorFlow was set up with CUDA, but no NVIDIA card was found.',
        '安装的 TensorFlow 含 CUDA，但没有找到 NVIDIA 显卡。',
      ),
      mend: null,
    };
  }
  if (!isDriverReady(driver)) {
    return {
      why:
        driver === undefined
          ? text(`The driver of ${card} is not loaded.`, `${card} 的驱动没有加载。`)
          : text(
              `The driver of ${card} is ${driver}, and CUDA 12 needs at least ${oldestDriver}.`,
              `${card} 的驱动版本为 ${driver}，而 CUDA 12 至少需要 ${oldestDriver}。`,
            ),
      mend: text(
        `Install an NVIDIA driver of at least ${oldestDriver} and restart.`,
        `安装 ${oldestDriver} 或更新的 NVIDIA 驱动并重启。`,
      ),
    };
  }
  if (missing.length > 0) {
    const names = missing.join(', ');
    return {
      why: text(`TensorFlow does not find ${names}.`, `TensorFlow 找不到 ${names}。`),
      mend: text(
        `Install CUDA 12 and cuDNN 9, then run ${setupGpu} --force.`,
        `安装 CUDA 12 与 cuDNN 9，然后运行 ${setupGpu} --force。`,
      ),
    };
  }
  if (visible !== undefined) {
    return {
      why: text(
        `TensorFlow sees no card while CUDA_VISIBLE_DEVICES is "${visible}".`,
        `CUDA_VISIBLE_DEVICES 为 "${visible}"，TensorFlow 看不到显卡。`,
      ),
      mend: text('Unset CUDA_VISIBLE_DEVICES.', '取消设置 CUDA_VISIBLE_DEVICES。'),
    };
  }
  return {
    why: text(
      `Card, driver and libraries are there, but TensorFlow cannot use ${card}.`,
      `显卡、驱动和库都在，但 TensorFlow 无法使用 ${card}。`,
    ),
    mend: text(
      'Run convloom engines with TF_CPP_MIN_LOG_LEVEL=0 to read its reason.',
      '设置 TF_CPP_MIN_LOG_LEVEL=0 后运行 convloom engines，查看它给出的原因。',
    ),
  };
}
