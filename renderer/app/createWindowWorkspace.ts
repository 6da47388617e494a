import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import { fill, messages } from '../i18n';
import type { Workspace } from '../session';
import { createWorkspace } from '../session';
import { hostLink, useUi } from '../store';
import { notify } from '../ui/notify';

/** The workspace of this window: its host, its screen, its words. */
export function createWindowWorkspace(): Workspace {
  return createWorkspace({
    host: hostLink,
    nextFrame: (callback) => void requestAnimationFrame(callback),
    newId: () => crypto.randomUUID(),
    onDraftTrouble: (_session, diagnostics) => {
      const { language } = useUi.getState();
      const t = messages('app', language);
      if (diagnostics === null) notify(t.draftWorks, 'success');
      else {
        const reason = diagnostics.map((diagnostic) => diagnosticMessage(diagnostic, language)).join(' ');
        notify(fill(t.draftFailed, { reason }), 'error');
      }
    },
  });
}
