import { formatCount } from '../../shared/text';

/** A column of a printed table. Numbers are set right, words left. */
export type Column = { readonly title: string; readonly align: 'left' | 'right' };

/** An aligned table: a header, a rule, the rows. Cells are plain text; wide East Asian characters count as two. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map(({ title }, at) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, at) => {
        const cell = cells[at] ?? '';
        const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - displayWidth(cell)));
        return align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...rows.map(line),
  ];
}

/** Columns that a text takes in a terminal. */
export function displayWidth(cell: string): number {
  let width = 0;
  for (const character of cell) {
    width += /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/u.test(
      character,
    )
      ? 2
      : 1;
  }
  return width;
}

/** A count that may be unknown. */
export function countText(value: number | null): string {
  return value === null ? '?' : formatCount(value);
}
