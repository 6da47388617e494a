import type { HostApi } from '../../shared/host/api';
import type { Workspace } from '../session';
import { hostLink, openDialog } from '../store';

/**
 * A page that was closed or loaded again a moment ago is still taken for alive until the host hears of its end: what it left is not to
 * be found at once, so it is looked for again for a few seconds.
 */
const lookAgainMs = [0, 700, 2000, 4000];

async function offerDrafts(workspace: Workspace, host: HostApi): Promise<void> {
  for (const waitMs of lookAgainMs) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if ((await workspace.findDrafts(host)) === 0) continue;
    openDialog('drafts');
    return;
  }
}

/**
 * Offers at the start what was left unsaved, and writes what is not drafted yet before the page may be gone. Gives back what ends it.
 */
export function guardDrafts(workspace: Workspace): () => void {
  let hasOffered = false;
  const leaveHost = hostLink.onReady((host) => {
    if (hasOffered) return;
    hasOffered = true;
    void workspace.showRunsAtWork(host);
    void offerDrafts(workspace, host);
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
