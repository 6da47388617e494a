import { runNotFound } from '../../shared/diagnostics/catalog/run';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { EventName, HostApi, HostEvents, HostRequests, RequestName } from '../../shared/host/api';
import { createMemoryChannel } from '../../shared/host/memory';
import { connectHost, serveHost } from '../../shared/host/rpc';
import type { HostLink, SessionServices } from '../../renderer/session';

type Answers = { [N in RequestName]?: (payload: HostRequests[N][0]) => Result<HostRequests[N][1]> };

/** A host in memory, over the product's own channel: it answers as told, notes what it was asked, and can go away. */
export function createSessionHost(given: Answers = {}) {
  // A view asks for the whole of a run that has ended.
  const answers: Answers = { 'run.get': ({ runId }) => failure(runNotFound(runId)), ...given };
  const asked: { name: RequestName; payload: unknown }[] = [];
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>();
  const readyListeners = new Set<(host: HostApi) => void>();
  let isReady = true;
  const host: HostApi = {
    request: (name, payload) => {
      asked.push({ name, payload });
      const answer = answers[name] as ((payload: unknown) => Result<never>) | undefined;
      return Promise.resolve(answer?.(payload) ?? (success({}) as Result<never>));
    },
    on: (name, listener) => {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known);
      known.add(listener as (payload: unknown) => void);
      return () => void known.delete(listener as (payload: unknown) => void);
    },
    onLost: () => () => undefined,
  };
  const channel = createMemoryChannel(structuredClone);
  serveHost(host, channel.host);
  const client = connectHost(channel.client);
  const link: HostLink = {
    current: () => client,
    isReady: () => isReady,
    onReady: (listener) => {
      if (isReady) listener(client);
      readyListeners.add(listener);
      return () => void readyListeners.delete(listener);
    },
  };
  return {
    asked,
    answers,
    link,
    client,
    namesOf: (name: RequestName) => asked.filter((one) => one.name === name).map(({ payload }) => payload),
    emit: <N extends EventName>(name: N, payload: HostEvents[N]): void => {
      for (const listener of listeners.get(name) ?? []) listener(payload);
    },
    setReady: (next: boolean): void => {
      isReady = next;
      if (next) for (const listener of [...readyListeners]) listener(client);
    },
  };
}

/** Services for sessions on such a host; frames are drawn at once, ids are numbered. */
export function sessionServices(
  link: HostLink,
  onDraftTrouble: SessionServices['onDraftTrouble'] = () => undefined,
): SessionServices {
  let count = 0;
  return { host: link, nextFrame: (callback) => callback(), newId: () => `session-${++count}`, onDraftTrouble };
}
