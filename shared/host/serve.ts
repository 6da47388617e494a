import { hostFailed, invalidMessage, requestCancelled, unknownRequest } from '../diagnostics/catalog/host';
import { failure } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import { errorText } from '../text';
import type { EventName, HostApi, HostEvents, HostRequests, RequestName } from './api';
import type { Channel } from './channel';
import { readClientMessage } from './protocol';
import type { HostMessage } from './protocol';
import { requestSchemas } from './schemas';

/** One client of a host. */
export type HostConnection = {
  /** Sends an event to this client alone, such as a command from its window's menu. */
  emit<N extends EventName>(name: N, payload: HostEvents[N]): void;
  /** Ends the connection; answers still on their way are dropped. */
  close(): void;
};

/** Events that every client hears. Commands are for one window and go through {@link HostConnection.emit}. */
const broadcastEvents = ['run.event', 'host.notice'] as const satisfies readonly EventName[];

function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requestSchemas, name);
}

async function answer<N extends RequestName>(
  api: HostApi,
  name: N,
  payload: unknown,
  signal: CancelSource,
): Promise<Result<HostRequests[N][1]>> {
  const parsed = requestSchemas[name].safeParse(payload);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return failure(invalidMessage(name, issue?.path.join('.') ?? '', issue?.message ?? 'invalid'));
  }
  try {
    return await api.request(name, parsed.data, signal);
  } catch (error) {
    return failure(hostFailed(name, errorText(error)));
  }
}

/** The host's end of a cancellation; has the form of an `AbortSignal`. */
type CancelSource = {
  aborted: boolean;
  abort(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
};

function createCancelSource(): CancelSource {
  const listeners = new Set<() => void>();
  return {
    aborted: false,
    abort() {
      if (this.aborted) return;
      this.aborted = true;
      for (const listener of [...listeners]) listener();
    },
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  };
}

/**
 * Answers a client's requests over a channel and passes the host's events on, until the channel closes. Every message is
 * validated; whatever happens, each request gets exactly one answer.
 */
export function serveHost(api: HostApi, channel: Channel): HostConnection {
  const running = new Map<number, CancelSource>();
  let isOpen = true;

  const send = (message: HostMessage): void => {
    if (isOpen) channel.send(message);
  };
  const handle = async (id: number, name: string, payload: unknown): Promise<void> => {
    if (running.has(id)) {
      send({ type: 'response', id, result: failure(invalidMessage(name, 'id', `${id} is already in use`)) });
      return;
    }
    const signal = createCancelSource();
    running.set(id, signal);
    const result = isRequestName(name) ? await answer(api, name, payload, signal) : failure(unknownRequest(name));
    running.delete(id);
    send({ type: 'response', id, result: signal.aborted ? failure(requestCancelled(name)) : result });
  };

  const unsubscribe = broadcastEvents.map((name) => api.on(name, (payload) => send({ type: 'event', name, payload })));
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const stop of unsubscribe) stop();
    for (const signal of running.values()) signal.abort();
    running.clear();
  };

  channel.onMessage((raw) => {
    const message = readClientMessage(raw);
    if (message === null || !isOpen) return;
    if (message.type === 'cancel') running.get(message.id)?.abort();
    else void handle(message.id, message.name, message.payload);
  });
  channel.onClose(end);
  return {
    emit: (name, payload) => send({ type: 'event', name, payload }),
    close: () => {
      end();
      channel.close();
    },
  };
}
