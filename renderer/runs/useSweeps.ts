import { useEffect, useMemo, useState } from 'react';
import type { Sweep } from '../../shared/training/sweep';
import { useReadyHost } from '../store';
import { useRequest } from '../store/useRequest';

/** All sweeps, newest first, each as far as it is now. */
export function useSweeps(): { readonly sweeps: readonly Sweep[]; readonly reload: () => void } {
  const { value, reload } = useRequest('sweep.list', {});
  const host = useReadyHost();
  const [changed, setChanged] = useState<ReadonlyMap<string, Sweep>>(new Map());
  useEffect(() => {
    if (host === null) return undefined;
    return host.on('sweep.changed', ({ sweep }) => setChanged((before) => new Map(before).set(sweep.id, sweep)));
  }, [host]);
  const sweeps = useMemo(() => {
    const known = value ?? [];
    const news = [...changed.values()].filter(({ id }) => !known.some((one) => one.id === id));
    return [...news.toReversed(), ...known.map((one) => changed.get(one.id) ?? one)];
  }, [value, changed]);
  const forgetAndReload = (): void => {
    setChanged(new Map());
    reload();
  };
  return { sweeps, reload: forgetAndReload };
}
