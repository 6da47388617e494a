import { analyzeNetwork } from '../../shared/analysis/analyze';
import {
  codeAmbiguous,
  codeFollowsParam,
  codeLineCount,
  codeNotASetting,
} from '../../shared/diagnostics/catalog/codeEditing';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import { flatNetwork } from '../../shared/document/expand';
import type { GeneratedFile } from '../../shared/exports/files';
import type { Json, NetworkDocument } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';
import type { Place, Setting } from './codeSettings';
import { copiesChanged, defaultsOf, followedBy, settingsOf, withSetting } from './codeSettings';
import type { Argument, Spot } from './codeTokens';
import { argumentOf, betweenOf, distanceOf, spotOf, tokensAt, tokensOf } from './codeTokens';
import { nodeAtLine } from './nodeLines';

/** How a network is printed, as the code view shows it. */
export type Printer = (
  document: NetworkDocument,
  analysis: ReturnType<typeof analyzeNetwork>,
) => Result<readonly GeneratedFile[]>;

/** What was typed, as edits, and the blocks that change with it in more than one copy. */
export type CodeEdit = { readonly edits: readonly Edit[]; readonly blocks: readonly ChangedBlock[] };

export type ChangedBlock = { readonly block: string; readonly copies: number };

/** A setting with another value, and the network with it. */
type Change = { readonly setting: Setting; readonly value: Json; readonly after: NetworkDocument };

/** What a value might have become when a number in its line became another. */
function numbersChanged(value: Json, from: number, to: number): readonly Json[] {
  if (value === from) return [to];
  if (!Array.isArray(value)) return [];
  const list: readonly Json[] = value;
  const one = list.map((_, at) => list.map((item, index) => (index === at && item === from ? to : item)));
  const all = list.map((item) => (item === from ? to : item));
  return [all, ...one].filter((next) => next.some((item, at) => item !== list[at]));
}

/** What a value might be whose numbers are new in the line. */
function numbersTyped(value: Json, numbers: readonly number[]): readonly Json[] {
  if (typeof value === 'number') return numbers;
  const pairs = numbers.slice(1).map((to, at) => [numbers[at] ?? to, to]);
  return Array.isArray(value) ? [...numbers.map((to) => value.map(() => to)), ...pairs] : [];
}

function asNumber(token: string): readonly number[] {
  const number = Number(token);
  return token === '' || Number.isNaN(number) ? [] : [number];
}

