/** What spreadsheets take for the beginning of a formula, also in the wide letters of East Asia and behind spaces, which some cut off. */
const formula = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

/** A cell of a CSV file (RFC 4180); one that a spreadsheet would take for a formula gets a quote before it, which makes it a text. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const inert = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
