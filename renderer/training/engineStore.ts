import { create } from 'zustand';
import type { EngineReport } from '../../shared/host/api';
import type { EngineId } from '../../shared/training/config';
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

/** The engine that the next run will use: the chosen one, or the one that 'auto' picks; null when none can run or nothing is known yet. */
export function nextEngine(state: EngineState): EngineReport | null {
  const { choice, reports } = state;
  if (reports === null) return null;
  const wanted =
    choice === 'auto' ? reports.find((report) => report.chosen) : reports.find((report) => report.id === choice);
  return wanted?.available === true ? wanted : (reports.find((report) => report.available) ?? null);
}
