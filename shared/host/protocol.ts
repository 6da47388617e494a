import type { Result } from '../diagnostics/diagnostic';

/**
 * The envelope of the HostApi on a channel. Ids are the asker's own and unique within one connection; a closed channel
 * ends every request that is still open, so nothing outlives a connection.
 */
export type ClientMessage =
  | { readonly type: 'request'; readonly id: number; readonly name: string; readonly payload: unknown }
  /** The answer is no longer wanted. It may still come, and is then ignored. */
  | { readonly type: 'cancel'; readonly id: number }
  /** So many more events have been heard: a page that stands still is not sent more than {@link eventWindow}. */
  | { readonly type: 'heard'; readonly count: number };

export type HostMessage =
  | { readonly type: 'response'; readonly id: number; readonly result: Result<unknown> }
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown };

/** How many events a host sends that the client has not said to have heard. Twice what comes in a second, and more. */
export const eventWindow = 256;
/** How many events a client hears before it says so. */
export const eventsPerWord = 64;

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads what a client sent; null for anything else, which a host ignores: it is nobody's request. */
export function readClientMessage(message: unknown): ClientMessage | null {
  if (!isRecord(message)) return null;
  if (message['type'] === 'heard') {
    const { count } = message;
    return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? { type: 'heard', count } : null;
  }
  if (typeof message['id'] !== 'number' || !Number.isSafeInteger(message['id'])) return null;
  if (message['type'] === 'cancel') return { type: 'cancel', id: message['id'] };
  if (message['type'] === 'request' && typeof message['name'] === 'string') {
    return { type: 'request', id: message['id'], name: message['name'], payload: message['payload'] };
  }
  return null;
}

function isResult(value: unknown): value is Result<unknown> {
  if (!isRecord(value)) return false;
  return value['ok'] === true || (value['ok'] === false && Array.isArray(value['diagnostics']));
}

/** Reads what a host sent; null for anything else. */
export function readHostMessage(message: unknown): HostMessage | null {
  if (!isRecord(message)) return null;
  if (message['type'] === 'response' && typeof message['id'] === 'number' && isResult(message['result'])) {
    return { type: 'response', id: message['id'], result: message['result'] };
  }
  if (message['type'] === 'event' && typeof message['name'] === 'string') {
    return { type: 'event', name: message['name'], payload: message['payload'] };
  }
  return null;
}
