import type { languages } from 'monaco-editor/editor';

/** Colours for what the editor has no language of, each read when a file of it is first shown. */
export type Grammar = { readonly id: string; readonly ending: string; readonly tokens: languages.IMonarchLanguage };

/** Protocol buffers as text, as Neural Network Console writes a network. */
const nntxt: Grammar = {
  id: 'nntxt',
  ending: '.nntxt',
  tokens: {
    tokenizer: {
      root: [
        [/#.*$/, 'comment'],
        [/[A-Za-z_]\w*(?=\s*\{)/, 'keyword'],
        [/[A-Za-z_]\w*(?=\s*:)/, 'type'],
        [/"(?:[^"\\]|\\.)*"/, 'string'],
        [/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/i, 'number'],
        [/\b(?:true|false)\b/, 'number'],
        [/[{}:]/, 'delimiter'],
      ],
    },
  },
};

const latex: Grammar = {
  id: 'latex',
  ending: '.tex',
  tokens: {
    tokenizer: {
      root: [
        [/%.*$/, 'comment'],
        [/(\\(?:begin|end))(\{)([^}]*)(\})/, ['keyword', 'delimiter', 'type', 'delimiter']],
        // In a formula signs are written by their names, and numbers are still numbers.
        [/\$/, 'string', '@formula'],
        [/\\\\/, 'delimiter'],
        [/\\[A-Za-z]+/, 'keyword'],
        [/\\./, 'identifier'],
        [/[&{}]/, 'delimiter'],
        [/\d+(?:[.,]\d+)*/, 'number'],
      ],
      formula: [
        [/\$/, 'string', '@pop'],
        [/\d+(?:[.,]\d+)*/, 'number'],
        [/\\[A-Za-z]+/, 'string'],
        [/[^$\\\d]+/, 'string'],
        [/\\./, 'string'],
      ],
    },
  },
};

export const grammars: readonly Grammar[] = [nntxt, latex];
