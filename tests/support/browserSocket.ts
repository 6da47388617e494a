import type { WebSocket } from 'ws';
import type { WebSocketLike } from '../../shared/host/websocket';

/** `ws`'s own client with a browser's types. */
export function browserSocket(socket: WebSocket): WebSocketLike {
  return {
    set binaryType(type: 'arraybuffer') {
      socket.binaryType = type;
    },
    send: (frame) => socket.send(frame),
    close: (code, reason) => socket.close(code, reason),
    addEventListener: (type: string, listener: (event: { readonly data: unknown }) => void) =>
      socket.addEventListener(type as 'message', (event) => listener(event as { readonly data: unknown })),
  };
}
