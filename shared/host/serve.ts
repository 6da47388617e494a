import {
  hostFailed,
  invalidMessage,
  requestCancelled,
  tooManyRequests,
  unknownRequest,
} from '../diagnostics/catalog/host';
import { failure, success } from '../diagnostics/diagnostic';
import type { Result } from '../diagnostics/diagnostic';
import { errorText } from '../text';
import type { EventName, HostApi, HostEvents, HostRequests, RequestName } from './api';
import type { Channel } from './channel';
import { createOutbox } from './outbox';
import { readClientMessage } from './protocol';
import { requestSchemas } from './schemas';

/** One client of a host. */
export type HostConnection = {
  /** Sends an event to this client alone, such as a command from its window's menu. */
  emit<N extends EventName>(name: N, payload: HostEvents[N]): void;
  /** Ends the connection; answers still on their way are dropped. */
  close(): void;
};

/** Events that every client hears. Commands are for one window and go through {@link HostConnection.emit}. */
const broadcastEvents = [
  'run.event',
  'run.reading',
  'run.validating',
  'sweep.changed',
  'run.measuring',
  'host.notice',
  'data.changed',
  'drafts.left',
] as const satisfies readonly EventName[];

/** Open requests of one client; a page has a handful, and one that floods is told to wait. */
const maxOpenRequests = 512;

function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requestSchemas, name);
}

function readPayload<N extends RequestName>(name: N, payload: unknown): Result<HostRequests[N][0]> {
  try {
    const parsed = requestSchemas[name].safeParse(payload);
    if (parsed.success) return success(parsed.data);
    const issue = parsed.error.issues[0];
    return failure(invalidMessage(name, issue?.path.join('.') ?? '', issue?.message ?? 'invalid'));
  } catch (error) {
    // What nests too deep for the stack makes the check itself throw.
    return failure(invalidMessage(name, '', errorText(error)));
  }
}

async function answer<N extends RequestName>(
  api: HostApi,
  name: N,
  payload: unknown,
  signal: CancelSource,
): Promise<Result<HostRequests[N][1]>> {
  const parsed = readPayload(name, payload);
  if (!parsed.ok) return parsed;
  try {
    return await api.request(name, parsed.value, signal);
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

  const outbox = createOutbox(channel);

  const respond = (id: number, name: string, result: Result<unknown>): void => {
    if (!isOpen) return;
    const failed = (reason: string) => ({ type: 'response', id, result: failure(hostFailed(name, reason)) }) as const;
    outbox.answer({ type: 'response', id, result }, failed);
  };
  const handle = async (id: number, name: string, payload: unknown): Promise<void> => {
    if (running.has(id)) {
      respond(id, name, failure(invalidMessage(name, 'id', `${id} is already in use`)));
      return;
    }
    if (running.size + outbox.waitingAnswers >= maxOpenRequests) {
      respond(id, name, failure(tooManyRequests(name, maxOpenRequests)));
      return;
    }
    const signal = createCancelSource();
    running.set(id, signal);
    const result = isRequestName(name) ? await answer(api, name, payload, signal) : failure(unknownRequest(name));
    running.delete(id);
    respond(id, name, signal.aborted ? failure(requestCancelled(name)) : result);
  };

  const unsubscribe = broadcastEvents.map((name) => api.on(name, (payload) => outbox.event(name, payload)));
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    outbox.end();
    for (const stop of unsubscribe) stop();
    for (const signal of running.values()) signal.abort();
    running.clear();
  };

  channel.onMessage((raw) => {
    const message = readClientMessage(raw);
    if (message === null || !isOpen) return;
    if (message.type === 'cancel') running.get(message.id)?.abort();
    else if (message.type === 'heard') outbox.heard(message.count);
    else void handle(message.id, message.name, message.payload);
  });
  channel.onClose(end);
  return {
    emit: (name, payload) => outbox.event(name, payload),
    close: () => {
      end();
      channel.close();
    },
  };
}
