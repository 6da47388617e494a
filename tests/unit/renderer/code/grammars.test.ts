import { describe, expect, it } from 'vitest';
import { grammars } from '../../../../renderer/code/grammars';

type Tokens = {
  readonly tokens: readonly { readonly offset: number; readonly type: string }[];
  readonly endState: State;
};
type State = { readonly equals: (other: State) => boolean };
type Tokenizer = {
  readonly getInitialState: () => State;
  readonly tokenize: (line: string, hasEnd: boolean, state: State) => Tokens;
};

/** The editor's own tokenizer, which its types do not name. */
async function tokenizerOf(id: string): Promise<Tokenizer> {
  const monarch = 'monaco-editor/editor/standalone/common/monarch';
  const { compile } = (await import(`${monarch}/monarchCompile.js`)) as {
    readonly compile: (id: string, language: unknown) => unknown;
  };
  const { MonarchTokenizer } = (await import(`${monarch}/monarchLexer.js`)) as {
    readonly MonarchTokenizer: new (...services: readonly unknown[]) => Tokenizer;
  };
  const settings = { getValue: () => 20_000, onDidChangeConfiguration: () => ({ dispose: () => undefined }) };
  const tokens = grammars.find((grammar) => grammar.id === id)?.tokens;
  return new MonarchTokenizer({}, {}, id, compile(id, tokens), settings);
}

/** Each coloured piece of a text with its colour; what has none is left out. */
async function colours(id: string, lines: readonly string[]): Promise<readonly string[]> {
  const tokenizer = await tokenizerOf(id);
  let state = tokenizer.getInitialState();
  return lines.flatMap((line) => {
    const { tokens, endState } = tokenizer.tokenize(line, true, state);
    state = endState;
    return tokens.flatMap(({ offset, type }, at) => {
      const piece = line.slice(offset, tokens[at + 1]?.offset).trim();
      const [colour = ''] = type.split('.');
      return colour === 'source' || colour === '' || piece === '' ? [] : [`${colour} ${piece}`];
    });
  });
}

describe('the colours of', () => {
  it('a network of Neural Network Console: groups, fields, strings, numbers and comments', async () => {
    expect(
      await colours('nntxt', [
        'function { # made',
        '  name: "c1 \\" {"',
        '  dim: -28',
        '  alpha: 1e-05',
        '  fix: true',
        '}',
      ]),
    ).toEqual([
      'keyword function',
      'delimiter {',
      'comment # made',
      'type name',
      'delimiter :',
      'string "c1 \\" {"',
      'type dim',
      'delimiter :',
      'number -28',
      'type alpha',
      'delimiter :',
      'number 1e-05',
      'type fix',
      'delimiter :',
      'number true',
      'delimiter }',
    ]);
  });

  it('a LaTeX table: commands, environments, cells, and formulas that end where their sign does', async () => {
    expect(
      await colours('latex', [
        '\\begin{tabular}{lr} % made',
        'a\\_1 & $28 \\times 28$ & 431,080 \\\\',
        '\\end{tabular}',
      ]),
    ).toEqual([
      'keyword \\begin',
      'delimiter {',
      'type tabular',
      'delimiter }{',
      'delimiter }',
      'comment % made',
      'identifier \\_',
      'number 1',
      'delimiter &',
      'string $',
      'number 28',
      'string \\times',
      'number 28',
      'string $',
      'delimiter &',
      'number 431,080',
      'delimiter \\\\',
      'keyword \\end',
      'delimiter {',
      'type tabular',
      'delimiter }',
    ]);
  });
});
