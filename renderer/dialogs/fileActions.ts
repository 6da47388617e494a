import { toast } from 'sonner';
import { create } from 'zustand';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { emptyDocument } from '../../shared/schema/document';
import { fill, messages } from '../i18n';
import { currentHost, isDirty, markSaved, openDocument, useHost, useProject, useUi, type ProjectFile } from '../store';

/** What the user was about to do when unsaved changes came up: done once they are on disk. */
type Next = () => void;

/** What a file action waits for: nothing, a path, or a decision that is the user's alone. */
export type FilePrompt =
  | { readonly kind: 'none' }
  | { readonly kind: 'open' }
  | { readonly kind: 'save'; readonly suggestedName: string; readonly next?: Next }
  /** The open network has changes; `next` goes on when they are saved or given up. */
  | { readonly kind: 'unsaved'; readonly next: Next }
  /** The file on disk is not the one that was opened. */
  | { readonly kind: 'conflict'; readonly path: string; readonly next?: Next }
  /** A new name is taken. */
  | { readonly kind: 'exists'; readonly path: string; readonly next?: Next }
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

/** Runs `next` now, or after the user has decided what becomes of unsaved changes. */
function whenSettled(next: () => void): void {
  const state = useProject.getState();
  if (isDirty(state) && state.document.nodes.length > 0) setPrompt({ kind: 'unsaved', next });
  else next();
}

/** Opens an empty network. */
export function newNetwork(): void {
  whenSettled(() => openDocument(emptyDocument(''), null));
}

/** Asks for a file and opens it. */
export function openNetwork(): void {
  whenSettled(() => {
    if (useHost.getState().info?.nativeDialogs !== true) {
      setPrompt({ kind: 'open' });
      return;
    }
    void currentHost()
      ?.request('files.pickOpen', {})
      .then((answer) => {
        if (answer.ok && answer.value !== null) void readFile(answer.value.path);
      });
  });
}

/** Opens the file at a path (recent files, file associations). */
export function openPath(path: string): void {
  whenSettled(() => void readFile(path));
}

/** Opens a template as a new network. */
export function openTemplate(id: string): void {
  whenSettled(() => {
    void currentHost()
      ?.request('templates.open', { id })
      .then((answer) => {
        if (answer.ok) openDocument(answer.value, null);
        else setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics: answer.diagnostics });
      });
  });
}

/** Reads a file; what was open is replaced. */
export async function readFile(path: string): Promise<void> {
  const answer = await currentHost()?.request('project.open', { path });
  if (answer === undefined) return;
  if (answer.ok) {
    openDocument(answer.value.document, { path: answer.value.path, revision: answer.value.revision });
    setPrompt({ kind: 'none' });
  } else {
    setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics: answer.diagnostics });
  }
}

/** Saves to the file it came from, or asks for one. `next` goes on once it is on disk, whatever had to be asked before. */
export async function saveNetwork(next?: Next): Promise<void> {
  const { file } = useProject.getState();
  await (file === null ? saveNetworkAs(next) : writeFile(file.path, file.revision, false, next));
}

/** Asks for a new file and saves there. In hosts without dialogs the question is open when this answers. */
export async function saveNetworkAs(next?: Next): Promise<void> {
  const name = suggestedName(useProject.getState().document.name);
  if (useHost.getState().info?.nativeDialogs !== true) {
    setPrompt({ kind: 'save', suggestedName: name, ...(next && { next }) });
    return;
  }
  const picked = await currentHost()?.request('files.pickSave', { suggestedName: name });
  // The system's own dialog has asked about overwriting already.
  if (picked?.ok === true && picked.value !== null) await writeFile(picked.value.path, null, true, next);
}

/** Writes the open document. `baseRevision` null is a new file. */
export async function writeFile(
  path: string,
  baseRevision: string | null,
  overwrite: boolean,
  next?: Next,
): Promise<void> {
  const { document } = useProject.getState();
  const answer = await currentHost()?.request('project.save', { path, document, baseRevision, overwrite });
  if (answer === undefined) return;
  if (answer.ok) {
    const file: ProjectFile = answer.value;
    markSaved(document, file);
    setPrompt({ kind: 'none' });
    toast.success(fill(words().saved, { path: fileName(file.path) }));
    next?.();
    return;
  }
  const code = answer.diagnostics[0]?.code;
  if (code === 'file/changed-on-disk') setPrompt({ kind: 'conflict', path, ...(next && { next }) });
  else if (code === 'file/exists') setPrompt({ kind: 'exists', path, ...(next && { next }) });
  else setPrompt({ kind: 'failed', title: words().cannotSave, diagnostics: answer.diagnostics });
}

/** Last part of a path, whatever the system's separator. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
