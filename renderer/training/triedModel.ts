import { useMemo } from 'react';
import type { ModelRef } from '../../shared/host/api';
import { useRun, useSession } from '../session';

/** The model that is tried and scored: that of the run that is shown, else the one that was imported. */
export function useTriedModel(): ModelRef | null {
  const { imported } = useSession();
  const runId = useRun((run) => (run.phase === 'finished' ? run.runId : null));
  const path = imported?.path ?? null;
  return useMemo(() => {
    if (runId !== null) return { type: 'run', runId };
    return path === null ? null : { type: 'path', path };
  }, [runId, path]);
}
