import { dirname, join } from 'node:path';
import { dialog, shell } from 'electron';
import type { BrowserWindow, FileFilter } from 'electron';
import type { Dialogs } from '../host';

const networks: FileFilter[] = [
  { name: 'Convloom', extensions: ['convloom', 'json'] },
  { name: '*', extensions: ['*'] },
];

const everything: FileFilter[] = [{ name: '*', extensions: ['*'] }];

/** Native dialogs over the app's window. They start where the last one ended: Electron would go to Downloads each time. */
export function createDialogs(window: () => BrowserWindow | null, projectsDir: string): Dialogs {
  let lastDir = projectsDir;
  const remember = (path: string | undefined): string | null => {
    if (path === undefined || path === '') return null;
    lastDir = dirname(path);
    return path;
  };
  const open = async (
    properties: ('openFile' | 'openDirectory' | 'createDirectory')[],
    filters: FileFilter[] = [],
  ): Promise<string | null> => {
    const parent = window();
    const options = { defaultPath: lastDir, properties, filters };
    const chosen = await (parent === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options));
    return chosen.canceled ? null : remember(chosen.filePaths[0]);
  };
  return {
    pickOpen: (any) => open(['openFile'], any ? everything : networks),
    pickFolder: () => open(['openDirectory', 'createDirectory']),
    reveal: (path) => shell.showItemInFolder(path),
    pickSave: async (suggestedName) => {
      const parent = window();
      const options = { defaultPath: join(lastDir, suggestedName), filters: networks };
      const chosen = await (parent === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(parent, options));
      return chosen.canceled ? null : remember(chosen.filePath);
    },
  };
}
