/** A sentence in both languages of the app. Missing one is a compile error, so nothing stays untranslated. */
export type Text = { readonly en: string; readonly zh: string };

/** The languages of the app. */
export type Language = keyof Text;

/** Builds a {@link Text}. */
export function text(en: string, zh: string): Text {
  return { en, zh };
}
