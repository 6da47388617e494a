import { remember, useUi } from '../store/ui';

const key = 'canvas.view';

/** Whether the network is shown as volumes rather than on the canvas; remembered over restarts. */
export function useShowsVolumes(): boolean {
  return useUi((state) => state.layout[key] === 'volumes');
}

/** Shows the network as volumes, or on the canvas. */
export function showVolumes(isWanted: boolean): void {
  remember(key, isWanted ? 'volumes' : 'graph');
}

/** Goes from one view to the other. */
export function toggleVolumes(): void {
  showVolumes(useUi.getState().layout[key] !== 'volumes');
}
