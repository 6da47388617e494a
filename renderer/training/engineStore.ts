import { create } from 'zustand';
import type { EngineReport } from '../../shared/host/api';
import type { EngineId } from '../../shared/schema/training';
import { currentHost } from '../store';

type EngineState = {
  /** The user's choice, kept in the settings: it belongs to the machine and not to a network. */
  readonly choice: EngineId | 'auto';
  /** Best first; null until the host has looked. */
  readonly reports: readonly EngineReport[] | null;
};

/** What can train here, and what the user wants. */
export const useEngines = create<EngineState>(() => ({ choice: 'auto', reports: null }));

/** Asks the host for the ladder and for the kept choice. */
export async function loadEngines(): Promise<void> {
  const host = currentHost();
  if (host === null) return;
  const [reports, settings] = await Promise.all([host.request('engines.list', {}), host.request('settings.get', {})]);
  useEngines.setState((state) => ({
    reports: reports.ok ? reports.value : state.reports,
    choice: settings.ok ? settings.value.engine : state.choice,
  }));
}

/** Chooses the engine of the next run, and keeps the choice. */
export async function chooseEngine(choice: EngineId | 'auto'): Promise<void> {
  useEngines.setState({ choice });
  await currentHost()?.request('settings.set', { engine: choice });
  await loadEngines();
}

/** A faster engine, or a faster device of the next run's engine, that a single step would bring; null where there is none. */
export function fasterWithinReach(state: EngineState): string | null {
  const next = nextEngine(state);
  if (next === null) return null;
  const above = state.choice === 'auto' ? (state.reports ?? []).slice(0, state.reports?.indexOf(next)) : [];
  const engine = above.find((report) => !report.available && report.mend !== undefined);
  if (engine !== undefined) return engine.label;
  const { passedOver } = next;
  return passedOver === undefined || passedOver.mend === null ? null : `${next.label} (${passedOver.device})`;
}

/**
 * The engine that the next run will use: the chosen one, or the one that 'auto' picks; null when none can run or nothing is known yet.
 * A chosen one that cannot run is still the one: a run is refused with the reason, and takes no other silently in its place.
 */
export function nextEngine(state: EngineState): EngineReport | null {
  const { choice, reports } = state;
  if (reports === null) return null;
  return reports.find((report) => (choice === 'auto' ? report.chosen : report.id === choice)) ?? null;
}
