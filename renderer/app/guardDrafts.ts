import type { HostApi } from '../../shared/host/api';
import type { Workspace } from '../session';
import { hostLink, openDialog } from '../store';
import { takeUpTabs } from '../tabs/keepTabs';

/** A page that was closed or loaded again a moment ago is taken for alive until the host hears of its end: for this long. */
const endIsHeardMs = 7000;

/** Offers what nobody works on any more, and for a while also what other pages leave behind. */
async function offerDrafts(workspace: Workspace, host: HostApi): Promise<void> {
  const offer = async (): Promise<void> => {
    if ((await workspace.findDrafts(host)) === 0) return;
    stop();
    openDialog('drafts');
  };
  const leave = host.on('drafts.left', () => void offer());
  const timer = setTimeout(leave, endIsHeardMs);
  const stop = (): void => {
    clearTimeout(timer);
    leave();
  };
  await offer();
}

/** What was open comes back first: runs and drafts that belong to it are then not offered by themselves. */
async function takeUp(workspace: Workspace, host: HostApi): Promise<void> {
  await takeUpTabs(workspace, host, endIsHeardMs);
  void workspace.showRunsAtWork(host);
  await offerDrafts(workspace, host);
}

/**
 * Opens at the start what was open, offers what else was left unsaved, and writes what is not drafted yet before the page may be gone.
 */
export function guardDrafts(workspace: Workspace): () => void {
  let hasOffered = false;
  const leaveHost = hostLink.onReady((host) => {
    if (hasOffered) return;
    hasOffered = true;
    void takeUp(workspace, host);
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
