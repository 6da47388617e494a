import type { Channel } from './channel';

/** Copies a message as a real transport would, so that nothing is shared by accident; `structuredClone` wherever there is one. */
export type Clone = (message: unknown) => unknown;

type End = Channel & { deliver(message: unknown): void; ended(): void };

function createEnd(other: () => End, clone: Clone): End {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let isOpen = true;
  const end: End = {
    send(message) {
      if (!isOpen) return;
      const copy = clone(message);
      // A real channel never calls back into the sender.
      void Promise.resolve().then(() => other().deliver(copy));
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close() {
      if (!isOpen) return;
      end.ended();
      other().ended();
    },
    deliver(message) {
      if (isOpen) for (const listener of messageListeners) listener(message);
    },
    ended() {
      if (!isOpen) return;
      isOpen = false;
      for (const listener of closeListeners) listener();
    },
  };
  return end;
}

/** Two ends of a channel within one process. */
export function createMemoryChannel(clone: Clone): { readonly client: Channel; readonly host: Channel } {
  const client: End = createEnd(() => host, clone);
  const host: End = createEnd(() => client, clone);
  return { client, host };
}
