import type { RunSummary } from '../../shared/host/api';
import { runName } from '../../shared/training/runTable';
import { useText } from '../i18n';
import { useRun, useSession } from '../session';
import { currentHost } from '../store';
import { Button, Dialog, notifyDiagnostics } from '../ui';
import { leaveOutRun } from './chosenRuns';

type DeleteRunProps = {
  /** The run that is to be deleted; null while nothing is asked. */
  readonly run: RunSummary | null;
  readonly onClose: () => void;
  /** The run is deleted, or it was said why not. */
  readonly onDone: () => void;
};

/** Asks whether a run is to be deleted, and deletes it. */
export function DeleteRun({ run, onClose, onDone }: DeleteRunProps) {
  const { t, language } = useText('runs');
  const session = useSession();
  const shown = useRun((state) => ('runId' in state ? state.runId : null));
  const remove = async (runId: string): Promise<void> => {
    onClose();
    const answer = await currentHost()?.request('run.delete', { runId });
    if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
    leaveOutRun(runId);
    if (shown === runId) session.run.clear();
    onDone();
  };
  return (
    <Dialog
      isOpen={run !== null}
      onClose={onClose}
      width="sm"
      title={t.removeTitle}
      description={t.removeHint}
      actions={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button variant="danger" onClick={() => (run === null ? undefined : void remove(run.id))}>
            {t.delete}
          </Button>
        </>
      }
    >
      <p>{run === null ? '' : runName(run, language)}</p>
    </Dialog>
  );
}
