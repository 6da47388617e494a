import { unclosedInSketch } from '../../diagnostics/catalog/sketch';
import { failure, success, type Result } from '../../diagnostics/diagnostic';

/** A piece of a sketch and where it begins. `times` is the 3 of `3x(`. */
export type Token = { readonly at: number } & (
  | { readonly type: 'word' | 'label'; readonly text: string }
  | { readonly type: 'times'; readonly text: string; readonly count: number }
  | { readonly type: 'comma' | 'open' | 'close' | 'end'; readonly text: string }
);

/** Marks of Chinese keyboards, line ends and arrows part layers as commas do. */
const comma = /->|[,，、;；→\n\r]/y;
const bracket = /[()（）]/y;
/** A count stands before a bracket or a name: the x of `3x3` stands before a number. */
const times = /(\d+)\s*[x×*](?=\s*[(（\p{L}])/uy;
const label = /"(?:[^"\\\n]|\\.)*"/y;
const word = /(?:(?!->)[^\s,，、;；→()（）"])+/y;
const blank = /[^\S\n\r]+/y;

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/** The label between quotes, or undefined where it is written wrongly. */
function readLabel(quoted: string): string | undefined {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}

function tokenAt(source: string, at: number, isFirst: boolean): Token | null {
  const counted = isFirst ? matchAt(times, source, at) : null;
  if (counted) return { type: 'times', at, text: counted[0], count: Number(counted[1]) };
  const sign = matchAt(bracket, source, at)?.[0];
  if (sign !== undefined) return { type: /[(（]/.test(sign) ? 'open' : 'close', at, text: sign };
  const parting = matchAt(comma, source, at)?.[0];
  if (parting !== undefined) return { type: 'comma', at, text: parting };
  const quoted = matchAt(label, source, at)?.[0];
  const text = quoted === undefined ? undefined : readLabel(quoted);
  if (quoted !== undefined && text !== undefined) return { type: 'label', at, text };
  const plain = matchAt(word, source, at)?.[0];
  return plain === undefined ? null : { type: 'word', at, text: plain };
}

/** Takes a sketch apart; the last token is its end. */
export function readTokens(source: string): Result<readonly Token[]> {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const space = matchAt(blank, source, at)?.[0];
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const before = tokens.at(-1)?.type;
    const token = tokenAt(source, at, before !== 'word' && before !== 'label');
    if (token === null) return failure(unclosedInSketch(at, '"', '"'));
    tokens.push(token);
    at += token.type === 'label' ? (matchAt(label, source, at)?.[0].length ?? 1) : token.text.length;
  }
  tokens.push({ type: 'end', at: source.length, text: '' });
  return success(tokens);
}
