import type { RunSummary } from '../../shared/host/api';
import { runName } from '../../shared/training/runTable';
import { fill, useText } from '../i18n';
import { useRun, useSession } from '../session';
import { currentHost } from '../store';
import { Button, Dialog, formatCount, notifyDiagnostics } from '../ui';
import { leaveOutRun } from './chosenRuns';

type DeleteRunProps = {
  /** The runs that are to be deleted; none while nothing is asked. */
  readonly runs: readonly RunSummary[];
  readonly onClose: () => void;
  /** They are deleted, or it was said why not. */
  readonly onDone: () => void;
};

/** Of many, so many are named; the others are counted. */
const mostNamed = 8;

/** Asks whether runs are to be deleted, and deletes them. */
export function DeleteRun({ runs, onClose, onDone }: DeleteRunProps) {
  const { t, language } = useText('runs');
  const session = useSession();
  const shown = useRun((state) => ('runId' in state ? state.runId : null));
  const remove = async (): Promise<void> => {
    onClose();
    for (const { id: runId } of runs) {
      const answer = await currentHost()?.request('run.delete', { runId });
      if (answer?.ok !== true) {
        // The next ones would fail alike, each with its own message.
        if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
        break;
      }
      leaveOutRun(runId);
      if (shown === runId) session.run.clear();
    }
    onDone();
  };
  const isOne = runs.length === 1;
  return (
    <Dialog
      isOpen={runs.length > 0}
      onClose={onClose}
      width="sm"
      title={isOne ? t.removeTitle : fill(t.removeManyTitle, { count: formatCount(runs.length) })}
      description={isOne ? t.removeHint : t.removeManyHint}
      actions={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button variant="danger" onClick={() => void remove()}>
            {t.delete}
          </Button>
        </>
      }
    >
      {runs.slice(0, mostNamed).map((run) => (
        <p key={run.id}>{runName(run, language)}</p>
      ))}
      {runs.length > mostNamed ? <p>{fill(t.andOthers, { count: formatCount(runs.length - mostNamed) })}</p> : null}
    </Dialog>
  );
}
