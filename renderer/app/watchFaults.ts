import { toast } from 'sonner';
import type { HostApi } from '../../shared/host/api';
import { messages } from '../i18n';
import { currentHost, hostLink, openDialog, useUi } from '../store';
import { didLastPageCrash } from './lastPage';

/** As much of a fault as the log takes. */
const messageLength = 9000;
/** A fault that repeats with each frame is written down as often as anybody reads it. */
const mostReports = 50;
let reported = 0;

/** Writes a fault of the page into the log; `isCrash`: a part of the page is gone by it. */
export function reportFault(fault: unknown, isCrash: boolean): void {
  reported += 1;
  if (reported > mostReports) return;
  const error = fault instanceof Error ? fault : new Error(String(fault));
  const message = error.message.slice(0, messageLength);
  void currentHost()?.request('log.add', { message, stack: (error.stack ?? '').slice(0, messageLength), isCrash });
}

/** Leaves a report of the page that was in this tab before, where it crashed. Electron tells of that by itself. */
async function reportLastPage(host: HostApi, hasCrashed: Promise<boolean>): Promise<void> {
  if (!(await hasCrashed)) return;
  const info = await host.request('host.info', {});
  if (!info.ok || info.value.form === 'electron') return;
  await host.request('log.add', { message: 'the page crashed, or its browser was killed', stack: '', isCrash: true });
}

/** Writes down what nobody catches, and says once what ended unexpectedly the last time. Gives back what ends it. */
export function watchFaults(): () => void {
  let hasAsked = false;
  const hasCrashed = didLastPageCrash();
  const leaveHost = hostLink.onReady((host) => {
    if (hasAsked) return;
    hasAsked = true;
    const asked = reportLastPage(host, hasCrashed).then(() => host.request('log.crashes', {}));
    void asked.then((answer) => {
      const last = answer.ok ? answer.value.at(-1) : undefined;
      if (last === undefined) return;
      const t = messages('settings', useUi.getState().language);
      toast(t[`crashOf_${last.source}`], {
        description: t.crashHint,
        duration: 12_000,
        action: { label: t.openSettings, onClick: () => openDialog('settings') },
      });
    });
  });
  const onError = ({ error }: ErrorEvent): void => reportFault(error, false);
  const onRejection = ({ reason }: PromiseRejectionEvent): void => reportFault(reason, false);
  window.addEventListener('error', onError);
  window.addEventListener('unhandledrejection', onRejection);
  return () => {
    leaveHost();
    window.removeEventListener('error', onError);
    window.removeEventListener('unhandledrejection', onRejection);
  };
}
