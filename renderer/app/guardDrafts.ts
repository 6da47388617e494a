import type { Workspace } from '../session';
import { hostLink, openDialog } from '../store';

/**
 * Offers at the start what was left unsaved, and writes what is not drafted yet before the page may be gone. Gives back what ends it.
 */
export function guardDrafts(workspace: Workspace): () => void {
  let hasOffered = false;
  const leaveHost = hostLink.onReady((host) => {
    if (hasOffered) return;
    hasOffered = true;
    void workspace.showRunsAtWork(host);
    void workspace.findDrafts(host).then((count) => {
      if (count > 0) openDialog('drafts');
    });
  });
  const flush = (): void => void workspace.flushDrafts();
  const flushWhenHidden = (): void => {
    if (document.visibilityState === 'hidden') flush();
  };
  const askBeforeLoss = (event: BeforeUnloadEvent): void => {
    if (workspace.flushDrafts()) event.preventDefault();
  };
  window.addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', flushWhenHidden);
  window.addEventListener('beforeunload', askBeforeLoss);
  return () => {
    leaveHost();
    window.removeEventListener('pagehide', flush);
    document.removeEventListener('visibilitychange', flushWhenHidden);
    window.removeEventListener('beforeunload', askBeforeLoss);
  };
}
