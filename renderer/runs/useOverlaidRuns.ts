import { useEffect, useMemo } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { useRun } from '../session';
import { useRequest } from '../store/useRequest';
import { useChosenRuns } from './chosenRuns';

/** The chosen runs that are to be drawn beside the shown one, as they are on disk. */
export function useOverlaidRuns(shownId: string | null): readonly RunSummary[] {
  const ids = useChosenRuns((state) => state.ids);
  const { value, reload } = useRequest('run.list', ids.length === 0 ? null : {});
  const phase = useRun((run) => run.phase);
  useEffect(() => reload(), [phase, reload]);
  return useMemo(
    () =>
      ids.flatMap((id) => {
        const run = id === shownId ? undefined : value?.find((one) => one.id === id);
        return run === undefined ? [] : [run];
      }),
    [ids, shownId, value],
  );
}
