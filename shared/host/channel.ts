/**
 * The smallest thing that requests and events can travel over: IPC, a WebSocket, or memory. A message is JSON-safe, and may hold
 * Uint8Array, Int32Array and Float32Array anywhere, which arrive as such.
 */
export type Channel = {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
  /** Where the channel knows how far the other side is behind: whoever sends while it is full makes the queue grow. */
  readonly flow?: {
    isFull(): boolean;
    /** Hears each time that there is room again. */
    onRoom(listener: () => void): void;
  };
};
