import type { HostApi } from './api';
import type { Channel } from './channel';
import { connectHost } from './connect';
import { clientFrameLimits, decodeFrame, encodeFrame } from './frames';
import type { Frame } from './frames';

/** As much of a browser's `WebSocket` as a channel needs. */
export type WebSocketLike = {
  /** Set to 'arraybuffer': a blob could be read asynchronously only, out of order. */
  binaryType: string;
  send(frame: Frame): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
};

/** A status that an application may close with; 1002, the protocol's own, is reserved for the browser. RFC 6455, section 7.4.2. */
const protocolErrorStatus = 4002;

/** A channel over an open WebSocket. One message is one frame (see frames.ts); anything else closes the connection. */
export function webSocketChannel(socket: WebSocketLike): Channel {
  let isOpen = true;
  const closeListeners: (() => void)[] = [];
  const closed = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const listener of closeListeners) listener();
  };
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('close', closed);
  socket.addEventListener('error', closed);
  return {
    send: (message) => {
      if (isOpen) socket.send(encodeFrame(message));
    },
    onMessage: (listener) => {
      socket.addEventListener('message', ({ data }) => {
        const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : typeof data === 'string' ? data : '';
        const message = decodeFrame(frame, clientFrameLimits);
        if (message.ok) listener(message.value);
        else {
          socket.close(protocolErrorStatus, 'not a message');
          closed();
        }
      });
    },
    onClose: (listener) => void closeListeners.push(listener),
    close: () => {
      socket.close();
      closed();
    },
  };
}

/** What the page gives: how to open a socket to its host, and a timer. */
export type WebSocketOptions = {
  readonly open: () => WebSocketLike;
  readonly delay: (ms: number) => Promise<void>;
};

function openOnce(open: () => WebSocketLike): Promise<Channel | null> {
  return new Promise((resolve) => {
    const socket = open();
    const channel = webSocketChannel(socket);
    socket.addEventListener('open', () => resolve(channel));
    channel.onClose(() => resolve(null));
  });
}

/** Tries until the host answers, waiting 0.25 s, then twice as long each time, at most 4 s. */
async function openPatiently({ open, delay }: WebSocketOptions): Promise<Channel> {
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 4000)) {
    const channel = await openOnce(open);
    if (channel !== null) return channel;
    await delay(waitMs);
  }
}

/** The HostApi of the browser form. Resolves once the host has answered, and reconnects by itself ever after. */
export async function connectOverWebSocket(options: WebSocketOptions): Promise<HostApi> {
  return connectHost(await openPatiently(options), () => openPatiently(options));
}
