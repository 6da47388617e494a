import { useState } from 'react';
import type { HostRequests } from '../../shared/host/api';
import { manyRuns } from '../../shared/schema/limits';
import { formatBytes } from '../../shared/text';
import { fill, useText } from '../i18n';
import { currentHost } from '../store';
import { Button, classes, Dialog, formatCount, notify, notifyDiagnostics } from '../ui';
import { NumberField } from '../ui/NumberField';
import styles from './SettingsDialog.module.css';

/** Deletes runs that are older than so many of the newest and that nobody tagged, after it has said how many these are. */
export function PruneRuns({ entries, onDone }: { readonly entries: number; readonly onDone: () => void }) {
  const { t } = useText('settings');
  const [keep, setKeep] = useState<number>(manyRuns.kept);
  const [doomed, setDoomed] = useState<HostRequests['run.prune'][1] | null>(null);
  const [isBusy, setBusy] = useState(false);
  const kept = formatCount(keep);
  const ask = async (isTrial: boolean): Promise<HostRequests['run.prune'][1] | null> => {
    setBusy(true);
    const answer = await currentHost()?.request('run.prune', { keep, isTrial });
    setBusy(false);
    if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
    return answer?.ok === true ? answer.value : null;
  };
  const look = async (): Promise<void> => {
    const found = await ask(true);
    if (found?.runs === 0) notify(fill(t.pruneNone, { kept }), 'success');
    else setDoomed(found);
  };
  const prune = async (): Promise<void> => {
    setDoomed(null);
    const gone = await ask(false);
    if (gone !== null)
      notify(fill(t.pruned, { count: formatCount(gone.runs), size: formatBytes(gone.bytes) }), 'success');
    onDone();
  };
  return (
    <div className={classes(styles['free'], styles['prune'])}>
      <NumberField label={t.keepRuns} value={keep} min={0} max={1_000_000} step={100} isInteger onChange={setKeep} />
      <Button size="sm" disabled={isBusy || entries === 0} onClick={() => void look()}>
        {t.pruneRuns}
      </Button>
      <Dialog
        isOpen={doomed !== null}
        onClose={() => setDoomed(null)}
        width="sm"
        title={fill(t.pruneTitle, { count: formatCount(doomed?.runs ?? 0) })}
        description={fill(t.pruneHint, { kept, size: formatBytes(doomed?.bytes ?? 0) })}
        actions={
          <>
            <Button onClick={() => setDoomed(null)}>{t.cancel}</Button>
            <Button variant="danger" onClick={() => void prune()}>
              {t.delete}
            </Button>
          </>
        }
      />
    </div>
  );
}
