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
  const rounded = Number.isInteger(value) ? value : Math.round(value * 100) / 100;
  const [whole = '', fraction] = String(rounded).split('.');
  const grouped = whole.includes('e') ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** What an error says, whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A shape as people write it: `[28, 28, 1]` gives `28×28×1`; a size that is not known is a question mark. */
export function formatShape(shape: readonly (number | null)[]): string {
  return shape.map((size) => (size === null ? '?' : formatCount(size))).join('×');
}
