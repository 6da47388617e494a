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

/** 1234567 as 1,234,567, in every locale. */
export function countText(value: number | null): string {
  return value === null ? '?' : value.toLocaleString('en-US');
}

/** A difference with its sign: +1,234 or −1,234. */
export function differenceText(value: number): string {
  return value === 0 ? '0' : `${value > 0 ? '+' : '−'}${Math.abs(value).toLocaleString('en-US')}`;
}

/** Bytes in the unit that a person would choose. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value.toLocaleString('en-US') : value.toFixed(1)} ${units[unit] ?? 'B'}`;
}
