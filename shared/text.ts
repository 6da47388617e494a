/** A sentence in both languages of the app. Missing one is a compile error, so nothing stays untranslated. */
export type Text = { readonly en: string; readonly zh: string };

/** The languages of the app. */
export type Language = keyof Text;

/** Builds a {@link Text}. */
export function text(en: string, zh: string): Text {
  return { en, zh };
}

/**
 * A whole number with its thousands set apart, the same in every language and on every machine: `1568` gives `1,568`.
 * Numbers that are not whole are rounded to two places.
 */
export function formatCount(value: number): string {
  return formatNumber(Number.isInteger(value) ? value : Math.round(value * 100) / 100);
}

/** A number as it is, with its thousands set apart: the limits of a param, where 1e-12 is not 0. */
export function formatNumber(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.includes('e') ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** An error that says what is wrong in both languages. */
export class WordedError extends Error {
  constructor(readonly words: Text) {
    super(words.en);
  }
}

/** As {@link errorText}, in both languages where the error has both. */
export function errorWords(error: unknown): Text {
  if (error instanceof WordedError) return error.words;
  const words = errorText(error);
  return text(words, words);
}

/** What an error says, whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A signed count: +405,000, −405,000, ±0. The minus is the typographic one, as in formulas. */
export function formatDifference(difference: number): string {
  if (difference === 0) return '±0';
  return difference > 0 ? `+${formatCount(difference)}` : `−${formatCount(-difference)}`;
}

/** Bytes in the unit that leaves at most four figures: 46 KB, 1.2 MB. Decimal units, as disks and networks count. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(value) >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? 'B'}`;
}

/** A count in at most four figures: 431 k, 2.29 M, 15.5 G. */
export function formatShort(count: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let value = count;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)}${units[unit] ?? ''}`;
}

/** A time in at most three figures: `0.34 ms`, `11.2 ms`, `1.25 s`. */
export function formatMilliseconds(ms: number): string {
  const [value, unit] = ms >= 999.5 ? [ms / 1000, 's'] : [ms, 'ms'];
  return `${value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${unit}`;
}

/** A ratio in decibels: 27.31 dB. */
export function formatDecibels(ratio: number): string {
  return `${ratio.toFixed(2)} dB`;
}

/** A share of a whole, 0 to 1, in whole percent: `93 %`, and `<1 %` for what is there and little. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  return percent === 0 && share > 0 ? '<1 %' : `${percent} %`;
}

/** A shape as people write it: `[28, 28, 1]` gives `28×28×1`; a size that is not known is a question mark. */
export function formatShape(shape: readonly (number | null)[]): string {
  return shape.map((size) => (size === null ? '?' : formatCount(size))).join('×');
}

/** Cuts a text behind its first sentence; a point inside a number (0.99) ends none. */
export function splitFirstSentence(words: string): readonly [first: string, rest: string] {
  const first = /^.*?[.。](?=\s|$|[^\d\s])/s.exec(words)?.[0] ?? words;
  return [first.trim(), words.slice(first.length).trim()];
}
