import { useState } from 'react';
import { create } from 'zustand';
import { toast } from 'sonner';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { fill, useText } from '../i18n';
import { currentHost, useHost, useProject, useRun } from '../store';
import { Button, Dialog, Field, TextInput } from '../ui';
import { FileBrowser } from '../dialogs/FileBrowser';
import styles from './CodePanel.module.css';

const useExport = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));

/** Opens the export dialog. */
export function openExport(): void {
  useExport.setState({ isOpen: true });
}

function close(): void {
  useExport.setState({ isOpen: false });
}

/** Writes the network's TypeScript project into a folder, with the weights of the shown run if it is wanted. */
export function ExportDialog() {
  const { t } = useText('code');
  const isOpen = useExport((state) => state.isOpen);
  return (
    <Dialog isOpen={isOpen} onClose={close} title={t.exportTitle} description={t.exportHint} width="md">
      {isOpen ? <ExportForm /> : null}
    </Dialog>
  );
}

function ExportForm() {
  const { t, pick } = useText('code');
  const document = useProject((state) => state.document);
  const info = useHost((state) => state.info);
  const runId = useRun((run) => (run.phase === 'finished' ? run.runId : null));
  const [dir, setDir] = useState(
    `${info?.projectsDir ?? ''}/${document.name === '' ? 'network' : document.name.replace(/\W+/g, '-').toLowerCase()}`,
  );
  const [withWeights, setWithWeights] = useState(runId !== null);
  const [isBrowsing, setBrowsing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failures, setFailures] = useState<readonly Diagnostic[]>([]);
  const browse = (): void => {
    if (info?.nativeDialogs !== true) {
      setBrowsing(true);
      return;
    }
    void currentHost()
      ?.request('files.pickFolder', {})
      .then((answer) => (answer.ok && answer.value !== null ? setDir(answer.value.path) : undefined));
  };
  const write = async (): Promise<void> => {
    setBusy(true);
    const answer = await currentHost()?.request('export.typescript', {
      document,
      runId: withWeights ? runId : null,
      dir,
    });
    setBusy(false);
    if (answer === undefined) return;
    if (!answer.ok) {
      setFailures(answer.diagnostics);
      return;
    }
    toast.success(fill(t.exported, { count: answer.value.files.length, dir }));
    close();
  };
  return (
    <form
      className={styles['export']}
      onSubmit={(event) => {
        event.preventDefault();
        void write();
      }}
    >
      <Field label={t.folder} layout="column">
        {(ids) => (
          <span className={styles['folder']}>
            <TextInput id={ids.control} value={dir} onChange={(event) => setDir(event.target.value)} />
            <Button onClick={browse}>{t.browse}</Button>
          </span>
        )}
      </Field>
      <label className={styles['check']}>
        <input
          type="checkbox"
          checked={withWeights}
          disabled={runId === null}
          onChange={(event) => setWithWeights(event.target.checked)}
        />
        {runId === null ? t.noWeights : t.withWeights}
      </label>
      {failures.map((one) => (
        <p key={one.code} role="alert" className={styles['failure']}>
          {pick(one.summary)} {one.why === undefined ? null : pick(one.why)}
        </p>
      ))}
      <div className={styles['exportActions']}>
        <Button onClick={close}>{t.cancel}</Button>
        <Button type="submit" variant="primary" disabled={isBusy || dir.trim() === ''}>
          {t.export}
        </Button>
      </div>
      <FileBrowser
        isOpen={isBrowsing}
        mode="folder"
        onClose={() => setBrowsing(false)}
        onPick={(picked) => {
          setBrowsing(false);
          setDir(picked);
        }}
      />
    </form>
  );
}
