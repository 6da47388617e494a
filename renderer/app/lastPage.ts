/** Where a tab keeps the name of the page that is in it. */
const key = 'convloom.page';

/** A page is there for as long as this is held. */
const lockOf = (page: string): string => `convloom.page.${page}`;

/**
 * Names the page that is in this tab, and says whether the one before ended without being left: its process crashed, or was killed. A page
 * that is left or loaded again takes its name away. Where the name is there and the page too, the tab is a copy of another.
 */
export async function didLastPageCrash(): Promise<boolean> {
  // Pages of no origin that counts as secure have no locks.
  if (!window.isSecureContext) return false;
  const last = sessionStorage.getItem(key);
  const own = crypto.randomUUID();
  sessionStorage.setItem(key, own);
  window.addEventListener('pagehide', () => sessionStorage.removeItem(key));
  // Given back by the browser, when the page is gone.
  void navigator.locks.request(lockOf(own), () => new Promise(() => undefined));
  // A tab that was put to sleep to save memory did not crash.
  if (last === null || ('wasDiscarded' in document && document.wasDiscarded === true)) return false;
  return await navigator.locks.request(lockOf(last), { ifAvailable: true }, (lock) => lock !== null);
}
