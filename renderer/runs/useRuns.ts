import { useEffect } from 'react';
import type { RunSummary } from '../../shared/host/api';
import { useReadyHost } from '../store';
import { useRequest, type Answer } from '../store/useRequest';

/** Epochs of fast runs come many a second; the table follows at this pace. */
const pauseMs = 400;

/** All runs, read again when one of them begins, comes further or ends, whoever trains it. */
export function useRuns(): Answer<readonly RunSummary[]> {
  const answer = useRequest('run.list', {});
  const host = useReadyHost();
  const { reload } = answer;
  useEffect(() => {
    if (host === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = host.on('run.event', ({ event }) => {
      if (event.type === 'step' || event.type === 'warning') return;
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, pauseMs);
    });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [host, reload]);
  return answer;
}
