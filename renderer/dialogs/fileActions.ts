import { toast } from 'sonner';
import { create } from 'zustand';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { emptyDocument, type NetworkDocument } from '../../shared/schema/document';
import { fill, messages } from '../i18n';
import { isDirty, type Session, type Workspace } from '../session';
import { currentHost, useHost, useUi } from '../store';
import { askPatiently } from '../ui/askPatiently';

/** What the user was about to do when unsaved changes came up: done once they are on disk. */
type Next = () => void;

/** What a file action waits for: nothing, a path, or a decision that is the user's alone. `session` is the network that it is about. */
export type FilePrompt =
  | { readonly kind: 'none' }
  | { readonly kind: 'open' }
  | { readonly kind: 'save'; readonly session: Session; readonly suggestedName: string; readonly next?: Next }
  /** The open network has changes; `next` goes on when they are saved or given up. */
  | { readonly kind: 'unsaved'; readonly session: Session; readonly next: Next }
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

/** Runs `next` now, or after the user has decided what becomes of unsaved changes in the network that it takes the place of. */
function whenSettled(workspace: Workspace, next: Next): void {
  const session = workspace.active();
  const state = session.project.getState();
  if (isDirty(state) && state.document.nodes.length > 0) setPrompt({ kind: 'unsaved', session, next });
  else next();
}

/** Opens an empty network. */
export function newNetwork(workspace: Workspace): void {
  whenSettled(workspace, () => workspace.replace({ document: emptyDocument('') }));
}

/** Asks for a file and opens it. */
export function openNetwork(workspace: Workspace): void {
  whenSettled(workspace, () => {
    if (useHost.getState().info?.nativeDialogs !== true) {
      setPrompt({ kind: 'open' });
      return;
    }
    void currentHost()
      ?.request('files.pickOpen', {})
      .then((answer) => {
        if (answer.ok && answer.value !== null) void readFile(workspace, answer.value.path);
      });
  });
}

/** Opens the file at a path (recent files, file associations). */
export function openPath(workspace: Workspace, path: string): void {
  whenSettled(workspace, () => void readFile(workspace, path));
}

/** Opens a template as a new network. */
export function openTemplate(workspace: Workspace, id: string): void {
  whenSettled(workspace, () => {
    void askPatiently(words().openingTemplate, 'templates.open', { id }).then((answer) => {
      if (answer === null) return;
      if (answer.ok) workspace.replace({ document: answer.value });
      else setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics: answer.diagnostics });
    });
  });
}

/** Opens a network that comes from no file; `then` is told of its session. */
export function openDocument(workspace: Workspace, document: NetworkDocument, then: (session: Session) => void): void {
  whenSettled(workspace, () => then(workspace.replace({ document })));
}

/** Opens the network of a run as a new one, with the run's curves. */
export function openRunNetwork(workspace: Workspace, runId: string): void {
  whenSettled(workspace, () => {
    void askPatiently(words().openingRun, 'run.get', { runId }).then((answer) => {
      if (answer === null) return;
      if (answer.ok) workspace.replace({ document: answer.value.document, runId, run: answer.value });
      else setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics: answer.diagnostics });
    });
  });
}

/** Reads a file; what was shown is replaced. One that is open behind it comes to the front. */
export async function readFile(workspace: Workspace, path: string): Promise<void> {
  // The browser of files goes first: it would keep whoever waits from giving it up.
  setPrompt({ kind: 'none' });
  const answer = await askPatiently(fill(words().opening, { name: fileName(path) }), 'project.open', { path });
  if (answer === null) return;
  if (!answer.ok) {
    setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics: answer.diagnostics });
    return;
  }
  const { document, revision } = answer.value;
  const file = { path: answer.value.path, revision };
  const { sessions, active } = workspace.getState();
  const behind = sessions.find((other) => other !== active && other.project.getState().file?.path === file.path);
  if (behind) workspace.activate(behind.id);
  else workspace.replace({ document, file });
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

/** Last part of a path, whatever the system's separator. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
