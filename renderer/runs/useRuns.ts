import { useEffect, useMemo, useRef, useState } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { useReadyHost } from '../store';
import { useRequest, type Answer } from '../store/useRequest';
import { gatherMovedRuns } from './movedRuns';

/** Newer words of some runs laid over a list of all of them; runs that are new to it come first, as the newest do. */
function withNewer(list: readonly RunSummary[], newer: readonly RunSummary[]): readonly RunSummary[] {
  const byId = new Map(newer.map((run) => [run.id, run]));
  const known = list.map((run) => {
    const found = byId.get(run.id);
    byId.delete(run.id);
    return found ?? run;
  });
  return [...byId.values(), ...known];
}

/**
 * All runs, the newest first, whoever trains them. Of one that begins, comes further or ends, its own words alone are asked for again: a
 * list of thousands is megabytes.
 */
export function useRuns(): Answer<readonly RunSummary[]> {
  const answer = useRequest('run.list', {});
  const host = useReadyHost();
  const { value } = answer;
  const [newer, setNewer] = useState<{ readonly of: typeof value; readonly runs: readonly RunSummary[] }>({
    of: null,
    runs: [],
  });
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  useEffect(() => {
    if (host === null) return undefined;
    return gatherMovedRuns(host, (ids) => {
      const of = latest.current;
      void host.request('run.list', { ids }).then((result) => {
        if (!result.ok) return;
        setNewer((last) => ({ of, runs: last.of === of ? withNewer(last.runs, result.value) : result.value }));
      });
    });
  }, [host]);
  const runs = useMemo(
    () => (value === null || newer.of !== value ? value : withNewer(value, newer.runs)),
    [value, newer],
  );
  return { ...answer, value: runs };
}
