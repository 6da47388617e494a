import { Package } from 'lucide-react';
import { useMemo, useState } from 'react';
import { exportTargets } from '../../shared/schema/exports';
import { openExport } from '../exports/exportStore';
import { showNode } from '../canvas/showNode';
import { useText } from '../i18n';
import { problemKey, useProject, useSession } from '../session';
import { openDialog, remember, showDockTab, useUi } from '../store';
import { Button, classes, EmptyState, Select } from '../ui';
import { CopyButton } from '../ui/CopyButton';
import styles from './CodePanel.module.css';
import { CodeView } from './CodeView';
import { codeLanguages, languageOf, languages } from './languages';
import { linesOfNodes, nodeAtLine } from './nodeLines';

/** Where the chosen language is kept. */
const languageKey = 'code.language';

/** The network as the code that one takes home, in any of the languages, live with every edit; a click on a line leads to its node. */
export function CodePanel() {
  const session = useSession();
  const { t, pick } = useText('code');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const selection = useProject((state) => state.selection);
  const theme = useUi((state) => state.theme);
  const language = useUi((state) => languageOf(state.layout[languageKey]));
  const [chosen, setChosen] = useState<string | null>(null);
  const printed = useMemo(
    () => (document.nodes.length === 0 ? null : languages[language](document, analysis)),
    [document, analysis, language],
  );
  const files = printed?.ok === true ? printed.value : [];
  const file =
    files.find((one) => one.path === chosen) ?? files.find((one) => /(^|\/)model\.(ts|py)$/.test(one.path)) ?? files[0];
  const marked = useMemo(() => (file === undefined ? [] : linesOfNodes(file, [...selection])), [file, selection]);

  if (printed === null) {
    return (
      <EmptyState title={t.emptyTitle}>
        <Button onClick={() => openDialog('templates')}>{t.openTemplate}</Button>
      </EmptyState>
    );
  }
  const choice = (
    <div className={styles['language']}>
      <Select
        label={t.language}
        value={language}
        items={codeLanguages.map((value) => ({
          value,
          label: pick(exportTargets.find(({ id }) => id === value)?.label ?? { en: value, zh: value }),
        }))}
        onChange={(value) => remember(languageKey, value)}
      />
    </div>
  );
  if (!printed.ok) {
    const [first] = printed.diagnostics;
    return (
      <EmptyState title={t.cannotPrint} hint={first === undefined ? '' : pick(first.summary)}>
        {choice}
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
  const goTo = (line: number): void => {
    const id = nodeAtLine(file, line, [...analysis.nodes.keys()]);
    if (id !== null) showNode(session, id);
  };
  return (
    <section className={styles['panel']} aria-label={t.code}>
      <div className={styles['bar']}>
        {choice}
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
        <Button size="sm" icon={<Package size={14} aria-hidden />} onClick={() => openExport(language)}>
          {t.exportButton}
        </Button>
      </div>
      <CodeView
        label={`${t.code}: ${file.path}`}
        path={file.path}
        text={file.text}
        theme={theme}
        marked={marked}
        onLine={goTo}
      />
    </section>
  );
}
