import type { HostApi } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import type { KeptTabs, Session, Workspace } from '../session';
import { isDirty, keptTabsOf, readKeptTabs, reopenTabs } from '../session';
import { remember, useUi } from '../store';
import { notifyDiagnostics } from '../ui/notify';

/** Where a page keeps its tabs over being loaded again, and the settings keep those of the first window over restarts. */
const storageKey = 'convloom.tabs';
const settingsKey = 'tabs';

/** Whether this is the first window of the app's origin, so that its tabs are those of the next start. */
async function isFirstWindow(): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(storageKey, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      // Held for as long as the page lives.
      return lock === null ? undefined : new Promise(() => undefined);
    });
  });
}

/** As much of the tabs as one entry of the settings holds. */
function settingsText(tabs: KeptTabs): string {
  let text = JSON.stringify(tabs);
  for (let count = tabs.length - 1; text.length > limits.layoutTextLength; count--) {
    text = JSON.stringify(tabs.slice(0, count));
  }
  return text;
}

/** Calls back when what is kept of a session may have changed. Gives back what ends it. */
function watchSession(session: Session, changed: () => void): () => void {
  const leaveProject = session.project.store.subscribe((state, previous) => {
    if (state.file !== previous.file || isDirty(state) !== isDirty(previous)) changed();
  });
  const leaveRun = session.run.store.subscribe((state, previous) => {
    if (state.phase !== previous.phase) changed();
  });
  return () => {
    leaveProject();
    leaveRun();
  };
}

/** Calls back on every change of what is kept of the tabs. */
function watchTabs(workspace: Workspace, changed: () => void): void {
  const watched = new Map<Session, () => void>();
  const follow = (): void => {
    const { sessions } = workspace.getState();
    for (const [session, leave] of watched) {
      if (sessions.includes(session)) continue;
      leave();
      watched.delete(session);
    }
    for (const session of sessions) if (!watched.has(session)) watched.set(session, watchSession(session, changed));
    changed();
  };
  workspace.store.subscribe(follow);
  follow();
}

/**
 * Opens again what this page showed before it was loaded again, or what the app showed when it last ended, and keeps what is open from
 * then on. `patienceMs`: how long the end of the earlier page is waited for.
 */
export async function takeUpTabs(workspace: Workspace, host: HostApi, patienceMs: number): Promise<void> {
  const own = sessionStorage.getItem(storageKey);
  const isFirst = await isFirstWindow();
  const last = useUi.getState().layout[settingsKey];
  const kept = own ?? (isFirst && typeof last === 'string' ? last : null);
  if (kept !== null) await reopenTabs(workspace, host, readKeptTabs(kept), { patienceMs, report: notifyDiagnostics });
  watchTabs(workspace, () => {
    const tabs = keptTabsOf(workspace.getState());
    sessionStorage.setItem(storageKey, JSON.stringify(tabs));
    if (isFirst) remember(settingsKey, settingsText(tabs));
  });
}
