import type { Table } from './rows';

/** Prints a table as GitHub's Markdown. */
export function printMarkdown({ title, heads, rows, totals, firstNumber, note }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = heads.map((_, column) => (column < firstNumber ? '---' : '---:'));
  const caption = title === '' ? [] : [`**${escapeMarkdown(title)}**`, ''];
  const sums = totals === null ? [] : [line(totals)];
  const below = note === undefined ? [] : ['', escapeMarkdown(note)];
  return [...caption, line(heads), `| ${rule.join(' | ')} |`, ...rows.map(line), ...sums, ...below, ''].join('\n');
}

/** Any text as itself: every character that could begin or end something is escaped, in Markdown's own way or as HTML needs it. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|~^$=:@/-]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}
