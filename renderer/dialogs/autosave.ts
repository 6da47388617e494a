import type { Session, Workspace } from '../session';
import { isDirty } from '../session';
import { currentHost, useUi } from '../store';
import { notifyDiagnostics } from '../ui/notify';
import { setPrompt, useFilePrompt } from './fileActions';

/** A file is written this long after the last change of its network. */
export const autosavePauseMs = 2000;

/** Saves one session's changes to its file, unless something stands in the way: then its user decides, once. */
function createAutosaver(session: Session) {
  const { project } = session;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The revision of the file at which saving failed: nothing is tried again until the user has saved or reloaded. */
  let failedAt: string | null = null;
  const save = async (): Promise<void> => {
    const { document, file, history } = project.getState();
    if (!useUi.getState().isAutosaving || file === null || !isDirty(project.getState())) return;
    if (history.gesture !== null) {
      schedule();
      return;
    }
    if (file.revision === failedAt) return;
    const { path, revision } = file;
    const request = { path, document, baseRevision: revision, overwrite: false };
    const answer = await currentHost()?.request('project.save', request);
    if (answer === undefined) return;
    if (answer.ok) {
      project.markSaved(document, answer.value);
      return;
    }
    failedAt = revision;
    const isConflict = answer.diagnostics[0]?.code === 'file/changed-on-disk';
    if (isConflict && useFilePrompt.getState().prompt.kind === 'none') setPrompt({ kind: 'conflict', session, path });
    else notifyDiagnostics(answer.diagnostics);
  };
  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), autosavePauseMs);
  };
  const leave = project.store.subscribe((state, previous) => {
    if (state.document !== previous.document) schedule();
  });
  return {
    schedule,
    end: () => {
      clearTimeout(timer);
      leave();
    },
  };
}

/** Saves the networks of a window to their files by themselves, while its user wants it. Gives back what ends it. */
export function autosave(workspace: Workspace): () => void {
  const savers = new Map<Session, ReturnType<typeof createAutosaver>>();
  const follow = (): void => {
    const { sessions } = workspace.getState();
    for (const [session, saver] of savers) {
      if (sessions.includes(session)) continue;
      saver.end();
      savers.delete(session);
    }
    for (const session of sessions) if (!savers.has(session)) savers.set(session, createAutosaver(session));
  };
  follow();
  const leaveWorkspace = workspace.store.subscribe(follow);
  const leaveUi = useUi.subscribe((state, previous) => {
    // What was changed before it was switched on is saved as well.
    if (state.isAutosaving && !previous.isAutosaving) for (const saver of savers.values()) saver.schedule();
  });
  return () => {
    leaveWorkspace();
    leaveUi();
    for (const saver of savers.values()) saver.end();
  };
}
