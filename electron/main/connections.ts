import { ipcMain } from 'electron';
import type { IpcMainEvent, WebContents } from 'electron';
import { ipcChannelName } from '../../shared/host/bridge';
import type { Channel } from '../../shared/host/channel';
import type { HostApi } from '../../shared/host/api';
import type { HostConnection } from '../../shared/host/rpc';
import { serveVisitor } from '../host/visits';
import { appOrigin } from './appProtocol';

/** The pages that talk to the host, one connection each. */
export type Connections = {
  /** Answers a window's page, and every page that is loaded into the window after it. Gives its present connection. */
  serve(contents: WebContents): () => HostConnection;
};

/** Whether a message comes from the app's own page, at the top of its window, and not from a frame or a foreign address. */
function isOwnPage(event: IpcMainEvent, contents: WebContents): boolean {
  const frame = event.senderFrame;
  if (frame === null || event.sender !== contents) return false;
  return frame === contents.mainFrame && frame.origin === appOrigin;
}

type PageChannel = Channel & { deliver(message: unknown): void; ended(): void };

function pageChannel(contents: WebContents): PageChannel {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let isOpen = true;
  const ended = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const listener of closeListeners) listener();
  };
  return {
    send: (message) => {
      if (isOpen && !contents.isDestroyed()) contents.send(ipcChannelName, message);
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close: ended,
    ended,
    deliver: (message) => {
      if (isOpen) for (const listener of messageListeners) listener(message);
    },
  };
}

/** Connects pages to the host over Electron's IPC. A page that goes, by reload or crash, takes its open requests with it. */
export function createConnections(host: HostApi): Connections {
  const byContents = new Map<number, { readonly contents: WebContents; channel: PageChannel }>();
  ipcMain.on(ipcChannelName, (event, message: unknown) => {
    const entry = byContents.get(event.sender.id);
    if (entry !== undefined && isOwnPage(event, entry.contents)) entry.channel.deliver(message);
  });
  return {
    serve: (contents) => {
      const id = contents.id;
      let channel = pageChannel(contents);
      let connection = serveVisitor(host, channel);
      const renew = (): void => {
        channel.ended();
        channel = pageChannel(contents);
        connection = serveVisitor(host, channel);
        byContents.set(id, { contents, channel });
      };
      byContents.set(id, { contents, channel });
      contents.on('did-start-navigation', (details) => {
        if (details.isMainFrame && !details.isSameDocument) renew();
      });
      contents.on('render-process-gone', renew);
      contents.on('destroyed', () => {
        channel.ended();
        byContents.delete(id);
      });
      return () => connection;
    },
  };
}
