import { connectionLost, requestCancelled } from '../diagnostics/catalog/host';
import { failure } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import type { EventName, HostApi, HostEvents, HostRequests, RequestName } from './api';
import type { Channel } from './channel';
import { eventsPerWord, readHostMessage } from './protocol';

type Pending = { readonly name: RequestName; readonly settle: (result: Result<unknown>) => void };

/** Gives a new channel once the host is back; never rejects. */
export type Reopen = () => Promise<Channel>;

type Listeners = { readonly [N in EventName]: Set<(payload: HostEvents[N]) => void> };

/**
 * The client's end of the HostApi. Requests that are open when the channel closes end with `host/connection-lost`; with
 * `reopen`, the same HostApi goes on over a new channel, its subscriptions kept.
 */
export function connectHost(first: Channel, reopen?: Reopen): HostApi {
  const pending = new Map<number, Pending>();
  const listeners: Listeners = {
    'run.event': new Set(),
    'run.reading': new Set(),
    'run.validating': new Set(),
    'sweep.changed': new Set(),
    'run.measuring': new Set(),
    'app.command': new Set(),
    'host.notice': new Set(),
    'data.changed': new Set(),
    'drafts.left': new Set(),
  };
  const lostListeners = new Set<(lost: boolean) => void>();
  let channel: Channel | null = null;
  let lastId = 0;
  let unsaid = 0;

  const settle = (id: number, result: Result<unknown>): void => {
    const request = pending.get(id);
    pending.delete(id);
    request?.settle(result);
  };
  const deliver = (raw: unknown): void => {
    const message = readHostMessage(raw);
    if (message?.type === 'response') settle(message.id, message.result);
    if (message?.type !== 'event') return;
    unsaid += 1;
    if (unsaid >= eventsPerWord) {
      channel?.send({ type: 'heard', count: unsaid });
      unsaid = 0;
    }
    if (!Object.hasOwn(listeners, message.name)) return;
    // The host and its events are of the same build; only the name decides the payload's type.
    const known = listeners[message.name as EventName] as Set<(payload: unknown) => void>;
    for (const listener of [...known]) listener(message.payload);
  };
  const attach = (next: Channel): void => {
    channel = next;
    unsaid = 0;
    next.onMessage((message) => {
      if (channel === next) deliver(message);
    });
    next.onClose(() => {
      if (channel !== next) return;
      channel = null;
      for (const [id, request] of [...pending]) settle(id, failure(connectionLost(request.name)));
      for (const listener of [...lostListeners]) listener(true);
      if (reopen === undefined) return;
      void reopen().then((again) => {
        attach(again);
        for (const listener of [...lostListeners]) listener(false);
      });
    });
  };
  attach(first);

  return {
    request: <N extends RequestName>(
      name: N,
      payload: HostRequests[N][0],
      signal?: Parameters<HostApi['request']>[2],
    ) =>
      new Promise<Result<HostRequests[N][1]>>((resolve) => {
        const open = channel;
        if (signal?.aborted === true || open === null) {
          resolve(failure(open === null ? connectionLost(name) : requestCancelled(name)));
          return;
        }
        const id = ++lastId;
        const cancel = (): void => {
          if (!pending.has(id)) return;
          channel?.send({ type: 'cancel', id });
          settle(id, failure(requestCancelled(name)));
        };
        pending.set(id, {
          name,
          settle: (result) => {
            signal?.removeEventListener('abort', cancel);
            resolve(result as Result<HostRequests[N][1]>);
          },
        });
        signal?.addEventListener('abort', cancel);
        open.send({ type: 'request', id, name, payload });
      }),
    on: (name, listener) => {
      listeners[name].add(listener);
      return () => void listeners[name].delete(listener);
    },
    onLost: (listener) => {
      lostListeners.add(listener);
      return () => void lostListeners.delete(listener);
    },
  };
}
