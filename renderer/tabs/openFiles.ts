import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { openPath } from '../dialogs/fileActions';
import { fail, importFile } from '../imports/importFiles';
import type { Workspace } from '../session';
import { isNetworkFile, readDropped } from './droppedFile';

/** Files that stand beside a model and hold its numbers: alone they are nothing that could be opened. */
const companion = /\.(bin|data|onnx_data|caffemodel)$/i;

/** Opens one file. Gives what is wrong with it. */
async function openFile(workspace: Workspace, file: File, companions: readonly File[]): Promise<readonly Diagnostic[]> {
  if (!(await isNetworkFile(file))) return await importFile(workspace, file, companions);
  const path = window.convloom?.pathOf(file) ?? '';
  // With its path it is the file itself that is open; without, a copy of it that is on no disk.
  if (path !== '') {
    await openPath(workspace, path);
    return [];
  }
  const document = await readDropped(file);
  if (!document.ok) return document.diagnostics;
  workspace.open({ document: document.value, isUnsaved: true });
  return [];
}

/** Opens files that the page was given, each in a tab of its own; what is wrong is said at the end, once. */
export async function openFiles(workspace: Workspace, files: readonly File[]): Promise<void> {
  const heads = files.filter(({ name }) => !companion.test(name));
  const companions = files.filter((file) => !heads.includes(file));
  const diagnostics: Diagnostic[] = [];
  for (const file of heads.length === 0 ? files : heads) {
    diagnostics.push(...(await openFile(workspace, file, heads.length === 0 ? [] : companions)));
  }
  fail(diagnostics);
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
