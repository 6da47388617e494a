import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import type { EngineId } from '../../shared/schema/training';
import { findInstalled, isInstalled } from '../engines/tensorflow/installed';
import { askedProvider } from '../engines/onnxruntime/device';
import { readGraphicsCards } from '../engines/onnxruntime/graphicsCards';
import type { GraphicsCards } from '../engines/onnxruntime/graphicsCards';
import { isWorthAnotherTry, readVerdict, verdictFile, verdictKey, verdictPath } from '../engines/onnxruntime/verdict';
import type { Verdict } from '../engines/onnxruntime/verdict';
import { createAnswerer } from './answerer';
import { writeFileAtomically } from '../files/atomicFile';
import type { ForkTrainer } from './trainerProcess';

export type WebgpuCheckOptions = {
  readonly limitMs?: number;
  readonly readCards?: () => Promise<GraphicsCards>;
  /** Where the verdict is kept. */
  readonly path?: string;
};

/** Sees to it that there is a verdict on WebGPU; `again` tries once more what failed before. */
export type WebgpuCheck = (request: { readonly again: boolean }) => Promise<void>;

/** Whether a run would ask for the verdict: TensorFlow, where it is set up, comes first. */
export function mayUseWebgpu(engine: EngineId | 'auto'): boolean {
  return engine === 'onnxruntime' || (engine === 'auto' && !isInstalled(findInstalled()));
}

/**
 * Has WebGPU tried once per machine, driver and version, in a process of its own, and keeps what came of it: some seconds on a
 * machine with a graphics card, nothing on one without.
 */
export function createWebgpuCheck(
  forkTrainer: ForkTrainer,
  { limitMs = 60_000, readCards = readGraphicsCards, path = verdictPath() }: WebgpuCheckOptions = {},
): WebgpuCheck {
  let underWay: Promise<void> | null = null;
  const check = async (again: boolean): Promise<void> => {
    if (askedProvider(process.env) !== null) return;
    const cards = await readCards();
    if (cards.names.length === 0) return;
    const key = verdictKey(cards);
    const known = readVerdict(key, path);
    if (known !== null && !(again && isWorthAnotherTry(known))) return;
    const verdict = await tryWebgpu(forkTrainer, limitMs);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomically(path, verdictFile(key, verdict));
    } catch {
      // Without a verdict the CPU is taken, and the next question asks again.
    }
  };
  return async ({ again }) => {
    underWay ??= check(again).finally(() => (underWay = null));
    await underWay;
  };
}

async function tryWebgpu(forkTrainer: ForkTrainer, limitMs: number): Promise<Verdict> {
  const answerer = createAnswerer(forkTrainer);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limitMs);
  });
  const answer = await Promise.race([answerer.ask('webgpu', {}), late]);
  clearTimeout(timer);
  answerer.dispose();
  if (answer === null) return { outcome: 'hung', detail: String(Math.round(limitMs / 1000)) };
  if (answer.ok) return answer.value;
  return {
    outcome: 'crashed',
    detail: answer.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic)).join(' '),
  };
}
