import stringWidth from 'string-width';
import { formatCount } from '../../shared/text';
import { printableLine } from './printable';

/** A column of a printed table. Numbers are set right, words left. */
export type Column = { readonly title: string; readonly align: 'left' | 'right' };

/** An aligned table: a header, a rule, the rows. Cells are plain text; what is wide in a terminal counts as two columns, marks on a letter as none. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const titles = columns.map(({ title }) => printableLine(title));
  const cells = rows.map((row) => row.map(printableLine));
  const widths = titles.map((title, at) =>
    cells.reduce((widest, row) => Math.max(widest, stringWidth(row[at] ?? '')), stringWidth(title)),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, at) => {
        const cell = row[at] ?? '';
        const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - stringWidth(cell)));
        return align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [line(titles), widths.map((width) => '─'.repeat(width)).join('  '), ...cells.map(line)];
}

/** A count that may be unknown. */
export function countText(value: number | null): string {
  return value === null ? '?' : formatCount(value);
}
