import { create } from 'zustand';
import type { HeadKind } from '../../shared/transforms/findHead';
import type { NetworkDocument } from '../../shared/schema/document';
import type { TrainingConfig } from '../../shared/schema/training';
import { isRunActive } from '../../shared/training/runState';
import { startRun, useRun } from '../store';

type HeadRace = {
  /** Which head is being trained now. */
  readonly current: HeadKind | null;
  /** Validation accuracy (or mean IoU) that each head ended with. */
  readonly results: Readonly<Partial<Record<HeadKind, number>>>;
};

/** Training all heads of a network one after the other, with the same settings and seed. */
export const useHeadRace = create<HeadRace>(() => ({ current: null, results: {} }));

/** Resolves when the run that is now at work has ended. */
function runEnded(): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = useRun.subscribe((run) => {
      if (isRunActive(run)) return;
      unsubscribe();
      resolve();
    });
  });
}

/** Trains each variant in turn. Stopping one stops the rest; a result is kept only of a run that completed. */
export async function trainHeads(
  variants: readonly { readonly kind: HeadKind; readonly document: NetworkDocument }[],
  config: TrainingConfig,
): Promise<void> {
  useHeadRace.setState({ results: {} });
  for (const { kind, document } of variants) {
    useHeadRace.setState({ current: kind });
    await startRun(config, document);
    if (isRunActive(useRun.getState())) await runEnded();
    const run = useRun.getState();
    if (run.phase !== 'finished' || run.reason !== 'completed') break;
    const last = run.epochs.at(-1);
    const score = last?.valMeanIou ?? last?.valAccuracy ?? null;
    if (score !== null) useHeadRace.setState((state) => ({ results: { ...state.results, [kind]: score } }));
  }
  useHeadRace.setState({ current: null });
}
