import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { bridgeName, ipcChannelName } from '../../shared/host/bridge';
import type { HostBridge } from '../../shared/host/bridge';

/** All that the page gets of the machine: one pipe, and the path of a file that its user dropped. `ipcRenderer` itself and its events stay on this side. */
const bridge: HostBridge = {
  send: (message) => ipcRenderer.send(ipcChannelName, message),
  onMessage: (listener) => {
    const forward = (_event: IpcRendererEvent, message: unknown): void => listener(message);
    ipcRenderer.on(ipcChannelName, forward);
    return () => void ipcRenderer.off(ipcChannelName, forward);
  },
  // What the page gives is a `File` of its own, which this side has no type for; of anything else Electron says so itself.
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
