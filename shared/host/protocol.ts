import type { Result } from '../diagnostics/diagnostic';

/**
 * The envelope of the HostApi on a channel. Ids are the asker's own and unique within one connection; a closed channel
 * ends every request that is still open, so nothing outlives a connection.
 */
export type ClientMessage =
  | { readonly type: 'request'; readonly id: number; readonly name: string; readonly payload: unknown }
  /** The answer is no longer wanted. It may still come, and is then ignored. */
  | { readonly type: 'cancel'; readonly id: number };

export type HostMessage =
  | { readonly type: 'response'; readonly id: number; readonly result: Result<unknown> }
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown };

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads what a client sent; null for anything else, which a host ignores: it is nobody's request. */
export function readClientMessage(message: unknown): ClientMessage | null {
  if (!isRecord(message) || typeof message['id'] !== 'number' || !Number.isSafeInteger(message['id'])) return null;
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
