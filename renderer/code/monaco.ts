import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/contextmenu/register';
import 'monaco-editor/features/diffEditor/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/links/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/languages/definitions/markdown/register';
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/typescript/register';
import { grammars } from './grammars';

// Reading needs colours, folding and search, not a compiler: without the TypeScript service the editor is 7 MB smaller, and it
// does not complain about the types of packages that are not in the page.
self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

for (const { id, ending, tokens } of grammars) {
  monaco.languages.register({ id, extensions: [ending] });
  monaco.languages.registerTokensProviderFactory(id, { create: () => tokens });
}

/** A colour token as `#rrggbb`: style sheets are minified, and the editor does not know `#fff`. */
function token(name: string): string {
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return value.replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, '#$1$1$2$2$3$3');
}

/** Monaco wants `rrggbb`, tokens are `#rrggbb`. */
function bare(name: string): string {
  return token(name).replace('#', '');
}

/** Makes the editor's theme from the app's tokens, as they are now. */
export function applyMonacoTheme(theme: 'light' | 'dark'): void {
  const name = `convloom-${theme}`;
  monaco.editor.defineTheme(name, {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: 'comment', foreground: bare('--mute') },
      { token: 'keyword', foreground: bare('--family-gap') },
      { token: 'string', foreground: bare('--family-pool') },
      { token: 'number', foreground: bare('--family-activation') },
      { token: 'type', foreground: bare('--family-upconv') },
      { token: 'type.identifier', foreground: bare('--family-upconv') },
      { token: 'identifier', foreground: bare('--ink') },
      { token: 'delimiter', foreground: bare('--mute') },
    ],
    colors: {
      'editor.background': token('--panel'),
      'editor.foreground': token('--ink'),
      'editorLineNumber.foreground': token('--mute'),
      'editorLineNumber.activeForeground': token('--ink'),
      'editor.lineHighlightBackground': token('--chip'),
      'editor.lineHighlightBorder': token('--chip'),
      'editor.selectionBackground': `${token('--accent')}40`,
      'editorWidget.background': token('--raised'),
      'editorWidget.border': token('--line'),
      'diffEditor.insertedLineBackground': `${token('--ok')}22`,
      'diffEditor.insertedTextBackground': `${token('--ok')}44`,
      'diffEditor.removedLineBackground': `${token('--error')}1c`,
      'diffEditor.removedTextBackground': `${token('--error')}3c`,
      // The editor's own green of a second bracket is too pale on white.
      'editorBracketHighlight.foreground1': token('--family-gap'),
      'editorBracketHighlight.foreground2': token('--family-upconv'),
      'editorBracketHighlight.foreground3': token('--family-activation'),
      'editorIndentGuide.background1': token('--line'),
      'scrollbarSlider.background': `${token('--line-strong')}80`,
      focusBorder: token('--focus'),
    },
  });
  monaco.editor.setTheme(name);
}

export { monaco };
