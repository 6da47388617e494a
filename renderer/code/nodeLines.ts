/**
 * Lines (1-based) of generated code that speak of a node: those with its id as a whole word, in a name or a string. Ids that are
 * also common words of the language would light up half the file, so more than `limit` hits count as none.
 */
export function nodeLines(code: string, ids: readonly string[], limit = 24): readonly number[] {
  if (ids.length === 0) return [];
  const escaped = ids.map((id) => id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\w$])(?:${escaped.join('|')})(?![\\w$])`);
  const lines: number[] = [];
  for (const [index, line] of code.split('\n').entries()) {
    if (pattern.test(line)) lines.push(index + 1);
  }
  return lines.length > limit * ids.length ? [] : lines;
}
