import { toast } from 'sonner';
import { create } from 'zustand';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { isRunActive } from '../../shared/training/runState';
import { fill, messages } from '../i18n';
import { isDirty, type Session, type Workspace } from '../session';
import { currentHost, useHost, useUi } from '../store';
import { askPatiently } from '../ui/askPatiently';

/** What the user was about to do when a question came up: done once that is settled. */
type Next = () => void;

/** What a file action waits for: nothing, a path, or a decision that is the user's alone. `session` is the network that it is about. */
export type FilePrompt =
  | { readonly kind: 'none' }
  | { readonly kind: 'open' }
  | { readonly kind: 'import' }
  /** Which folder's run is to be followed. */
  | { readonly kind: 'follow' }
  /** Where on another machine the run is that is to be followed. */
  | { readonly kind: 'followFar' }
  | { readonly kind: 'save'; readonly session: Session; readonly suggestedName: string; readonly next?: Next }
  /** A network has changes; `next` goes on when they are saved or given up. */
  | { readonly kind: 'unsaved'; readonly session: Session; readonly next: Next }
  /** A network is being trained; `next` goes on when it has been decided whether the run does too. */
  | { readonly kind: 'training'; readonly session: Session; readonly next: Next }
  /** A file of the list of recent ones is not there any more. */
  | { readonly kind: 'missing'; readonly path: string }
  /** The file on disk is not the one that was opened. */
  | { readonly kind: 'conflict'; readonly session: Session; readonly path: string; readonly next?: Next }
  /** A new name is taken. */
  | { readonly kind: 'exists'; readonly session: Session; readonly path: string; readonly next?: Next }
  | { readonly kind: 'failed'; readonly title: string; readonly diagnostics: readonly Diagnostic[] };

/** The question that is open. */
export const useFilePrompt = create<{ readonly prompt: FilePrompt }>(() => ({ prompt: { kind: 'none' } }));

export function setPrompt(prompt: FilePrompt): void {
  useFilePrompt.setState({ prompt });
}

function words() {
  return messages('dialogs', useUi.getState().language);
}

/** A file name for a network: `LeNet.convloom`, without what file systems refuse. */
export function suggestedName(name: string): string {
  const cleaned = name.replace(/[\\/:*?"<>|]/g, ' ').trim();
  return `${cleaned === '' ? 'network' : cleaned}.convloom`;
}

/** Shows an empty network. */
export function newNetwork(workspace: Workspace): void {
  workspace.openEmpty();
}

/** Closes a network, after the user has decided what becomes of its run and of its unsaved changes. */
export function closeNetwork(workspace: Workspace, session: Session): void {
  const state = session.project.getState();
  const isAtRisk = isDirty(state) && state.document.nodes.length > 0;
  const isTraining = isRunActive(session.run.getState());
  const close = (): void => workspace.close(session.id);
  const askAboutRun = (): void => {
    if (isTraining) setPrompt({ kind: 'training', session, next: close });
    else close();
  };
  // What is asked about is what is seen.
  if (isAtRisk || isTraining) workspace.activate(session.id);
  if (isAtRisk) setPrompt({ kind: 'unsaved', session, next: askAboutRun });
  else askAboutRun();
}

/** Asks for a file and opens it. */
export function openNetwork(workspace: Workspace): void {
  if (useHost.getState().info?.nativeDialogs !== true) {
    setPrompt({ kind: 'open' });
    return;
  }
  void currentHost()
    ?.request('files.pickOpen', {})
    .then((answer) => {
      if (answer.ok && answer.value !== null) void openPath(workspace, answer.value.path);
    });
}

/** Shows the network of a file that is open. False where it is not. */
function showOpen(workspace: Workspace, path: string): boolean {
  const { sessions } = workspace.getState();
  const known = sessions.find(({ project }) => project.getState().file?.path === path);
  if (known !== undefined) workspace.activate(known.id);
  return known !== undefined;
}

/** Asks the host for a file's network; what is wrong with it is said. Null when there is none. */
async function fetchFile(path: string) {
  // The browser of files goes first: it would keep whoever waits from giving it up.
  setPrompt({ kind: 'none' });
  const answer = await askPatiently(fill(words().opening, { name: fileName(path) }), 'project.open', { path });
  if (answer === null) return null;
  if (answer.ok) return answer.value;
  setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics: answer.diagnostics });
  return null;
}

/** Opens the file at a path. One that is open already comes to the front as it is. */
export async function openPath(workspace: Workspace, path: string): Promise<void> {
  if (showOpen(workspace, path)) {
    setPrompt({ kind: 'none' });
    return;
  }
  const opened = await fetchFile(path);
  if (opened === null || showOpen(workspace, opened.path)) return;
  const { document, revision } = opened;
  workspace.open({ document, file: { path: opened.path, revision } });
}

