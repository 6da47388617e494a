/** The smallest thing that requests and events can travel over: IPC, a WebSocket, or memory. Messages are JSON-safe. */
export type Channel = {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
};
