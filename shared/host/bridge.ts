import type { Channel } from './channel';

/**
 * What the preload script puts on the page as `window.convloom`: messages in, messages out, and where a dropped file lies. Functions are
 * proxied and messages cloned by Electron's context bridge, so this must stay plain. Typed arrays are cloned as bytes, too, and not
 * transferred: Electron's ports hand over other ports and nothing else.
 */
export type HostBridge = {
  send(message: unknown): void;
  /** Gives back what ends the subscription. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Where a file lies that was dropped on the page; empty where it is on no disk. */
  pathOf(file: object): string;
};

/** The page's property that holds the {@link HostBridge} in the desktop form. */
export const bridgeName = 'convloom';

/** The Electron IPC channel that both directions use. */
export const ipcChannelName = 'convloom';

/** A channel over the desktop form's bridge. It lives as long as the page: the main process outlives every page. */
export function bridgeChannel(bridge: HostBridge): Channel {
  const closeListeners: (() => void)[] = [];
  const unsubscribe: (() => void)[] = [];
  let isOpen = true;
  return {
    send: (message) => {
      if (isOpen) bridge.send(message);
    },
    onMessage: (listener) => void unsubscribe.push(bridge.onMessage(listener)),
    onClose: (listener) => void closeListeners.push(listener),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      for (const stop of unsubscribe) stop();
      for (const listener of closeListeners) listener();
    },
  };
}
