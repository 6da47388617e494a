import { contextBridge, ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { bridgeName, ipcChannelName } from '../../shared/host/bridge';
import type { HostBridge } from '../../shared/host/bridge';

/** All that the page gets of the machine: one pipe. `ipcRenderer` itself and its events stay on this side. */
const bridge: HostBridge = {
  send: (message) => ipcRenderer.send(ipcChannelName, message),
  onMessage: (listener) => {
    const forward = (_event: IpcRendererEvent, message: unknown): void => listener(message);
    ipcRenderer.on(ipcChannelName, forward);
    return () => void ipcRenderer.off(ipcChannelName, forward);
  },
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