function bare(token: string): string {
  return token.replace(/^['"]|['"]$/g, '');
}

/** What a setting might have become, as it is printed, given the tokens of its line before and after. */
function valuesOf(
  { place, value, values }: Setting,
  was: readonly string[],
  typed: readonly string[],
): readonly Json[] {
  const [gone, come] = betweenOf(was, typed);
  const isSameLength = gone.length === come.length;
  const changed = come.flatMap((token, at) => (token === gone[at] ? [] : [[gone[at] ?? '', token] as const]));
  const pairs = changed.flatMap(([from, to]) =>
    asNumber(from).flatMap((a) => asNumber(to).map((b) => [a, b] as const)),
  );
  if (values !== null) {
    const hasWords = !isSameLength || changed.length > pairs.length;
    return hasWords ? values.filter((one) => one !== value) : [];
  }
  if (typeof value === 'string') return come.map(bare).filter((word) => word !== value && /^\p{L}/u.test(word));
  // Where copies are counted, their number may stand as the one behind the last.
  const counted = place.name === 'repeat' && typeof value === 'number' ? [value, value + 1] : [];
  const counts = pairs.flatMap(([from, to]) => (counted.includes(from) ? [Number(value) + to - from] : []));
  if (isSameLength) return [...counts, ...pairs.flatMap(([from, to]) => numbersChanged(value, from, to))];
  return numbersTyped(value, come.flatMap(asNumber)).filter((one) => one !== value);
}

/** What is written where a value is to be printed; null where nothing that is written comes to it. */
function writtenFor({ times, value }: Setting, next: Json): Json {
  if (times === 1 || typeof next !== 'number') return next;
  const written = next / times;
  return Number.isInteger(value) && !Number.isInteger(written) ? null : written;
}

function changesOf(
  document: NetworkDocument,
  settings: readonly Setting[],
  was: readonly string[],
  typed: readonly string[],
): readonly Change[] {
  return settings.flatMap((setting) =>
    valuesOf(setting, was, typed).flatMap((next): readonly Change[] => {
      const value = writtenFor(setting, next);
      return value === null ? [] : [{ setting, value, after: withSetting(document, setting, value) }];
    }),
  );
}

/** Whether what is tried is what was typed, a number or a word: of all else it is idle to tell why it cannot be. */
function isTyped({ value }: Change, typed: readonly string[]): boolean {
  return typeof value === 'string' ? typed.map(bare).includes(value) : typeof value !== 'boolean';
}

/** Whether a value is the one that was typed over an argument, in any language. */
function isOf({ value }: Change, { typed }: Argument): boolean {
  const values: readonly Json[] = Array.isArray(value) ? value : [value];
  return values.every((one) => JSON.stringify(one).replaceAll('"', '').toLowerCase() === bare(typed).toLowerCase());
}

type Found = { readonly document: NetworkDocument; readonly changes: readonly Change[] } | { readonly why: Diagnostic };

/** Searches the settings of a line, one after the other, until it is printed as it was typed. */
function readLine(start: NetworkDocument, file: GeneratedFile, spot: Spot, typed: string, print: Printer): Found {
  const wanted = tokensOf(typed);
  let was = tokensOf(file.text.split('\n')[spot.line] ?? '');
  const argument = argumentOf(was, wanted);
  let why: Diagnostic | null = null;
  const tried = (change: Change): readonly (Change & { tokens: readonly string[]; distance: number })[] => {
    const printed = print(change.after, analyzeNetwork(change.after));
    if (!printed.ok) {
      if (isTyped(change, wanted)) why ??= printed.diagnostics[0] ?? null;
      return [];
    }
    const next = printed.value.find(({ path }) => path === file.path);
    const at = (tokens: readonly string[]): readonly string[] =>
      next === undefined ? [] : tokensAt(next, spot, tokens);
    if (argument !== null && isOf(change, argument) && distanceOf(at(argument.without), argument.without) === 0) {
      return [{ ...change, tokens: wanted, distance: 0 }];
    }
    return [{ ...change, tokens: at(wanted), distance: distanceOf(at(wanted), wanted) }];
  };
  let [document, changes]: [NetworkDocument, readonly Change[]] = [start, []];
  for (let left = distanceOf(was, wanted); left > 0; left = distanceOf(was, wanted)) {
    const settings = spot.owner === null ? defaultsOf(document) : settingsOf(document, spot.owner);
    const all = changesOf(document, settings, was, wanted).flatMap(tried);
    const [best] = all.toSorted((a, b) => a.distance - b.distance);
    if (best === undefined || best.distance >= left) return { why: codeNotASetting(spot.line + 1, spot.owner, why) };
    const right = all.filter(({ distance }) => distance === 0);
    const places = new Set(right.map(({ setting }) => JSON.stringify(setting.place)));
    if (places.size > 1) return { why: codeAmbiguous(spot.line + 1, spot.owner) };
    [document, changes, was] = [best.after, [...changes, best], best.tokens];
  }
  return { document, changes };
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

/** What speaks against a line before any setting is tried: a value over a param of the block, which others give. */
function followsParam(document: NetworkDocument, { line, owner }: Spot, was: string, typed: string): Diagnostic | null {
  if (owner === null) return null;
  const [gone] = betweenOf(tokensOf(was), tokensOf(typed));
  const param = followedBy(document, owner).find((name) => gone.includes(name));
  return param === undefined ? null : codeFollowsParam(line + 1, owner, param);
}

/**
 * The edits that make a network print what was typed into one of its files. Nothing is guessed from the text: a setting is right when the
 * network with it prints the line as it was typed, comments aside. In the function of a block the block itself is changed, in a line that
 * uses one what it is given there, and behind its name what it is by default. What follows from other layers, and what is no setting, is
 * refused.
 */
export function readCodeEdit(
  document: NetworkDocument,
  file: GeneratedFile,
  typed: string,
  print: Printer,
): Result<CodeEdit> {
  const [before, after] = [file.text.split('\n'), typed.replaceAll('\r\n', '\n').split('\n')];
  if (before.length !== after.length) return failure(codeLineCount());
  const ids = flatNetwork(document).nodes.map(({ id }) => id);
  let [current, changes]: [NetworkDocument, readonly Change[]] = [document, []];
  for (const [line, words] of after.entries()) {
    if (words === before[line]) continue;
    const spot = spotOf(file, line, ownerOf(file, line, ids));
    const refused = followsParam(current, spot, before[line] ?? '', words);
    if (refused !== null) return failure(refused);
    const found = readLine(current, file, spot, words, print);
    if ('why' in found) return failure(found.why);
    // Words that are put into a comment change nothing.
    if (found.changes.length === 0) return failure(codeNotASetting(line + 1, spot.owner, null));
    [current, changes] = [found.document, [...changes, ...found.changes]];
  }
  return success({ edits: editsOf(document, current, changes), blocks: blocksOf(document, changes) });
}

/** The changes as edits: one to each node of the network itself, or a new document where a block is another one. */
function editsOf(document: NetworkDocument, after: NetworkDocument, changes: readonly Change[]): readonly Edit[] {
  if (changes.some(({ setting: { place } }) => place.block !== null))
    return [{ type: 'replaceDocument', document: after }];
  return changes.flatMap(({ setting: { place }, value }): readonly Edit[] => {
    const node = place.type === 'node' ? document.nodes[place.index] : undefined;
    return node === undefined ? [] : [{ type: 'setParams', id: node.id, params: { [place.name]: value } }];
  });
}

/** The blocks that changed, with the most copies that a change reached. */
function blocksOf(document: NetworkDocument, changes: readonly Change[]): readonly ChangedBlock[] {
  const found = new Map<string, number>();
  for (const { block, copies } of changes.flatMap(({ setting: { place } }) => changedBy(document, place))) {
    found.set(block, Math.max(copies, found.get(block) ?? 0));
  }
  return [...found].map(([block, copies]) => ({ block, copies })).filter(({ copies }) => copies > 1);
}

function changedBy(document: NetworkDocument, place: Place): readonly ChangedBlock[] {
  return place.block === null ? [] : [{ block: place.block, copies: copiesChanged(document, place) }];
}
