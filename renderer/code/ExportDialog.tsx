import { useId, useState } from 'react';
import { toast } from 'sonner';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { fill, useText } from '../i18n';
import { useProject, useRun } from '../session';
import { currentHost, useHost } from '../store';
import { Button, Dialog, Failures } from '../ui';
import { FolderInput } from '../dialogs/FolderInput';
import styles from './CodePanel.module.css';
import { closeExport, useExport } from './exportStore';

/** Writes the network's TypeScript project into a folder, with the weights of the shown run if it is wanted. */
export function ExportDialog() {
  const { t } = useText('code');
  const isOpen = useExport((state) => state.isOpen);
  return (
    <Dialog isOpen={isOpen} onClose={closeExport} title={t.exportTitle} description={t.exportHint} width="md">
      {isOpen ? <ExportForm /> : null}
    </Dialog>
  );
}

function ExportForm() {
  const { t } = useText('code');
  const id = useId();
  const document = useProject((state) => state.document);
  const info = useHost((state) => state.info);
  const runId = useRun((run) => (run.phase === 'finished' ? run.runId : null));
  const [dir, setDir] = useState(
    `${info?.projectsDir ?? ''}/${document.name === '' ? 'network' : document.name.replace(/\W+/g, '-').toLowerCase()}`,
  );
  const [withWeights, setWithWeights] = useState(runId !== null);
  const [work, setWork] = useState<AbortController | null>(null);
  const [failures, setFailures] = useState<readonly Diagnostic[]>([]);
  const write = async (): Promise<void> => {
    const started = new AbortController();
    setWork(started);
    const model = withWeights && runId !== null ? ({ type: 'run', runId } as const) : null;
    const order = { document, target: 'typescript', model, path: dir, overwrite: false } as const;
    const answer = await currentHost()?.request('export.write', order, started.signal);
    setWork(null);
    if (answer === undefined || started.signal.aborted) return;
    if (!answer.ok) {
      setFailures(answer.diagnostics);
      return;
    }
    toast.success(fill(t.exported, { count: answer.value.files.length, dir }));
    closeExport();
  };
  return (
    <form
      className={styles['export']}
      onSubmit={(event) => {
        event.preventDefault();
        void write();
      }}
    >
      <div className={styles['folder']}>
        <label htmlFor={id}>{t.folder}</label>
        <FolderInput id={id} value={dir} onChange={(event) => setDir(event.target.value)} onPick={setDir} />
      </div>
      <label className={styles['check']}>
        <input
          type="checkbox"
          checked={withWeights}
          disabled={runId === null}
          onChange={(event) => setWithWeights(event.target.checked)}
        />
        {runId === null ? t.noWeights : t.withWeights}
      </label>
      <Failures diagnostics={failures} />
      {work === null ? null : (
        <p role="status" className={styles['working']}>
          {t.exporting}
        </p>
      )}
      <div className={styles['exportActions']}>
        <Button onClick={() => (work === null ? closeExport() : work.abort())}>{t.cancel}</Button>
        <Button type="submit" variant="primary" disabled={work !== null || dir.trim() === ''}>
          {t.export}
        </Button>
      </div>
    </form>
  );
}
