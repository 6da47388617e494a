import { toast } from 'sonner';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { HostRequests, RequestName } from '../../shared/host/api';
import { messages } from '../i18n';
import { currentHost } from '../store/host';
import { useUi } from '../store/ui';

/** What takes longer is said, and can be given up. */
const patienceMs = 1000;

/**
 * Asks the host for what may take long. After a second the window says `what` it is waiting for, with a button that gives it up. Null
 * when it was given up, and where there is no host.
 */
export async function askPatiently<N extends RequestName>(
  what: string,
  name: N,
  payload: HostRequests[N][0],
): Promise<Result<HostRequests[N][1]> | null> {
  const host = currentHost();
  if (host === null) return null;
  const giving = new AbortController();
  const { cancel } = messages('dialogs', useUi.getState().language);
  let shown: string | number | undefined;
  const timer = setTimeout(() => {
    shown = toast.loading(what, { duration: Infinity, cancel: { label: cancel, onClick: () => giving.abort() } });
  }, patienceMs);
  const answer = await host.request(name, payload, giving.signal);
  clearTimeout(timer);
  if (shown !== undefined) toast.dismiss(shown);
  return giving.signal.aborted ? null : answer;
}
