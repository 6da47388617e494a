import { useEffect, useRef } from 'react';
import styles from './CodePanel.module.css';
import { applyMonacoTheme, monaco } from './monaco';

type CodeViewProps = {
  readonly label: string;
  readonly path: string;
  readonly text: string;
  readonly theme: 'light' | 'dark';
  /** 1-based lines that belong to the selection; the first is brought into view. */
  readonly marked: readonly number[];
  /** Called with the 1-based line that was clicked, or that the caret is in when Enter is pressed. */
  readonly onLine: (line: number) => void;
};

function languageOf(path: string): string {
  if (path.endsWith('.py')) return 'python';
  if (path.endsWith('.md')) return 'markdown';
  if (!/\.(ts|js|json)$/.test(path)) return 'plaintext';
  return 'typescript';
}

/** A read-only editor over one generated file. The text is replaced in place, so scrolling and folding survive an edit of the network. */
export function CodeView({ label, path, text, theme, marked, onLine }: CodeViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const marks = useRef<monaco.editor.IEditorDecorationsCollection | null>(null);

  useEffect(() => {
    if (frame.current === null) return undefined;
    const created = monaco.editor.create(frame.current, {
      readOnly: true,
      domReadOnly: true,
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      renderLineHighlight: 'none',
      fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
      fontSize: 12,
      lineHeight: 18,
      lineNumbersMinChars: 4,
      lineDecorationsWidth: 8,
      padding: { top: 8, bottom: 8 },
      overviewRulerLanes: 0,
      folding: true,
      stickyScroll: { enabled: false },
      contextmenu: true,
      unicodeHighlight: { ambiguousCharacters: false },
      scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
      model: null,
    });
    editor.current = created;
    marks.current = created.createDecorationsCollection();
    return () => {
      created.getModel()?.dispose();
      created.dispose();
      editor.current = null;
    };
  }, []);

  // A drag selects text to copy, and is no wish to go anywhere.
  useEffect(() => {
    const current = editor.current;
    if (current === null) return undefined;
    const hearing = [
      current.onMouseUp(({ target }) => {
        if (target.position !== null && current.getSelection()?.isEmpty() === true) onLine(target.position.lineNumber);
      }),
      current.onKeyDown((event) => {
        const at = current.getPosition();
        if (event.keyCode === monaco.KeyCode.Enter && at !== null) onLine(at.lineNumber);
      }),
    ];
    return () => {
      for (const one of hearing) one.dispose();
    };
  }, [onLine]);

  useEffect(() => applyMonacoTheme(theme), [theme]);

  useEffect(() => {
    editor.current?.updateOptions({ ariaLabel: label });
  }, [label]);

  useEffect(() => {
    const current = editor.current;
    if (current === null) return;
    const model = current.getModel();
    const language = languageOf(path);
    if (model?.getLanguageId() === language && model.uri.path === `/${path}`) {
      if (model.getValue() !== text) model.setValue(text);
      return;
    }
    model?.dispose();
    current.setModel(
      monaco.editor.createModel(text, language, monaco.Uri.from({ scheme: 'convloom', path: `/${path}` })),
    );
  }, [path, text]);

  useEffect(() => {
    marks.current?.set(
      marked.map((line) => ({
        range: new monaco.Range(line, 1, line, 1),
        options: {
          isWholeLine: true,
          className: styles['marked'] ?? null,
          linesDecorationsClassName: styles['markedGutter'] ?? null,
        },
      })),
    );
    const first = marked[0];
    if (first !== undefined) editor.current?.revealLineInCenterIfOutsideViewport(first);
  }, [marked, text, path]);

  return <div className={styles['editor']} ref={frame} />;
}
