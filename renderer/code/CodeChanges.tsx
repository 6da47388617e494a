import { useEffect, useRef } from 'react';
import styles from './CodePanel.module.css';
import { codeOptions, languageOf } from './CodeView';
import { applyMonacoTheme, monaco } from './monaco';

type CodeChangesProps = {
  readonly label: string;
  readonly path: string;
  /** The file as it was printed of the network that was saved last; empty where it was not there. */
  readonly before: string;
  readonly after: string;
  readonly theme: 'light' | 'dark';
};

/** What has changed in one generated file since the last save: side by side, or under each other where there is little room. */
export function CodeChanges({ label, path, before, after, theme }: CodeChangesProps) {
  const frame = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneDiffEditor | null>(null);

  useEffect(() => {
    if (frame.current === null) return undefined;
    const created = monaco.editor.createDiffEditor(frame.current, {
      ...codeOptions,
      readOnly: true,
      originalEditable: false,
      renderOverviewRuler: false,
    });
    editor.current = created;
    const first = created.onDidUpdateDiff(() => created.revealFirstDiff());
    return () => {
      first.dispose();
      created.dispose();
      editor.current = null;
    };
  }, []);

  useEffect(() => applyMonacoTheme(theme), [theme]);

  useEffect(() => {
    editor.current?.getModifiedEditor().updateOptions({ ariaLabel: label });
  }, [label]);

  useEffect(() => {
    const [original, modified] = [before, after].map((text) => monaco.editor.createModel(text, languageOf(path)));
    if (original === undefined || modified === undefined) return undefined;
    editor.current?.setModel({ original, modified });
    return () => {
      editor.current?.setModel(null);
      original.dispose();
      modified.dispose();
    };
  }, [path, before, after]);

  return <div className={styles['editor']} ref={frame} />;
}
