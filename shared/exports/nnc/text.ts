/** A value of a field: words are quoted, numbers and words of the format are not. */
export type FieldValue = number | boolean | { readonly quoted: string } | readonly Field[];

/** A field of a message, in the text form of protocol buffers. */
export type Field = readonly [name: string, value: FieldValue];

/** A name of the file. */
export function named(word: string): { readonly quoted: string } {
  return { quoted: word };
}

/** A message `Shape`, or a list of numbers: the field as often as there are values. */
export function each(name: string, values: readonly number[]): readonly Field[] {
  return values.map((value): Field => [name, value]);
}

/** Sizes as the message that nnabla calls Shape. */
export function shape(name: string, sizes: readonly number[]): Field {
  return [name, each('dim', sizes)];
}

function isMessage(value: FieldValue): value is readonly Field[] {
  return Array.isArray(value);
}

/** Letters, digits and little else stand as they are, so that nothing ends the string; names are made of those before. */
function quotedWord(word: string): string {
  return `"${word.replace(/[^A-Za-z0-9 ._/:-]/g, '_')}"`;
}

/** Prints fields, one to a line, those of a message further in. */
export function printFields(fields: readonly Field[], depth = 0): string {
  const indent = '  '.repeat(depth);
  return fields
    .map(([name, value]) => {
      if (isMessage(value)) return `${indent}${name} {\n${printFields(value, depth + 1)}${indent}}\n`;
      return `${indent}${name}: ${typeof value === 'object' ? quotedWord(value.quoted) : String(value)}\n`;
    })
    .join('');
}
