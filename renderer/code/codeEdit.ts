import { analyzeNetwork } from '../../shared/analysis/analyze';
import { flatNetwork } from '../../shared/document/expand';
import { codeInBlock, codeLineCount, codeNotASetting } from '../../shared/diagnostics/catalog/codeEditing';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { applyEdits } from '../../shared/editing/applyEdits';
import type { GeneratedFile } from '../../shared/exports/files';
import { findLayer } from '../../shared/layers';
import { readParams } from '../../shared/layers/params';
import type { Json, NetworkDocument } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';
import { nodeAtLine } from './nodeLines';

/** How a network is printed, as the code view shows it. */
export type Printer = (
  document: NetworkDocument,
  analysis: ReturnType<typeof analyzeNetwork>,
) => Result<readonly GeneratedFile[]>;

/**
 * Words, numbers, strings and signs of a line; what stands in a comment follows from the rest, and so do the cells of a table behind those
 * that name and describe a node.
 */
function tokensOf(line: string): readonly string[] {
  const [row] = /^\|[^|]*\|[^|]*\||^ +\S+ & [^&]*&/.exec(line) ?? [];
  const bare = row ?? line.replace(/\s*(?:\/\/|#\s).*$/, '');
  return bare.match(/[\p{L}_$][\p{L}\p{N}_$]*|\d+(?:\.\d*)?(?:e[+-]?\d+)?|'[^']*'|"[^"]*"|\S/giu) ?? [];
}

/** In how many places two lines differ; Infinity where one has more than the other. */
function distanceOf(a: readonly string[], b: readonly string[]): number {
  if (a.length !== b.length) return Math.max(a.length, b.length);
  return a.filter((token, at) => token !== b[at]).length;
}

/** What a value might have become when a number in its line became another. */
function numbersChanged(value: Json, from: number, to: number): readonly Json[] {
  if (value === from) return [to];
  if (!Array.isArray(value)) return [];
  const list: readonly Json[] = value;
  const one = list.map((_, at) => list.map((item, index) => (index === at && item === from ? to : item)));
  const all = list.map((item) => (item === from ? to : item));
  return [all, ...one].filter((next) => next.some((item, at) => item !== list[at]));
}

/** The settings of a layer that a changed line might stand for. */
function candidates(
  document: NetworkDocument,
  id: string,
  was: readonly string[],
  typed: readonly string[],
): readonly Edit[] {
  const node = document.nodes.find((one) => one.id === id);
  const definition = findLayer(node?.kind ?? '');
  if (node === undefined || definition === undefined) return [];
  const values = readParams(definition, node.params, id);
  if (!values.ok) return [];
  const changed = typed.flatMap((token, at) => (token === was[at] ? [] : [[was[at] ?? '', token] as const]));
  const numbers = changed.flatMap(([from, to]) => {
    const [a, b] = [Number(from), Number(to)];
    return from === '' || Number.isNaN(a) || Number.isNaN(b) ? [] : [[a, b] as const];
  });
  const hasWords = was.length !== typed.length || changed.length > numbers.length;
  const set = (name: string, value: Json): Edit => ({ type: 'setParams', id, params: { [name]: value } });
  return Object.entries(definition.params).flatMap(([name, field]) => {
    const value = values.value[name] ?? null;
    if (field.type === 'choice')
      return hasWords ? field.values.filter((one) => one !== value).map((one) => set(name, one)) : [];
    if (field.type === 'boolean') return hasWords ? [set(name, value !== true)] : [];
    return numbers.flatMap(([from, to]) => numbersChanged(value, from, to).map((next) => set(name, next)));
  });
}

/** Whether what is tried is what was typed, a number or a word: of all else it is idle to tell why it cannot be. */
function isTyped(edit: Edit, typed: readonly string[]): boolean {
  const values: readonly (Json | undefined)[] = edit.type === 'setParams' ? Object.values(edit.params) : [];
  const words = typed.map((token) => token.replace(/^['"]|['"]$/g, ''));
  return values.some((value) => (typeof value === 'string' ? words.includes(value) : typeof value !== 'boolean'));
}

/** Searches one line's settings, one after the other, until the line is printed as it was typed. */
function readLine(
  start: NetworkDocument,
  {
    path,
    line,
    id,
    typed,
  }: { readonly path: string; readonly line: number; readonly id: string; readonly typed: string },
  print: Printer,
): { readonly document: NetworkDocument; readonly edits: readonly Edit[] } | { readonly why: Diagnostic | null } {
  const wanted = tokensOf(typed);
  let why: Diagnostic | null = null;
  const printed = (document: NetworkDocument, edit: Edit | null): readonly string[] | null => {
    const result = print(document, analyzeNetwork(document));
    if (!result.ok) {
      if (edit !== null && isTyped(edit, wanted)) why = result.diagnostics[0] ?? why;
      return null;
    }
    return tokensOf(result.value.find((file) => file.path === path)?.text.split('\n')[line] ?? '');
  };
  let [document, edits]: [NetworkDocument, readonly Edit[]] = [start, []];
  let was = printed(document, null) ?? [];
  for (;;) {
    const left = distanceOf(was, wanted);
    if (left === 0) return { document, edits };
    const tried = candidates(document, id, was, wanted).flatMap((edit) => {
      const after = applyEdits(document, [edit]);
      if (!after.ok) {
        if (isTyped(edit, wanted)) why = after.diagnostics[0] ?? why;
        return [];
      }
      const tokens = printed(after.value, edit);
      return tokens === null ? [] : [{ edit, after: after.value, tokens, distance: distanceOf(tokens, wanted) }];
    });
    const [best] = tried.toSorted((a, b) => a.distance - b.distance);
    if (best === undefined || best.distance >= left) return { why };
    [document, edits, was] = [best.after, [...edits, best.edit], best.tokens];
  }
}

/** How far inside a line begins. */
function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The node of a line (from 0); of one that goes on with a call, that of the line in which the call begins. */
function ownerOf(file: GeneratedFile, line: number, ids: readonly string[]): string | null {
  const own = nodeAtLine(file, line + 1, ids);
  if (own !== null) return own;
  const lines = file.text.split('\n');
  const begin = lines.slice(0, line).findLastIndex((before) => indentOf(before) < indentOf(lines[line] ?? ''));
  return /[([{]$/.test(lines[begin] ?? '') ? nodeAtLine(file, begin + 1, ids) : null;
}

/**
 * The edits that make a network print what was typed into one of its files. Nothing is guessed from the text: a setting is right when the
 * network with it prints the line as it was typed, comments aside. What follows from other layers, and what is no setting, is refused.
 */
export function readCodeEdit(
  document: NetworkDocument,
  file: GeneratedFile,
  typed: string,
  print: Printer,
): Result<readonly Edit[]> {
  const [before, after] = [file.text.split('\n'), typed.replaceAll('\r\n', '\n').split('\n')];
  if (before.length !== after.length) return failure(codeLineCount());
  const ids = flatNetwork(document).nodes.map(({ id }) => id);
  let [current, edits]: [NetworkDocument, readonly Edit[]] = [document, []];
  for (const [line, words] of after.entries()) {
    if (words === before[line]) continue;
    const id = ownerOf(file, line, ids);
    if (id === null) return failure(codeNotASetting(line + 1, null, null));
    if (!document.nodes.some((node) => node.id === id)) return failure(codeInBlock(line + 1, id));
    const found = readLine(current, { path: file.path, line, id, typed: words }, print);
    if (!('document' in found)) return failure(codeNotASetting(line + 1, id, found.why));
    // Words that are put into a comment change nothing.
    if (found.edits.length === 0) return failure(codeNotASetting(line + 1, id, null));
    [current, edits] = [found.document, [...edits, ...found.edits]];
  }
  return success(edits);
}
