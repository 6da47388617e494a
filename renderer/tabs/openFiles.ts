import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { openPath, setPrompt } from '../dialogs/fileActions';
import { fill, messages } from '../i18n';
import type { Workspace } from '../session';
import { useUi } from '../store';
import { notify } from '../ui/notify';
import { readDropped } from './droppedFile';

function words() {
  return messages('dialogs', useUi.getState().language);
}

/** Opens one file. Gives what is wrong with it. */
async function openFile(workspace: Workspace, file: File): Promise<readonly Diagnostic[]> {
  const read = await readDropped(file);
  if (!read.ok) return read.diagnostics;
  const { format, document } = read.value;
  const path = window.convloom?.pathOf(file) ?? '';
  // With its path it is the file itself that is open; without, a copy of it that is on no disk.
  if (format === 'document' && path !== '') await openPath(workspace, path);
  else workspace.open({ document, isUnsaved: true });
  if (format !== 'document' && format !== 'kerasJson') notify(fill(words().weightsStay, { name: file.name }));
  return [];
}

/** Opens files that the page was given, each in a tab of its own; what is wrong is said at the end, once. */
export async function openFiles(workspace: Workspace, files: readonly File[]): Promise<void> {
  const diagnostics: Diagnostic[] = [];
  for (const file of files) diagnostics.push(...(await openFile(workspace, file)));
  if (diagnostics.length > 0) setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics });
}

/** Of the File Handling API, which no type library has yet. */
type LaunchQueue = {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
};

/** Opens the files with which the system calls an installed app. */
export function openLaunchedFiles(workspace: Workspace): void {
  const { launchQueue } = window as Window & { readonly launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files = [] }) => {
    void Promise.all(files.map((handle) => handle.getFile())).then((opened) => openFiles(workspace, opened));
  });
}
