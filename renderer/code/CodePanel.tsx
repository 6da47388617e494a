import { Package } from 'lucide-react';
import { useMemo, useState } from 'react';
import { printTypescript } from '../../shared/exports/typescript';
import { useText } from '../i18n';
import { problemKey, useProject, useSession } from '../session';
import { openDialog, showDockTab, useUi } from '../store';
import { Button, classes, EmptyState } from '../ui';
import { CopyButton } from '../ui/CopyButton';
import styles from './CodePanel.module.css';
import { CodeView } from './CodeView';
import { openExport } from './exportStore';
import { linesOfNodes } from './nodeLines';

/** The network as the TypeScript that one takes home, live with every edit. */
export function CodePanel() {
  const session = useSession();
  const { t, pick } = useText('code');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const selection = useProject((state) => state.selection);
  const theme = useUi((state) => state.theme);
  const [chosen, setChosen] = useState<string | null>(null);
  const printed = useMemo(
    () => (document.nodes.length === 0 ? null : printTypescript(document, analysis)),
    [document, analysis],
  );
  const files = printed?.ok === true ? printed.value : [];
  const file =
    files.find((one) => one.path === chosen) ?? files.find((one) => one.path.endsWith('model.ts')) ?? files[0];
  const marked = useMemo(() => (file === undefined ? [] : linesOfNodes(file, [...selection])), [file, selection]);

  if (printed === null) {
    return (
      <EmptyState title={t.emptyTitle}>
        <Button onClick={() => openDialog('templates')}>{t.openTemplate}</Button>
      </EmptyState>
    );
  }
  if (!printed.ok) {
    const [first] = printed.diagnostics;
    return (
      <EmptyState title={t.cannotPrint} hint={first === undefined ? '' : pick(first.summary)}>
        <Button
          onClick={() => {
            showDockTab('problems');
            if (first !== undefined) session.view.openProblemCard(problemKey(first));
          }}
        >
          {t.showProblems}
        </Button>
      </EmptyState>
    );
  }
  if (file === undefined) return null;
  return (
    <section className={styles['panel']} aria-label={t.code}>
      <div className={styles['bar']}>
        <div role="tablist" aria-label={t.files} className={styles['files']}>
          {files.map((one) => (
            <button
              key={one.path}
              type="button"
              role="tab"
              aria-selected={one.path === file.path}
              className={classes(styles['file'], one.path === file.path && styles['current'])}
              onClick={() => setChosen(one.path)}
            >
              {one.path}
            </button>
          ))}
        </div>
        <CopyButton text={file.text} label={t.copy} copiedLabel={t.copied} />
        <Button size="sm" icon={<Package size={14} aria-hidden />} onClick={openExport}>
          {t.exportButton}
        </Button>
      </div>
      <CodeView label={`${t.code}: ${file.path}`} path={file.path} text={file.text} theme={theme} marked={marked} />
    </section>
  );
}
