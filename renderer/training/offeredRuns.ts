import { useEffect } from 'react';
import { fill, useText } from '../i18n';
import { useRun } from '../session';
import { useRequest } from '../store/useRequest';
import { formatWhen } from '../ui/when';

/** Runs that are offered at once. */
const mostOffered = 20;

/** Runs with weights, the newest first, with what they are called in a list, and the one that is chosen whatever its age. */
export function useOfferedRuns(chosen: string | null): readonly { readonly id: string; readonly label: string }[] {
  const { t, language } = useText('training');
  const { value, reload } = useRequest('run.list', {});
  const phase = useRun((run) => run.phase);
  useEffect(() => reload(), [phase, reload]);
  return (value ?? [])
    .filter(({ lastEpoch, state }) => lastEpoch !== null && state !== 'running')
    .filter(({ id }, index) => index < mostOffered || id === chosen)
    .map(({ id, name, startedAt }) => ({
      id,
      label: fill(t.startFromRun, { name: name === '' ? id : name, when: formatWhen(startedAt, language) }),
    }));
}
