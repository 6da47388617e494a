import { serveControl } from './control';

export { BrowserWindow, Menu, app, dialog, ipcMain, protocol, screen, shell, utilityProcess } from './electron';

serveControl();
