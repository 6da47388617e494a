import { FolderOpen } from 'lucide-react';
import type { HostRequests } from '../../shared/host/api';
import { asClause, isProofGood, proofText } from '../../shared/host/proofText';
import { fill, useText } from '../i18n';
import { currentHost, useHost } from '../store';
import { Button, classes } from '../ui';
import { CopyButton } from '../ui/CopyButton';
import styles from './ExportDialog.module.css';

export type Exported = HostRequests['export.write'][1] & { readonly path: string };

/** What was written, and how far it is from the app's own answers. */
export function ExportResult({ result, onAgain, onClose }: { readonly result: Exported } & ResultActions) {
  const { t, pick } = useText('exports');
  const { path, files, proof, notProved } = result;
  const canReveal = useHost((state) => state.info?.nativeDialogs === true);
  return (
    <div className={styles['result']} role="status">
      <p>
        <strong>{fill(files.length === 1 ? t.writtenOne : t.written, { count: files.length })}</strong>
      </p>
      <p className={styles['path']}>
        <code>{path}</code>
        <CopyButton text={path} label={t.copyPath} copiedLabel={t.copied} size="sm" />
      </p>
      {proof === null ? null : (
        <p className={classes(styles['proof'], !isProofGood(proof) && styles['bad'])}>
          {pick(proofText(proof))} {isProofGood(proof) ? null : t.differs}
        </p>
      )}
      {notProved === null ? null : (
        <p className={styles['note']}>{fill(t.notProved, { why: asClause(pick(notProved)) })}</p>
      )}
      <div className={styles['actions']}>
        {canReveal ? (
          <Button
            icon={<FolderOpen size={15} aria-hidden />}
            onClick={() => void currentHost()?.request('files.reveal', { path })}
          >
            {t.reveal}
          </Button>
        ) : null}
        <Button onClick={onAgain}>{t.again}</Button>
        <Button variant="primary" onClick={onClose}>
          {t.done}
        </Button>
      </div>
    </div>
  );
}

type ResultActions = { readonly onAgain: () => void; readonly onClose: () => void };
