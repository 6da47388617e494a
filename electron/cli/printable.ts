/**
 * What a terminal would obey instead of show: the control characters of ASCII and Latin-1 but tab and line feed, and the marks that
 * turn the direction of text or end a line.
 */
// eslint-disable-next-line no-control-regex -- naming them is the point
const commands = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g;

/**
 * A text as it may go to a terminal: what would be obeyed is spelled out, `\u001b`. JSON spells characters the same way, so a line of
 * JSON is still the same value.
 */
export function printable(line: string): string {
  return line.replace(commands, spelled);
}

/** As {@link printable} for what must stay on its line: a cell of a table, a finding. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\t\n]/g, spelled);
}

function spelled(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
