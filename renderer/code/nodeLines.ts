import type { GeneratedFile } from '../../shared/exports/files';

/**
 * Lines (1-based) of a generated file that are some nodes' own: as the file itself says, which knows its nodes also where they stand in
 * blocks; else as its text tells.
 */
export function linesOfNodes(file: GeneratedFile, ids: readonly string[]): readonly number[] {
  const { nodeLines: known } = file;
  if (known === undefined) return nodeLines(file.text, ids);
  return [...new Set(ids.flatMap((id) => known.get(id) ?? []))].sort((a, b) => a - b);
}

/**
 * Lines (1-based) of generated code that are a node's own: those that name it as a constant or in a string. A line that only takes its
 * value, as a consumer's does, is not; where no line names it (a file that lists nodes otherwise), those that speak of it at all are. Ids
 * that are also common words of the language would light up half the file, so more than `limit` hits count as none.
 */
export function nodeLines(code: string, ids: readonly string[], limit = 24): readonly number[] {
  if (ids.length === 0) return [];
  const lines = code.split('\n');
  const marked = new Set(ids.flatMap((id) => linesOf(lines, id)));
  return marked.size > limit * ids.length ? [] : [...marked].sort((a, b) => a - b);
}

/** The last part of a flat id. */
function nameIn(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** `isOwn`: lines that only take the node's value do not count. */
function linesOf(lines: readonly string[], id: string, isOwn = false): readonly number[] {
  // In a block's own class or function its nodes have their names alone.
  const name = nameIn(id).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const word = new RegExp(`(?<![\\w$])${name}(?![\\w$])`);
  const own = new RegExp(
    `(?:^|[^\\w$])(?:const|let)\\s+${name}\\b|\\bself\\.${name}\\b|(['"\`])${name}\\1|^\\s*${name}\\s*(?:=(?!=)|:)`,
  );
  const hits = lines.flatMap((line, index) => (word.test(line) ? [index + 1] : []));
  const named = hits.filter((line) => own.test(lines[line - 1] ?? ''));
  return named.length > 0 || isOwn ? named : hits;
}

/** The node that a line (1-based) of a generated file is of, of those with these ids; null for a line of none, or of several by its text. */
export function nodeAtLine(file: GeneratedFile, line: number, ids: readonly string[]): string | null {
  const { nodeLines: known, text } = file;
  if (known !== undefined) {
    // The outermost one: a line that calls a block leads to the nodes in it, and is the block's own.
    const own = [...known].filter(([, lines]) => lines.includes(line)).map(([id]) => id);
    return own.sort((a, b) => a.split('/').length - b.split('/').length)[0] ?? null;
  }
  const words = text.split('\n')[line - 1] ?? '';
  const own = ids.filter((id) => linesOf([words], id, true).length > 0);
  // Copies of a block are one text: the first stands for all.
  return new Set(own.map(nameIn)).size === 1 ? (own[0] ?? null) : null;
}
