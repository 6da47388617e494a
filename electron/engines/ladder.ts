import { engineFasterWithinReach, engineUnavailable } from '../../shared/diagnostics/catalog/engine';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { errorText, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { engineLabel, type EngineId } from '../../shared/schema/engines';
import type { Engine, EngineStatus } from './engine';

type Available = Extract<EngineStatus, { available: true }>;

/** A faster engine that was passed over, and why. */
export type SkippedEngine = { readonly id: EngineId; readonly why: Text; readonly mend: Text | null };

export type EngineChoice = {
  readonly engine: Engine;
  readonly status: Available;
  /** The engines above the chosen one that cannot run here; empty when a preference was given. */
  readonly skipped: readonly SkippedEngine[];
};

/** What the user should hear before a run: a faster engine, or a faster device of this one, that a single step would bring. */
export function fasterWithinReach({ engine, status, skipped }: EngineChoice): Diagnostic | null {
  for (const { id, why, mend } of skipped) {
    if (mend !== null) return engineFasterWithinReach(engineLabel(id), why, mend);
  }
  const { passedOver } = status;
  if (passedOver === undefined || passedOver.mend === null) return null;
  return engineFasterWithinReach(`${engineLabel(engine.id)} (${passedOver.device})`, passedOver.why, passedOver.mend);
}

/** `probe` never throws by contract; a fault in one engine must still not take the others with it. */
async function probeSafely(engine: Engine): Promise<EngineStatus> {
  try {
    return await engine.probe();
  } catch (error) {
    const reason = errorText(error);
    return { available: false, why: text(`Looking for it failed: ${reason}`, `查找时出错：${reason}`), mend: null };
  }
}

/**
 * Picks an engine from a ladder that is ordered from the fastest down: the first that can run, or exactly the one asked for, never
 * another one silently in its place.
 */
export async function chooseFrom(
  ladder: readonly Engine[],
  preference: EngineId | 'auto',
): Promise<Result<EngineChoice>> {
  const skipped: SkippedEngine[] = [];
  for (const engine of ladder) {
    if (preference !== 'auto' && engine.id !== preference) continue;
    const status = await probeSafely(engine);
    if (status.available) return success({ engine, status, skipped });
    skipped.push({ id: engine.id, why: status.why, mend: status.mend });
  }
  if (skipped.length > 0) {
    return failure(...skipped.map(({ id, why, mend }) => engineUnavailable(engineLabel(id), why, mend)));
  }
  return failure(
    engineUnavailable(
      preference === 'auto' ? 'training' : engineLabel(preference),
      text('This build of Convloom does not contain it.', '此版本的 Convloom 不包含它。'),
      null,
    ),
  );
}
