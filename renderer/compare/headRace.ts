import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { HeadKind } from '../../shared/transforms/findHead';
import type { NetworkDocument } from '../../shared/schema/document';
import type { TrainingConfig } from '../../shared/schema/training';
import { isRunActive } from '../../shared/training/runState';
import type { RunView, Session } from '../session';
import { sessionPart, useSession } from '../session';

type HeadRace = {
  /** Which head is being trained now. */
  readonly current: HeadKind | null;
  /** Validation accuracy (or mean IoU) that each head ended with. */
  readonly results: Readonly<Partial<Record<HeadKind, number>>>;
};

/** Training all heads of a session's network one after the other, with the same settings and seed. */
export const headRaceOf = sessionPart(() => createStore<HeadRace>(() => ({ current: null, results: {} })));

/** The head race of this component's session. */
export function useHeadRace(): HeadRace {
  return useStore(headRaceOf(useSession()));
}

/** Resolves when the run that is now at work has ended. */
function runEnded({ store }: RunView): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = store.subscribe((run) => {
      if (isRunActive(run)) return;
      unsubscribe();
      resolve();
    });
  });
}

/** Trains each variant in turn. Stopping one stops the rest; a result is kept only of a run that completed. */
export async function trainHeads(
  session: Session,
  variants: readonly { readonly kind: HeadKind; readonly document: NetworkDocument }[],
  config: TrainingConfig,
): Promise<void> {
  const { run: view } = session;
  const race = headRaceOf(session);
  race.setState({ results: {} });
  for (const { kind, document } of variants) {
    race.setState({ current: kind });
    await view.start(config, document);
    if (isRunActive(view.getState())) await runEnded(view);
    const run = view.getState();
    if (run.phase !== 'finished' || run.reason !== 'completed') break;
    const last = run.epochs.at(-1);
    const score = last?.valMeanIou ?? last?.valAccuracy ?? null;
    if (score !== null) race.setState((state) => ({ results: { ...state.results, [kind]: score } }));
  }
  race.setState({ current: null });
}
