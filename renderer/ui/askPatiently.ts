import { toast } from 'sonner';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { HostRequests, RequestName } from '../../shared/host/api';
import { messages } from '../i18n';
import { currentHost } from '../store/host';
import { useUi } from '../store/ui';

/** What takes longer is said, and can be given up. */
const patienceMs = 1000;

/**
 * Does what may take long. After a second the window says `what` it is waiting for, with a button that gives it up; `say` changes these
 * words. Null when it was given up.
 */
export async function workPatiently<T>(
  what: string,
  work: (signal: AbortSignal, say: (what: string) => void) => Promise<T>,
): Promise<T | null> {
  const giving = new AbortController();
  const { cancel } = messages('dialogs', useUi.getState().language);
  let words = what;
  let shown: string | number | undefined;
  const show = (): void => {
    shown = toast.loading(words, {
      ...(shown === undefined ? {} : { id: shown }),
      duration: Infinity,
      cancel: { label: cancel, onClick: () => giving.abort() },
    });
  };
  const timer = setTimeout(show, patienceMs);
  try {
    const value = await work(giving.signal, (next) => {
      words = next;
      if (shown !== undefined) show();
    });
    return giving.signal.aborted ? null : value;
  } finally {
    clearTimeout(timer);
    if (shown !== undefined) toast.dismiss(shown);
  }
}

/** Asks the host for what may take long, as {@link workPatiently} does. Null also where there is no host. */
export async function askPatiently<N extends RequestName>(
  what: string,
  name: N,
  payload: HostRequests[N][0],
): Promise<Result<HostRequests[N][1]> | null> {
  const host = currentHost();
  return host === null ? null : await workPatiently(what, (signal) => host.request(name, payload, signal));
}
