import { useCallback, useEffect, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { HostRequests, RequestName } from '../../shared/host/api';
import { useReadyHost } from './host';

/** Where a question to the host stands. The last answer stays while a new one is on its way, so that lists do not flicker. */
export type Answer<T> = {
  readonly value: T | null;
  readonly isLoading: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly reload: () => void;
};

/**
 * Asks the host, and again when the payload changes, on `reload`, and when a lost host is back. A null payload asks nothing. Not
 * @tanstack/react-query: its cache and retries are for servers, and here old answers about files and runs would be wrong ones. `isLong`: a question that
 * nobody waits for any more is given up, so that the next one does not stand behind it.
 */
export function useRequest<N extends RequestName>(
  name: N,
  payload: HostRequests[N][0] | null,
  { isLong = false }: { readonly isLong?: boolean } = {},
): Answer<HostRequests[N][1]> {
  const host = useReadyHost();
  const [turn, setTurn] = useState(0);
  const [answer, setAnswer] = useState<Omit<Answer<HostRequests[N][1]>, 'reload'>>({
    value: null,
    isLoading: payload !== null,
    diagnostics: [],
  });
  const key = JSON.stringify(payload);

  useEffect(() => {
    if (host === null || payload === null) return undefined;
    let isCurrent = true;
    const givenUp = new AbortController();
    void host.request(name, payload, isLong ? givenUp.signal : undefined).then((result) => {
      if (!isCurrent) return;
      setAnswer(
        result.ok
          ? { value: result.value, isLoading: false, diagnostics: [] }
          : { value: null, isLoading: false, diagnostics: result.diagnostics },
      );
    });
    return () => {
      isCurrent = false;
      givenUp.abort();
    };
    // `key` stands for `payload`: a new object with the same content is the same question.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [host, name, key, turn, isLong]);

  const reload = useCallback(() => setTurn((current) => current + 1), []);
  return { ...answer, reload };
}
