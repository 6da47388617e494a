import { Package } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { GeneratedFile } from '../../shared/exports/files';
import { exportTargets } from '../../shared/schema/exports';
import { text } from '../../shared/text';
import { openExport } from '../exports/exportStore';
import { prefixOf } from '../canvas/measures';
import { showNode } from '../canvas/showNode';
import { fill, useText } from '../i18n';
import { en, zh } from '../i18n/code';
import { problemKey, useChosen, useProject, useSession } from '../session';
import { openDialog, remember, showDockTab, useUi } from '../store';
import { Button, classes, EmptyState, notify, Select } from '../ui';
import { CopyButton } from '../ui/CopyButton';
import styles from './CodePanel.module.css';
import { CodeChanges } from './CodeChanges';
import { readCodeEdit } from './codeEdit';
import { CodeView } from './CodeView';
import { codeLanguages, languageOf, languages } from './languages';
import { linesOfNodes, nodeAtLine } from './nodeLines';
import { SketchLine } from './SketchLine';

/** Where the chosen language is kept. */
const languageKey = 'code.language';

/** The network as the code that one takes home, in any of the languages, live with every edit and back: a click on a line leads to its node, and what is typed over a setting sets it. */
export function CodePanel() {
  const session = useSession();
  const { t, pick } = useText('code');
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const chosen = useChosen();
  const selection = useStore(chosen.project.store, (state) => state.selection);
  const language = useUi((state) => languageOf(state.layout[languageKey]));
  const [path, setPath] = useState<string | null>(null);
  const [isOfChanges, setOfChanges] = useState(false);
  const words = useUi((state) => state.language);
  const printed = useMemo(
    () => (document.nodes.length === 0 ? null : languages[language](document, analysis, words)),
    [document, analysis, language, words],
  );
  const files = printed?.ok === true ? printed.value : [];
  const file =
    files.find((one) => one.path === path) ?? files.find((one) => /(^|\/)model\.(ts|py)$/.test(one.path)) ?? files[0];
  const marked = useMemo(() => {
    const prefix = prefixOf(chosen);
    const ids = [...selection].map((id) => prefix + id);
    return file === undefined ? [] : linesOfNodes(file, ids);
  }, [file, chosen, selection]);

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
  return (
    <section className={styles['panel']} aria-label={t.code}>
      <div className={styles['bar']}>
        {choice}
        <SketchLine />
        <Button size="sm" aria-pressed={isOfChanges} onClick={() => setOfChanges(!isOfChanges)}>
          {t.sinceSave}
        </Button>
        <CopyButton text={file.text} label={t.copy} copiedLabel={t.copied} />
        <Button size="sm" icon={<Package size={14} aria-hidden />} onClick={() => openExport(language)}>
          {t.exportButton}
        </Button>
      </div>
      <div className={styles['body']}>
        {files.length > 1 ? <FileList files={files} current={file.path} onChoose={setPath} /> : null}
        <div className={styles['text']}>
          {isOfChanges ? (
            <ChangesOf file={file} language={language} />
          ) : (
            <CodeOf file={file} language={language} marked={marked} />
          )}
        </div>
      </div>
    </section>
  );
}

type FileListProps = {
  readonly files: readonly GeneratedFile[];
  readonly current: string;
  readonly onChoose: (path: string) => void;
};

/** The files of a project, beside the one that is shown: above it they would take all of a low panel. */
function FileList({ files, current, onChoose }: FileListProps) {
  const { t } = useText('code');
  return (
    <div role="tablist" aria-label={t.files} aria-orientation="vertical" className={styles['files']}>
      {files.map(({ path }) => (
        <button
          key={path}
          type="button"
          role="tab"
          aria-selected={path === current}
          title={path}
          className={classes(styles['file'], path === current && styles['current'])}
          onClick={() => onChoose(path)}
        >
          {path}
        </button>
      ))}
    </div>
  );
}

type FileProps = { readonly file: GeneratedFile; readonly language: keyof typeof languages };

/** A printed file, whose lines lead to their nodes and whose settings can be typed over. */
function CodeOf({ file, language, marked }: FileProps & { readonly marked: readonly number[] }) {
  const session = useSession();
  const { t } = useText('code');
  const theme = useUi((state) => state.theme);
  const goTo = useCallback(
    (line: number, isTyping: boolean): void => {
      const id = nodeAtLine(file, line, [...session.project.getState().analysis.nodes.keys()]);
      if (id !== null) showNode(session, id, isTyping);
    },
    [file, session],
  );
  const take = useCallback(
    (typed: string) => {
      const { language: words } = useUi.getState();
      const read = readCodeEdit(session.project.getState().document, file, typed, (document, analysis) =>
        languages[language](document, analysis, words),
      );
      const taken = read.ok ? session.project.edit(text(en.codeEdit, zh.codeEdit), read.value.edits) : read;
      if (!read.ok || !taken.ok) return taken.ok ? [] : taken.diagnostics;
      for (const { block, copies } of read.value.blocks) notify(fill(t.copiesChanged, { block, copies }));
      return [];
    },
    [file, language, session, t],
  );
  return (
    <CodeView
      label={`${t.code}: ${file.path}`}
      path={file.path}
      text={file.text}
      theme={theme}
      marked={marked}
      onLine={goTo}
      onTyped={take}
      onTravel={session.project.travel}
    />
  );
}

/** The same file of the network that was saved last, and what has become of it. */
function ChangesOf({ file, language }: FileProps) {
  const { t } = useText('code');
  const theme = useUi((state) => state.theme);
  const saved = useProject((state) => state.savedDocument);
  const words = useUi((state) => state.language);
  const before = useMemo(() => {
    const printed = saved.nodes.length === 0 ? null : languages[language](saved, analyzeNetwork(saved), words);
    return (printed?.ok === true ? printed.value.find(({ path }) => path === file.path)?.text : undefined) ?? '';
  }, [saved, language, words, file.path]);
  if (before === file.text) return <EmptyState title={t.nothingChanged} />;
  return (
    <CodeChanges
      label={`${t.sinceSave}: ${file.path}`}
      path={file.path}
      before={before}
      after={file.text}
      theme={theme}
    />
  );
}
