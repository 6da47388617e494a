import { useId, useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { drawHeadBars } from '../../shared/exports/figures/headBars';
import { printSvg } from '../../shared/exports/figures/svg';
import {
  headEndings,
  headForms,
  headTable,
  printHeadCsv,
  type HeadForm,
  type HeadReport,
} from '../../shared/exports/tables/heads';
import { printLatex } from '../../shared/exports/tables/latex';
import { printMarkdown } from '../../shared/exports/tables/markdown';
import type { Language } from '../../shared/text';
import { FolderInput } from '../dialogs/FolderInput';
import { fill, useText } from '../i18n';
import { currentHost, useHost } from '../store';
import { Button, Dialog, Failures, Select, TextInput } from '../ui';
import { CopyButton } from '../ui/CopyButton';
import styles from '../ui/ExportForm.module.css';

type HeadExportDialogProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly report: HeadReport;
};

/** Writes the heads as a picture or a table, which is shown as it will be. */
export function HeadExportDialog({ isOpen, onClose, report }: HeadExportDialogProps) {
  const { t } = useText('compare');
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t.exportHeads} width="lg">
      {isOpen ? <HeadExportForm onClose={onClose} report={report} /> : null}
    </Dialog>
  );
}

/** The text of a form, or for pictures the drawing that the file will have. */
function printed(report: HeadReport, form: HeadForm, language: Language): string {
  switch (form) {
    case 'markdown':
      return printMarkdown(headTable(report, language));
    case 'latex':
      return printLatex(headTable(report, language));
    case 'csv':
      return printHeadCsv(report);
    case 'svg':
    case 'png':
      return printSvg(drawHeadBars(report, language), 200);
  }
}

const isPicture: { readonly [F in HeadForm]: boolean } = {
  markdown: false,
  latex: false,
  csv: false,
  svg: true,
  png: true,
};

function HeadExportForm({ onClose, report }: Omit<HeadExportDialogProps, 'isOpen'>) {
  const { t, language } = useText('compare');
  const { t: common } = useText('volumes');
  const id = useId();
  const [form, setForm] = useState<HeadForm>('png');
  const [dir, setDir] = useState(useHost((state) => state.info?.projectsDir ?? ''));
  const base = report.name === '' ? 'network' : report.name.replace(/[^\p{L}\p{N}]+/gu, '-');
  const [name, setName] = useState(`${base}-heads`);
  const [overwrite, setOverwrite] = useState(false);
  const [failures, setFailures] = useState<readonly Diagnostic[]>([]);
  const content = useMemo(() => printed(report, form, language), [report, form, language]);
  const write = async (): Promise<void> => {
    const path = `${dir}/${name}${headEndings[form]}`;
    const answer = await currentHost()?.request('heads.write', { report, form, language, path, overwrite });
    if (answer === undefined) return;
    if (!answer.ok) {
      setFailures(answer.diagnostics);
      return;
    }
    toast.success(fill(common.exported, { path }));
    onClose();
  };
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void write();
      }}
    >
      {isPicture[form] ? (
        // As an image: whatever is in it can run nothing.
        <img
          className={styles['preview']}
          alt={common.preview}
          src={`data:image/svg+xml;utf8,${encodeURIComponent(content)}`}
        />
      ) : (
        <pre className={styles['preview']} aria-label={common.preview} role="region" tabIndex={0}>
          {content}
        </pre>
      )}
      <div className={styles['fields']}>
        <label htmlFor={`${id}-format`}>{common.format}</label>
        <Select
          id={`${id}-format`}
          label={common.format}
          value={form}
          items={headForms.map((one) => ({ value: one, label: t[`form_${one}`] }))}
          onChange={setForm}
        />
        <label htmlFor={`${id}-folder`}>{common.folder}</label>
        <FolderInput id={`${id}-folder`} value={dir} onChange={(event) => setDir(event.target.value)} onPick={setDir} />
        <label htmlFor={`${id}-name`}>{common.fileName}</label>
        <TextInput id={`${id}-name`} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <label className={styles['check']}>
        <input type="checkbox" checked={overwrite} onChange={(event) => setOverwrite(event.target.checked)} />
        {common.overwrite}
      </label>
      <Failures diagnostics={failures} />
      <div className={styles['actions']}>
        {isPicture[form] ? null : <CopyButton text={content} label={t.copyText} />}
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button type="submit" variant="primary" disabled={dir.trim() === '' || name.trim() === ''}>
          {common.export}
        </Button>
      </div>
    </form>
  );
}
