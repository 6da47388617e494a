import type { WebSocket } from 'ws';
import { limits } from '../../shared/schema/limits';
import type { Channel } from '../../shared/host/channel';

/** The server's end of a WebSocket. One message is one text frame of JSON; anything else is dropped. */
export function socketChannel(socket: WebSocket): Channel {
  const messageListeners: ((message: unknown) => void)[] = [];
  socket.on('message', (data, isBinary) => {
    if (isBinary) return;
    let message: unknown;
    try {
      // With the default binary type, `ws` gives one Buffer per message.
      message = JSON.parse((data as Buffer).toString('utf8'));
    } catch {
      return;
    }
    for (const listener of messageListeners) listener(message);
  });
  // An error is always followed by 'close', which is where the connection ends.
  socket.on('error', () => undefined);
  return {
    send: (message) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > limits.bufferedBytes) socket.terminate();
      else socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void socket.on('close', () => listener()),
    close: () => socket.close(),
  };
}
