import { useEffect } from 'react';
import { tinykeys } from 'tinykeys';
import { ExportDialog } from '../code/ExportDialog';
import { LessonDialog } from '../learn/LessonDialog';
import { useHost } from '../store';
import { FilePrompts } from './FilePrompts';
import { newNetwork, openNetwork, openPath, saveNetwork, saveNetworkAs } from './fileActions';

/** Runs a file action in place of what the browser would do with the keys (its own save and open). */
function instead(action: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    event.preventDefault();
    action();
  };
}

/** File keys and the application menu's file commands; alive as long as the window, whatever panels are shown. */
function useFileCommands(): void {
  const host = useHost((state) => state.host);
  useEffect(
    () =>
      tinykeys(window, {
        '$mod+s': instead(() => void saveNetwork()),
        '$mod+Shift+s': instead(() => void saveNetworkAs()),
        '$mod+o': instead(openNetwork),
        'Alt+n': instead(newNetwork),
      }),
    [],
  );
  useEffect(
    () =>
      host?.on('app.command', ({ command, path }) => {
        if (command === 'new') newNetwork();
        if (command === 'open') openNetwork();
        if (command === 'save') void saveNetwork();
        if (command === 'saveAs') void saveNetworkAs();
        if (command === 'openPath' && path !== undefined) openPath(path);
      }),
    [host],
  );
}

/** Everything about files, export and lessons that can open over the window. */
export function FileDialogs() {
  useFileCommands();
  return (
    <>
      <FilePrompts />
      <ExportDialog />
      <LessonDialog />
    </>
  );
}
