import type { GeneratedFile } from '../../shared/exports/files';
import { nodeAtLine } from './nodeLines';

/**
 * Words, numbers, strings and signs of a line; what stands in a comment follows from the rest, and so do the cells of a table behind those
 * that name and describe a node.
 */
export function tokensOf(line: string): readonly string[] {
  const [row] = /^\|[^|]*\|[^|]*\||^ +\S+ & [^&]*&/.exec(line) ?? [];
  const bare = row ?? line.replace(/\s*(?:\/\/|#\s).*$/, '');
  return bare.match(/[\p{L}_$][\p{L}\p{N}_$]*|\d+(?:\.\d*)?(?:e[+-]?\d+)?|'[^']*'|"[^"]*"|\S/giu) ?? [];
}

/** In how many places two lines differ; more than any count where one has more than the other. */
export function distanceOf(a: readonly string[], b: readonly string[]): number {
  if (a.length !== b.length) return Number.MAX_SAFE_INTEGER - 1;
  return a.filter((token, at) => token !== b[at]).length;
}

/** What is between the beginning and the end that two lines have in common. */
export function betweenOf(a: readonly string[], b: readonly string[]): readonly [readonly string[], readonly string[]] {
  const shorter = Math.min(a.length, b.length);
  let from = 0;
  while (from < shorter && a[from] === b[from]) from += 1;
  let behind = 0;
  while (behind < shorter - from && a.at(-1 - behind) === b.at(-1 - behind)) behind += 1;
  return [a.slice(from, a.length - behind), b.slice(from, b.length - behind)];
}

/** What was typed over a named argument, and the line without it: of a value that it has by default code says nothing. */
export type Argument = { readonly typed: string; readonly without: readonly string[] };

/** The one named argument in which two lines differ; null where they differ otherwise. */
export function argumentOf(was: readonly string[], typed: readonly string[]): Argument | null {
  if (distanceOf(was, typed) !== 1) return null;
  const at = typed.findIndex((token, index) => token !== was[index]);
  // Behind its name stands its value alone: what is in brackets is never left out for being the default.
  const [comma, name, sign] = [typed[at - 3], typed[at - 2], typed[at - 1]];
  const isNamed = name !== undefined && (sign === '=' || sign === ':');
  const isLast = typed[at + 1] !== ',';
  if (!isNamed || (isLast && typed[at + 1] !== undefined && !/^[)\]}]$/.test(typed[at + 1] ?? ''))) return null;
  const from = isLast && comma === ',' ? at - 3 : at - 2;
  return { typed: typed[at] ?? '', without: typed.toSpliced(from, at + (isLast ? 1 : 2) - from) };
}

/** A line of a printed file, and among all that is printed of its node where it begins. */
export type Spot = {
  readonly path: string;
  /** From 0. */
  readonly line: number;
  /** Null where the line is no node's own. */
  readonly owner: string | null;
  /** How many tokens of the owner stand before it, and the one behind it. */
  readonly before: number;
  readonly next: string | undefined;
};

type Token = { readonly text: string; readonly line: number };

/** All that is printed of a node, without the commas that stand behind a last item only where it has a line of its own. */
function stream(file: GeneratedFile, owner: string): readonly Token[] {
  const lines = file.text.split('\n');
  const own = (file.nodeLines?.get(owner) ?? []).filter((line) => nodeAtLine(file, line, []) === owner);
  const tokens = own.flatMap((line) =>
    tokensOf(lines[line - 1] ?? '').map((text): Token => ({ text, line: line - 1 })),
  );
  return tokens.filter(({ text }, at) => text !== ',' || !/^[)\]}]$/.test(tokens[at + 1]?.text ?? ''));
}

/** The spot of a line of a file. */
export function spotOf(file: GeneratedFile, line: number, owner: string | null): Spot {
  const tokens = owner === null ? [] : stream(file, owner);
  return {
    path: file.path,
    line,
    owner,
    before: tokens.filter((token) => token.line < line).length,
    next: tokens.find((token) => token.line > line)?.text,
  };
}

/**
 * What stands at a spot in another print of the file, as near to what is wanted as it can be read: in that very line, or among what is
 * printed of the node, which may have come onto one line or onto several.
 */
export function tokensAt(file: GeneratedFile, spot: Spot, wanted: readonly string[]): readonly string[] {
  const line = tokensOf(file.text.split('\n')[spot.line] ?? '');
  if (spot.owner === null || (wanted.length > 0 && distanceOf(line, wanted) === 0)) return line;
  const bare = wanted.at(-1) === ',' && /^[)\]}]$/.test(spot.next ?? '') ? wanted.slice(0, -1) : wanted;
  const tokens = stream(file, spot.owner).map(({ text }) => text);
  const there = tokens.slice(spot.before, spot.before + bare.length);
  if (tokens[spot.before + bare.length] !== spot.next || distanceOf(there, bare) >= distanceOf(line, wanted))
    return line;
  return [...there, ...wanted.slice(bare.length)];
}
