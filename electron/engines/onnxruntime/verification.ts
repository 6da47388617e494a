import { createHash } from 'node:crypto';
import type { TrainingProgram } from '../../../shared/compile/compile';
import { diagnosticMessage } from '../../../shared/diagnostics/diagnostic';
import { errorText } from '../../../shared/text';
import type { EngineSession } from '../engine';
import {
  largestDifference,
  medianStepMs,
  onlyTraining,
  startTraining,
  trainedNumbers,
  verificationTraining,
} from '../verification';
import { compileProgram } from './compile';
import { loadLibrary } from './library';
import { lowerFunction } from './lower';
import type { Provider } from './onnxGraph';
import { planStorage } from './storage';

/** How training on WebGPU compares with the CPU on this machine. `detail` is in the library's own words, or a number. */
export type Verification =
  | { readonly outcome: 'works'; readonly speedup: number }
  | { readonly outcome: 'slower'; readonly speedup: number }
  | { readonly outcome: 'notCarried' }
  | { readonly outcome: 'noAdapter' | 'failed' | 'differs'; readonly detail: string };

/** Tells graphs for WebGPU apart: another way of lowering wants another check. */
export function graphDigest(): string {
  const program = onlyTraining(verificationTraining('small'));
  const storage = planStorage(program);
  const hash = createHash('sha256');
  for (const definition of Object.values(program.functions)) {
    hash.update(lowerFunction(definition, storage, 'webgpu').model);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Opens a session on one of the providers, does something with it, and closes it. */
async function withSession<Result>(
  training: TrainingProgram,
  provider: Provider,
  work: (session: EngineSession, training: TrainingProgram) => Promise<Result>,
): Promise<Result> {
  const compiled = await compileProgram(onlyTraining(training), provider);
  if (!compiled.ok) {
    throw new Error(compiled.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic)).join(' '));
  }
  try {
    await startTraining(compiled.value, training);
    return await work(compiled.value, training);
  } finally {
    await compiled.value.dispose();
  }
}

const tolerance = 1e-4;

/** A card that is hardly faster is not worth what can go wrong with a driver; software adapters are several times slower. */
const leastSpeedup = 1.2;

/** What ONNX Runtime means to say, without the place in its source and the condition that it puts before. */
function ownWords(message: string): string {
  const words = /was false\.\s*(.+)/s.exec(message)?.[1] ?? message;
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

/**
 * Trains on WebGPU and on the CPU: first whether both come to the same numbers, then which is faster. A bad graphics driver may end
 * or hang the process, so this runs in one of its own, with a limit on its time.
 */
export async function verifyWebgpu(): Promise<Verification> {
  const library = await loadLibrary();
  if (!library.listSupportedBackends().some(({ name, bundled }) => name === 'webgpu' && bundled)) {
    return { outcome: 'notCarried' };
  }
  try {
    const small = verificationTraining('small');
    const onCard = await withSession(small, 'webgpu', trainedNumbers);
    const worst = largestDifference(await withSession(small, 'cpu', trainedNumbers), onCard);
    if (!(worst < tolerance)) return { outcome: 'differs', detail: worst.toPrecision(2) };
    const middle = verificationTraining('middle');
    const cpuMs = await withSession(middle, 'cpu', medianStepMs);
    const speedup = cpuMs / (await withSession(middle, 'webgpu', medianStepMs));
    return { outcome: speedup >= leastSpeedup ? 'works' : 'slower', speedup };
  } catch (error) {
    const detail = ownWords(errorText(error));
    return { outcome: /adapter/i.test(detail) ? 'noAdapter' : 'failed', detail };
  }
}
