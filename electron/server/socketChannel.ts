import type { WebSocket } from 'ws';
import type { Channel } from '../../shared/host/channel';
import { decodeFrame, encodeFrame, hostFrameLimits } from '../../shared/host/frames';
import { limits } from '../../shared/schema/limits';

/** RFC 6455, section 7.4.1: terminated because of a protocol error. */
const protocolErrorStatus = 1002;

/**
 * The server's end of a WebSocket. One message is one frame (see shared/host/frames.ts); a frame that is none closes this one
 * connection. While the other side is behind, its requests are left in the system's buffers: who does not read the answers
 * cannot ask for more.
 */
export function socketChannel(socket: WebSocket): Channel {
  const messageListeners: ((message: unknown) => void)[] = [];
  const roomListeners: (() => void)[] = [];
  socket.on('message', (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    // With the default binary type, `ws` gives one Buffer per message.
    const bytes = data as Buffer;
    const message = decodeFrame(isBinary ? bytes : bytes.toString('utf8'), hostFrameLimits);
    if (!message.ok) {
      socket.close(protocolErrorStatus, 'not a message');
      return;
    }
    for (const listener of messageListeners) listener(message.value);
  });
  // An error is always followed by 'close', which is where the connection ends.
  socket.on('error', () => undefined);

  const isFull = (): boolean => socket.bufferedAmount > limits.bufferedBytes;
  const sent = (): void => {
    if (!socket.isPaused || socket.bufferedAmount > limits.caughtUpBytes) return;
    socket.resume();
    for (const listener of roomListeners) listener();
  };
  return {
    send: (message) => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(encodeFrame(message), sent);
      if (isFull()) socket.pause();
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void socket.on('close', () => listener()),
    close: () => socket.close(),
    // Full until there is real room again, not at each byte that leaves: `ws` tells of room only where it was paused.
    flow: { isFull: () => socket.isPaused, onRoom: (listener) => void roomListeners.push(listener) },
  };
}