/** Gives up a session's network for what is in its file now. */
export async function reloadFile(workspace: Workspace, session: Session, path: string): Promise<void> {
  const opened = await fetchFile(path);
  if (opened === null) return;
  workspace.activate(session.id);
  workspace.replace({ document: opened.document, file: { path: opened.path, revision: opened.revision } });
}

/** Opens a template as a new network. */
export async function openTemplate(workspace: Workspace, id: string): Promise<void> {
  const answer = await askPatiently(words().openingTemplate, 'templates.open', { id });
  if (answer === null) return;
  if (answer.ok) workspace.open({ document: answer.value, template: id });
  else setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics: answer.diagnostics });
}

/** Opens the network of a run as a new one, with the run's curves. */
export async function openRunNetwork(workspace: Workspace, runId: string): Promise<void> {
  const answer = await askPatiently(words().openingRun, 'run.get', { runId });
  if (answer === null) return;
  if (answer.ok) workspace.open({ document: answer.value.document, runId, run: answer.value });
  else setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics: answer.diagnostics });
}

/** Asks for the folder of a run that is trained elsewhere, and follows it. */
export async function followRun(workspace: Workspace): Promise<void> {
  if (useHost.getState().info?.nativeDialogs !== true) {
    setPrompt({ kind: 'follow' });
    return;
  }
  const answer = await currentHost()?.request('files.pickFolder', {});
  if (answer?.ok === true && answer.value !== null) await followFolder(workspace, answer.value.path);
}

/** Asks for the folder of a run on another machine, and follows it. */
export function followFarRun(): void {
  setPrompt({ kind: 'followFar' });
}

/** Opens the network of the run in a folder with its curves, which grow as the run goes on. */
export async function followFolder(workspace: Workspace, dir: string): Promise<void> {
  setPrompt({ kind: 'none' });
  const answer = await askPatiently(words().openingRun, 'run.follow', { dir });
  if (answer === null) return;
  if (answer.ok) await openRunNetwork(workspace, answer.value.runId);
  else setPrompt({ kind: 'failed', title: words().cannotFollow, diagnostics: answer.diagnostics });
}

/** Saves to the file it came from, or asks for one. `next` goes on once it is on disk, whatever had to be asked before. */
export async function saveNetwork(session: Session, next?: Next): Promise<void> {
  const { file } = session.project.getState();
  await (file === null ? saveNetworkAs(session, next) : writeFile(session, file.path, file.revision, false, next));
}

/** Asks for a new file and saves there. In hosts without dialogs the question is open when this answers. */
export async function saveNetworkAs(session: Session, next?: Next): Promise<void> {
  const name = suggestedName(session.project.getState().document.name);
  if (useHost.getState().info?.nativeDialogs !== true) {
    setPrompt({ kind: 'save', session, suggestedName: name, ...(next && { next }) });
    return;
  }
  const picked = await currentHost()?.request('files.pickSave', { suggestedName: name });
  // The system's own dialog has asked about overwriting already.
  if (picked?.ok === true && picked.value !== null) await writeFile(session, picked.value.path, null, true, next);
}

/** Writes a session's document. `baseRevision` null is a new file. */
export async function writeFile(
  session: Session,
  path: string,
  baseRevision: string | null,
  overwrite: boolean,
  next?: Next,
): Promise<void> {
  const { document } = session.project.getState();
  const answer = await currentHost()?.request('project.save', { path, document, baseRevision, overwrite });
  if (answer === undefined) return;
  if (answer.ok) {
    session.project.markSaved(document, answer.value);
    setPrompt({ kind: 'none' });
    toast.success(fill(words().saved, { path: fileName(answer.value.path) }));
    next?.();
    return;
  }
  const code = answer.diagnostics[0]?.code;
  const rest = { session, path, ...(next && { next }) };
  if (code === 'file/changed-on-disk') setPrompt({ kind: 'conflict', ...rest });
  else if (code === 'file/exists') setPrompt({ kind: 'exists', ...rest });
  else setPrompt({ kind: 'failed', title: words().cannotSave, diagnostics: answer.diagnostics });
}

/** A name in a folder, with the separator that the folder's own path has. */
export function joinPath(dir: string, name: string): string {
  const separator = dir.includes('\\') ? '\\' : '/';
  return dir.endsWith(separator) ? `${dir}${name}` : `${dir}${separator}${name}`;
}

/** Last part of a path, whatever the system's separator. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
