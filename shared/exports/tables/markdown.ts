import { firstNumber, type LayerTable } from './rows';

/** Prints a table of layers as GitHub's Markdown. */
export function printMarkdown({ title, heads, rows, totals }: LayerTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = heads.map((_, column) => (column < firstNumber ? '---' : '---:'));
  const caption = title === '' ? [] : [`**${escapeMarkdown(title)}**`, ''];
  return [...caption, line(heads), `| ${rule.join(' | ')} |`, ...rows.map(line), line(totals), ''].join('\n');
}

/** Any text as itself: every character that could begin or end something is escaped, in Markdown's own way or as HTML needs it. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|~^$=:@/-]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
