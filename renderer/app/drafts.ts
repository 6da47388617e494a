import type { Draft } from '../../shared/host/api';
import { create } from 'zustand';
import { currentHost, isDirty, openDialog, restoreDraft, useHost, useProject } from '../store';

/** A draft is written this long after the last edit. */
const pauseMs = 1200;

/** Work that was not saved when the app last ended. */
export const useDrafts = create<{ readonly drafts: readonly Draft[] }>(() => ({ drafts: [] }));

async function offerDrafts(): Promise<void> {
  const answer = await currentHost()?.request('draft.list', {});
  if (!answer?.ok) return;
  const { projectKey } = useProject.getState();
  const drafts = answer.value.filter((draft) => draft.key !== projectKey && draft.document.nodes.length > 0);
  useDrafts.setState({ drafts });
  if (drafts.length > 0) openDialog('drafts');
}

function saveDraft(): void {
  const state = useProject.getState();
  const { document, projectKey: key, file } = state;
  const host = currentHost();
  if (!host) return;
  if (isDirty(state)) void host.request('draft.save', { key, path: file?.path ?? null, document });
  else void host.request('draft.discard', { key });
}

/** Forgets a draft on disk. */
export function discardDraft(draft: Draft): void {
  useDrafts.setState(({ drafts }) => ({ drafts: drafts.filter((other) => other.key !== draft.key) }));
  void currentHost()?.request('draft.discard', { key: draft.key });
}

/** Opens a draft; it stays on disk until it is saved as a file. */
export function openDraft(draft: Draft): void {
  restoreDraft(draft.document, draft.key);
  useDrafts.setState(({ drafts }) => ({ drafts: drafts.filter((other) => other.key !== draft.key) }));
}

/** Keeps unsaved work on disk while the window is open, and offers at the start what was left. Gives back what ends it. */
export function guardDrafts(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hasOffered = false;
  const offer = (): void => {
    if (hasOffered || useHost.getState().status !== 'ready') return;
    hasOffered = true;
    void offerDrafts();
  };
  offer();
  const leaveHost = useHost.subscribe(offer);
  const leaveProject = useProject.subscribe((state, previous) => {
    if (state.projectKey !== previous.projectKey) {
      clearTimeout(timer);
      // Another network was opened over this one by the user's own choice.
      void currentHost()?.request('draft.discard', { key: previous.projectKey });
    } else if (state.document === previous.document && state.savedDocument === previous.savedDocument) return;
    clearTimeout(timer);
    timer = setTimeout(saveDraft, pauseMs);
  });
  return () => {
    clearTimeout(timer);
    leaveHost();
    leaveProject();
  };
}
