import { useEffect, useRef, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import { Failures } from '../ui';
import styles from './CodePanel.module.css';
import { grammars } from './grammars';
import { applyMonacoTheme, monaco } from './monaco';

type CodeViewProps = {
  readonly label: string;
  readonly path: string;
  readonly text: string;
  readonly theme: 'light' | 'dark';
  /** 1-based lines that belong to the selection; the first is brought into view where none is. */
  readonly marked: readonly number[];
  /** Called with the 1-based line that was clicked, to type there, or that the caret is in when Enter is pressed, to go to its node. */
  readonly onLine: (line: number, isTyping: boolean) => void;
  /** Takes what was typed over the text; what speaks against it comes back. */
  readonly onTyped: (text: string) => readonly Diagnostic[];
  /** A step back (-1) or forth (1) in the history of the network: there is nothing typed to be undone. */
  readonly onTravel: (by: 1 | -1) => void;
};

/** The language of a file, for its colours. */
export function languageOf(path: string): string {
  if (path.endsWith('.py')) return 'python';
  if (path.endsWith('.md')) return 'markdown';
  if (/\.(ts|js|json)$/.test(path)) return 'typescript';
  return grammars.find(({ ending }) => path.endsWith(ending))?.id ?? 'plaintext';
}

/** How the code is set, in the editor and in the view of changes. */
export const codeOptions = {
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
  // Tab leads on, as everywhere in the window.
  tabFocusMode: true,
  unicodeHighlight: { ambiguousCharacters: false },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
} as const satisfies monaco.editor.IEditorOptions & monaco.editor.IGlobalEditorOptions;

type Editor = monaco.editor.IStandaloneCodeEditor;

/** Puts a text into an editor in place, so that scrolling, folding and the caret survive an edit of the network. */
function show(editor: Editor, path: string, text: string): void {
  const model = editor.getModel();
  const language = languageOf(path);
  if (model?.getLanguageId() === language && model.uri.path === `/${path}`) {
    if (model.getValue() === text) return;
    const place = editor.getPosition();
    model.setValue(text);
    if (place !== null) editor.setPosition(place);
    return;
  }
  model?.dispose();
  editor.setModel(monaco.editor.createModel(text, language, monaco.Uri.from({ scheme: 'convloom', path: `/${path}` })));
}

/** An editor over one generated file: the settings that stand in it can be typed over, which changes the network. */
export function CodeView({ label, path, text, theme, marked, onLine, onTyped, onTravel }: CodeViewProps) {
  const { t } = useText('code');
  const frame = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const marks = useRef<monaco.editor.IEditorDecorationsCollection | null>(null);
  const [isTyped, setTyped] = useState(false);
  const [diagnostics, setDiagnostics] = useState<readonly Diagnostic[]>([]);

  useEffect(() => {
    if (frame.current === null) return undefined;
    const created = monaco.editor.create(frame.current, { ...codeOptions, model: null });
    editor.current = created;
    marks.current = created.createDecorationsCollection();
    return () => {
      created.getModel()?.dispose();
      created.dispose();
      editor.current = null;
    };
  }, []);

  useEffect(() => {
    const current = editor.current;
    if (current === null) return undefined;
    const isChanged = (): boolean => current.getValue() !== text;
    const take = (): void => {
      if (isChanged()) setDiagnostics(onTyped(current.getValue()));
    };
    const hear = (): void => {
      setTyped(isChanged());
      if (!isChanged()) setDiagnostics([]);
    };
    const hearing = [
      // A drag selects text to copy, and is no wish to go anywhere; nor is a click into a line that is being typed over.
      current.onMouseUp(({ target }) => {
        if (target.position !== null && current.getSelection()?.isEmpty() === true && !isChanged())
          onLine(target.position.lineNumber, true);
      }),
      current.onDidChangeModelContent(hear),
      current.onDidChangeModel(hear),
      current.onDidBlurEditorWidget(take),
      current.onKeyDown((event) => {
        const at = current.getPosition();
        const isUndo = (event.ctrlKey || event.metaKey) && event.keyCode === monaco.KeyCode.KeyZ;
        if (event.keyCode === monaco.KeyCode.Enter && at !== null) {
          if (isChanged()) take();
          else onLine(at.lineNumber, false);
        } else if (event.keyCode === monaco.KeyCode.Escape && isChanged()) show(current, path, text);
        else if (isUndo && !isChanged()) onTravel(event.shiftKey ? 1 : -1);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }),
    ];
    return () => {
      for (const one of hearing) one.dispose();
    };
  }, [onLine, onTyped, onTravel, path, text]);

  useEffect(() => applyMonacoTheme(theme), [theme]);

  useEffect(() => {
    editor.current?.updateOptions({ ariaLabel: label });
  }, [label]);

  useEffect(() => {
    if (editor.current !== null) show(editor.current, path, text);
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
    const [first] = marked;
    const shown = editor.current?.getVisibleRanges() ?? [];
    const isSeen = marked.some((line) =>
      shown.some((range) => range.containsPosition({ lineNumber: line, column: 1 })),
    );
    if (first !== undefined && !isSeen) editor.current?.revealLineInCenter(first);
  }, [marked, text, path]);

  return (
    <>
      <div className={styles['editor']} ref={frame} />
      {isTyped ? (
        <div className={styles['typed']}>
          <Failures diagnostics={diagnostics} />
          <p>{t.typedHint}</p>
        </div>
      ) : null}
    </>
  );
}
