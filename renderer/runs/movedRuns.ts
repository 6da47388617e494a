import type { HostApi } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';

/** Epochs of fast runs come many a second; lists of runs follow at this pace. */
const pauseMs = 400;

/**
 * Calls back with the ids of runs that began, came further or ended, each once in a pause and never more than can be asked for at once:
 * what is beyond that waits for the next pause. Gives what ends it.
 */
export function gatherMovedRuns(host: Pick<HostApi, 'on'>, ask: (ids: readonly string[]) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const moved = new Set<string>();
  const askForMoved = (): void => {
    const ids = [...moved].slice(0, limits.listedRuns);
    for (const id of ids) moved.delete(id);
    timer = moved.size === 0 ? undefined : setTimeout(askForMoved, pauseMs);
    ask(ids);
  };
  const leave = host.on('run.event', ({ runId, event }) => {
    if (event.type === 'step' || event.type === 'warning') return;
    moved.add(runId);
    timer ??= setTimeout(askForMoved, pauseMs);
  });
  return () => {
    clearTimeout(timer);
    leave();
  };
}
