import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { text } from '../../../shared/text';
import type { Text } from '../../../shared/text';
import { cacheDir } from '../../files/paths';
import type { Environment } from '../../files/paths';
import type { PassedOver } from '../engine';
import type { GraphicsCards } from './graphicsCards';
import { packageVersion } from './library';
import { graphDigest } from './verification';

const outcomes = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.enum(['works', 'slower']), speedup: z.number().nonnegative() }),
  z.object({ outcome: z.literal('notCarried') }),
  z.object({ outcome: z.enum(['noAdapter', 'failed', 'differs', 'crashed', 'hung']), detail: z.string() }),
]);

/** What a check of WebGPU on this machine came to; `crashed` and `hung` are what its process cannot say itself. */
export type Verdict = z.infer<typeof outcomes>;

const fileSchema = z.object({
  format: z.literal('convloom.webgpu'),
  version: z.literal(1),
  key: z.string(),
  verdict: outcomes,
});

export function verdictPath(environment: Environment = process.env): string {
  return join(cacheDir(environment), 'onnxruntime-webgpu.json');
}

/** All that a verdict depends on; where one of these changes, it is void. */
export function verdictKey({ names, fingerprint }: GraphicsCards): string {
  const machine = [process.platform, process.arch, release()].join(' ');
  return [`onnxruntime-node ${packageVersion()}`, graphDigest(), machine, names.join(', '), fingerprint].join(' | ');
}

/** The kept verdict; null where there is none, it is about other circumstances, or the file cannot be read. */
export function readVerdict(key: string, path: string = verdictPath()): Verdict | null {
  try {
    const kept = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return kept.key === key ? kept.verdict : null;
  } catch {
    return null;
  }
}

/** A verdict as its file has it. */
export function verdictFile(key: string, verdict: Verdict): string {
  return `${JSON.stringify({ format: 'convloom.webgpu', version: 1, key, verdict }, null, 2)}\n`;
}

/** Whether another try may come out otherwise though nothing that can be seen has changed. */
export function isWorthAnotherTry(verdict: Verdict): boolean {
  return !['works', 'slower', 'notCarried'].includes(verdict.outcome);
}

const webgpu = 'WebGPU';

function passedOver(why: Text, mend: Text | null): PassedOver {
  return { device: webgpu, why, mend };
}

export const noCard: PassedOver = passedOver(text('No graphics card was found.', '没有找到显卡。'), null);

/** The user knows how to take back a word of their own: this is no advice. */
export const chosenAgainst: PassedOver = passedOver(
  text('CONVLOOM_ONNXRUNTIME is set to cpu.', '环境变量 CONVLOOM_ONNXRUNTIME 设为 cpu。'),
  null,
);

export function notChecked(card: string): PassedOver {
  return passedOver(
    text(`Whether training works on ${card} has not been checked yet.`, `尚未检查能否在 ${card} 上训练。`),
    text('Run convloom engines, which checks it.', '运行 convloom engines 进行检查。'),
  );
}

const newDriver = text(
  'Install the newest graphics driver, then run convloom engines.',
  '安装最新的显卡驱动，然后运行 convloom engines。',
);

/** Why a verdict speaks against the card, and what may change that; null where it speaks for it. */
export function explainVerdict(verdict: Verdict, card: string, platform: NodeJS.Platform): PassedOver | null {
  switch (verdict.outcome) {
    case 'works':
      return null;
    case 'slower': {
      const times = verdict.speedup.toPrecision(2);
      return passedOver(
        text(
          `On ${card} a training step runs at ${times} times the speed of the CPU, which is not enough to change.`,
          `在 ${card} 上，训练一步的速度是 CPU 的 ${times} 倍，不值得切换。`,
        ),
        null,
      );
    }
    case 'notCarried':
      return passedOver(
        text('onnxruntime-node carries no WebGPU for this platform.', 'onnxruntime-node 在此平台上不含 WebGPU。'),
        null,
      );
    case 'noAdapter':
      return passedOver(
        text(`The driver offers no WebGPU adapter for ${card}.`, `驱动没有为 ${card} 提供 WebGPU 适配器。`),
        platform === 'linux'
          ? text(
              "Install the card's Vulkan driver (mesa-vulkan-drivers, or the maker's own), then run convloom engines.",
              '安装显卡的 Vulkan 驱动（mesa-vulkan-drivers 或厂商驱动），然后运行 convloom engines。',
            )
          : newDriver,
      );
    case 'failed':
      return passedOver(
        text(`Training on ${card} failed: ${verdict.detail}`, `在 ${card} 上训练失败：${verdict.detail}`),
        newDriver,
      );
    case 'differs':
      return passedOver(
        text(
          `On ${card} training comes to other numbers than on the CPU, by ${verdict.detail}.`,
          `在 ${card} 上训练得到的数值与 CPU 不同，相差 ${verdict.detail}。`,
        ),
        newDriver,
      );
    case 'crashed':
      return passedOver(
        text(
          `A trial on ${card} ended its process: ${verdict.detail}`,
          `在 ${card} 上的试运行使进程终止：${verdict.detail}`,
        ),
        newDriver,
      );
    case 'hung':
      return passedOver(
        text(
          `A trial on ${card} was not done after ${verdict.detail} seconds.`,
          `在 ${card} 上的试运行 ${verdict.detail} 秒后仍未完成。`,
        ),
        newDriver,
      );
  }
}
