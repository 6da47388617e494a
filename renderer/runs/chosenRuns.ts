import { create } from 'zustand';
import { showDockTab } from '../store';

/** The runs of the window that are looked at together, in the order in which they were chosen. */
export const useChosenRuns = create<{ readonly ids: readonly string[] }>(() => ({ ids: [] }));

/** What the pane beside the table shows. */
export type RunsView = 'curves' | 'settings' | 'tradeoff' | 'sweep' | 'race';

export const useRunsView = create<{ readonly view: RunsView }>(() => ({ view: 'curves' }));

export function showRunsView(view: RunsView): void {
  useRunsView.setState({ view });
}

/** Shows the sweep that is being put together. */
export function showSweep(): void {
  showRunsView('sweep');
  showDockTab('runs');
}

/** Shows the race of descents. */
export function showRace(): void {
  showRunsView('race');
  showDockTab('runs');
}

/** Sets a run beside the others, or takes it away. */
export function toggleRun(id: string): void {
  useChosenRuns.setState(({ ids }) => ({ ids: ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id] }));
}

/** Takes a run away from those that are chosen. */
export function leaveOutRun(id: string): void {
  useChosenRuns.setState(({ ids }) => ({ ids: ids.filter((one) => one !== id) }));
}

export function chooseRuns(ids: readonly string[]): void {
  useChosenRuns.setState({ ids });
}
