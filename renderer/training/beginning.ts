import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { structureDigest } from '../../shared/document/digest';
import type { ModelRef } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import type { TrainingConfig } from '../../shared/schema/training';
import { isRunActive } from '../../shared/training/runState';
import { seedGroup, seedOf } from '../../shared/training/seedSeries';
import { runEnded, sessionPart, useSession, type Session } from '../session';

/** How the next training begins: it says nothing of the network, and so is kept with the session alone. */
type Beginning = {
  /** Null: by the seed. */
  readonly from: ModelRef | null;
  /** How many seeds are trained in turn. */
  readonly seeds: number;
  /** Which of a series is at work, counted from 1; null where there is none. */
  readonly under: { readonly place: number; readonly count: number } | null;
};

export const beginningOf = sessionPart(() => createStore<Beginning>(() => ({ from: null, seeds: 1, under: null })));

/** How this session's next training begins. */
export function useBeginning(): Beginning {
  return useStore(beginningOf(useSession()));
}

/** Trains a network as it is to begin: once, or from several seeds in turn. A run that fails or is stopped ends the series. */
export async function beginTraining(
  session: Session,
  config: TrainingConfig,
  document: NetworkDocument,
): Promise<void> {
  const store = beginningOf(session);
  const { from, seeds } = store.getState();
  const start = from === null ? {} : { from };
  if (seeds === 1) {
    await session.run.start(config, document, start);
    return;
  }
  const group = seedGroup(Date.now());
  const network = structureDigest(document);
  for (let index = 0; index < seeds; index += 1) {
    const { seed, label } = seedOf(config.seed, index);
    store.setState({ under: { place: index + 1, count: seeds } });
    await session.run.start({ ...config, seed }, document, { ...start, variant: { group, label, head: '', network } });
    if (isRunActive(session.run.getState())) await runEnded(session.run);
    const run = session.run.getState();
    if (run.phase !== 'finished' || run.reason !== 'completed') break;
  }
  store.setState({ under: null });
}
