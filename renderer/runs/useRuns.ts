import { useEffect, useMemo, useRef, useState } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import { useReadyHost } from '../store';
import { useRequest, type Answer } from '../store/useRequest';

/** Epochs of fast runs come many a second; the table follows at this pace. */
const pauseMs = 400;

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
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moved = new Set<string>();
    const askForMoved = (): void => {
      const of = latest.current;
      const ids = [...moved].slice(0, limits.listedRuns);
      for (const id of ids) moved.delete(id);
      timer = moved.size === 0 ? undefined : setTimeout(askForMoved, pauseMs);
      void host.request('run.list', { ids }).then((result) => {
        if (!result.ok) return;
        setNewer((last) => ({ of, runs: last.of === of ? withNewer(last.runs, result.value) : result.value }));
      });
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
  }, [host]);
  const runs = useMemo(
    () => (value === null || newer.of !== value ? value : withNewer(value, newer.runs)),
    [value, newer],
  );
  return { ...answer, value: runs };
}
