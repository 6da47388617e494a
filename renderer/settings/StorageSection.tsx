import { useState } from 'react';
import type { StorageUse } from '../../shared/host/api';
import { manyRuns } from '../../shared/schema/limits';
import { formatBytes } from '../../shared/text';
import { fill, useText } from '../i18n';
import { currentHost } from '../store';
import { useRequest } from '../store/useRequest';
import { Button, Failures, formatCount, notify, notifyDiagnostics } from '../ui';
import { CopyButton } from '../ui/CopyButton';
import { PruneRuns } from './PruneRuns';
import { Section } from './Section';
import styles from './SettingsDialog.module.css';

type FreeButtonProps = { readonly use: StorageUse; readonly onFreed: () => void };

/** Takes away what can go without a loss, and says what that is before. */
function FreeButton({ use, onFreed }: FreeButtonProps) {
  const { t } = useText('settings');
  const [isBusy, setBusy] = useState(false);
  const free = async (): Promise<void> => {
    setBusy(true);
    const answer = await currentHost()?.request('storage.free', { id: use.id });
    setBusy(false);
    if (answer?.ok === true) notify(fill(t.freed, { size: formatBytes(answer.value.freedBytes) }), 'success');
    if (answer?.ok === false) notifyDiagnostics(answer.diagnostics);
    onFreed();
  };
  return (
    <div className={styles['free']}>
      <Button size="sm" disabled={isBusy || use.freeableBytes === 0} onClick={() => void free()}>
        {use.freeableBytes === 0 ? t.nothingToFree : fill(t.free, { size: formatBytes(use.freeableBytes) })}
      </Button>
      <span>{use.id === 'runs' ? t.freeRunsHint : t.freeCachesHint}</span>
    </div>
  );
}

/** Where the app keeps what, what that takes on the disk, and how to get it back. */
export function StorageSection() {
  const { t } = useText('settings');
  const { value, isLoading, diagnostics, reload } = useRequest('storage.list', {});
  return (
    <Section title={t.storage} hint={t.storageHint}>
      <Failures diagnostics={diagnostics} />
      {value === null && isLoading ? <p className={styles['hint']}>{t.looking}</p> : null}
      <ul className={styles['list']}>
        {(value ?? []).map((use) => (
          <li key={use.id}>
            <span className={styles['what']}>
              <b>{t[`storageOf_${use.id}`]}</b>
              {use.id === 'projects' || use.id === 'data' ? null : (
                <span className="figures">
                  {use.entries === undefined ? null : fill(t.runCount, { count: formatCount(use.entries) })}
                  {fill(t.takes, { size: formatBytes(use.bytes), count: formatCount(use.files) })}
                </span>
              )}
            </span>
            <span className={styles['path']}>
              <code>{use.dir}</code>
              <CopyButton text={use.dir} label={`${t.copyPath}: ${t[`storageOf_${use.id}`]}`} size="sm" />
            </span>
            {use.entries !== undefined && (use.entries >= manyRuns.entries || use.bytes >= manyRuns.bytes) ? (
              <p role="status">{t.manyRuns}</p>
            ) : null}
            {use.entries === undefined ? null : <PruneRuns entries={use.entries} onDone={reload} />}
            {use.id === 'runs' || use.id === 'caches' ? <FreeButton use={use} onFreed={reload} /> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
