import { dirname, join } from 'node:path';
import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { Dialogs } from '../host';

const filters = [
  { name: 'Convloom', extensions: ['convloom', 'json'] },
  { name: '*', extensions: ['*'] },
];

/** Native dialogs over the app's window. They start where the last one ended: Electron would go to Downloads each time. */
export function createDialogs(window: () => BrowserWindow | null, projectsDir: string): Dialogs {
  let lastDir = projectsDir;
  const remember = (path: string | undefined): string | null => {
    if (path === undefined || path === '') return null;
    lastDir = dirname(path);
    return path;
  };
  const open = async (properties: ('openFile' | 'openDirectory' | 'createDirectory')[]): Promise<string | null> => {
    const parent = window();
    const options = { defaultPath: lastDir, properties, ...(properties.includes('openFile') ? { filters } : {}) };
    const chosen = await (parent === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options));
    return chosen.canceled ? null : remember(chosen.filePaths[0]);
  };
  return {
    pickOpen: () => open(['openFile']),
    pickFolder: () => open(['openDirectory', 'createDirectory']),
    pickSave: async (suggestedName) => {
      const parent = window();
      const options = { defaultPath: join(lastDir, suggestedName), filters };
      const chosen = await (parent === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(parent, options));
      return chosen.canceled ? null : remember(chosen.filePath);
    },
  };
}
