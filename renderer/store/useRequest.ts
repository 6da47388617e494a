import { useCallback, useEffect, useState } from 'react';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { HostApi, HostRequests, RequestName } from '../../shared/host/api';
import { useReadyHost } from './host';

/** Questions that data which have changed answer in another way. Pictures of them are asked for again by those who show them. */
const ofData: readonly RequestName[] = ['data.look', 'data.info', 'data.sample'];

/** Where a question to the host stands. */
export type Answer<T> = {
  /** The answer to this very question; with `keepsLast` the one before it while this one is on its way. */
  readonly value: T | null;
  readonly isLoading: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly reload: () => void;
};

/** Questions that were asked in this very turn of the page, and are not answered yet. */
const askedNow = new Map<string, Promise<unknown>>();
let askedOf: HostApi | null = null;

/**
 * Asks the host once what several parts of a page that opens ask at the same moment: the list of all runs is megabytes. A question of a
 * later turn is another one, as things may have changed in between.
 */
function askTogether<N extends RequestName>(
  host: HostApi,
  name: N,
  payload: HostRequests[N][0],
  key: string,
): Promise<Result<HostRequests[N][1]>> {
  if (askedOf !== host) askedNow.clear();
  askedOf = host;
  const asked = askedNow.get(key);
  if (asked !== undefined) return asked as Promise<Result<HostRequests[N][1]>>;
  if (askedNow.size === 0) setTimeout(() => askedNow.clear(), 0);
  const answer = host.request(name, payload);
  askedNow.set(key, answer);
  return answer;
}

/**
 * Asks the host, and again when the payload changes, on `reload`, and when a lost host is back. A null payload asks nothing. Not
 * @tanstack/react-query: its cache and retries are for servers, and here old answers about files and runs would be wrong ones. `isLong`: a question that
 * nobody waits for any more is given up, so that the next one does not stand behind it. `keepsLast`: the next page of a list replaces
 * the one before it without an empty moment between; for whatever is about one thing, the answer for another would be a false one.
 */
export function useRequest<N extends RequestName>(
  name: N,
  payload: HostRequests[N][0] | null,
  { isLong = false, keepsLast = false }: { readonly isLong?: boolean; readonly keepsLast?: boolean } = {},
): Answer<HostRequests[N][1]> {
  const host = useReadyHost();
  const [turn, setTurn] = useState(0);
  const [answer, setAnswer] = useState<Answered<HostRequests[N][1]>>({ of: null, value: null, diagnostics: [] });
  const key = JSON.stringify([name, payload]);

  useEffect(() => {
    if (host === null || payload === null) return undefined;
    let isCurrent = true;
    const givenUp = new AbortController();
    const answering = isLong ? host.request(name, payload, givenUp.signal) : askTogether(host, name, payload, key);
    void answering.then((result) => {
      if (!isCurrent) return;
      setAnswer(
        result.ok
          ? { of: key, value: result.value, diagnostics: [] }
          : { of: key, value: null, diagnostics: result.diagnostics },
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
  useEffect(
    () =>
      ofData.includes(name)
        ? host?.on('data.changed', ({ dir }) => {
            // As the path stands in a text of JSON: with its backslashes twice.
            if (key.includes(JSON.stringify(dir).slice(1, -1))) reload();
          })
        : undefined,
    [host, name, key, reload],
  );
  const isOfThis = answer.of === key;
  return {
    value: isOfThis || (keepsLast && payload !== null) ? answer.value : null,
    isLoading: payload !== null && !isOfThis,
    diagnostics: isOfThis ? answer.diagnostics : [],
    reload,
  };
}

/** What was answered last, and the question that it answers. */
type Answered<T> = {
  readonly of: string | null;
  readonly value: T | null;
  readonly diagnostics: readonly Diagnostic[];
};
