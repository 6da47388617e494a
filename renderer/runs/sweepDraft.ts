import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { EarlyStopRule } from '../../shared/schema/sweeps';
import { suggestValues, varyTargets } from '../../shared/transforms/vary';
import { rootOf, sessionPart, useSession, type Session } from '../session';
import { useEngines } from '../training/engineStore';
import { trainingConfig } from '../training/useTrainingConfig';
import { showSweep } from './chosenRuns';

/** A sweep of the open network that is being put together. */
export type SweepDraft = {
  readonly rows: readonly { readonly target: string; readonly values: string }[];
  readonly isRandom: boolean;
  readonly count: number;
  readonly earlyStop: EarlyStopRule;
};

const draftOf = sessionPart(() =>
  createStore<SweepDraft>(() => ({ rows: [], isRandom: false, count: 10, earlyStop: 'median' })),
);

/** The sweep that is being put together for this component's network, and what changes it. */
export function useSweepDraft(): readonly [SweepDraft, (change: Partial<SweepDraft>) => void] {
  const store = draftOf(rootOf(useSession()));
  return [useStore(store), (change) => store.setState(change)];
}

/** All that can be varied in a session's network, with its settings as the next run has them. */
export function targetsOf(session: Session) {
  const { document } = rootOf(session).project.getState();
  return varyTargets(document, trainingConfig(document, useEngines.getState().choice));
}

/** Adds a number to the sweep, with values around what it is now, and shows the sweep. */
export function varyInSweep(session: Session, target: string): void {
  const found = targetsOf(session).find(({ name }) => name === target);
  if (found !== undefined) {
    draftOf(rootOf(session)).setState(({ rows }) => ({
      rows: rows.some((row) => row.target === target) ? rows : [...rows, { target, values: suggestValues(found) }],
    }));
  }
  showSweep();
}
