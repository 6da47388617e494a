import type { ParamField, ParamFields, ParamValues } from '../../layers/define';
import { plainName } from '../../layers/names';
import type { Json } from '../../schema/document';

/** A number, or what begins like one: it is read by its place. A question mark is a size that is not known. */
export function isNumeric(word: string): boolean {
  return /^(?:[-+]?\.?\d|\?)/.test(word);
}

/** `5` gives 5, `5x3` gives [5, 3]; a part that is no number gives undefined. */
function readNumbers(word: string): readonly (number | null)[] | undefined {
  const parts = word.split(/[x×*]/i).map((part) => (part === '?' ? null : part === '' ? NaN : Number(part)));
  return parts.some((part) => Number.isNaN(part)) ? undefined : parts;
}

/** Whether a field is a list, of any length. */
export function isList({ type }: ParamField): boolean {
  return type === 'shape' || type === 'order' || type === 'numbers';
}

/** What a field takes besides numbers, as a document writes it. */
export function keywordsOf(field: ParamField): readonly string[] {
  switch (field.type) {
    case 'choice':
      return field.off === undefined ? field.values : [...field.values, 'false'];
    case 'padding':
      return ['valid', 'same'];
    case 'offset':
      return ['center'];
    default:
      return [];
  }
}

/** The keyword that a word stands for, by itself or by its label in either language. */
function keywordFor(field: ParamField, word: string): string | undefined {
  const plain = plainName(word);
  const labels = field.type === 'choice' ? field.labels : undefined;
  return keywordsOf(field).find((value) => {
    const label = labels?.[value];
    return [value, label?.en ?? '', label?.zh ?? ''].some((name) => plainName(name) === plain);
  });
}

/** The param that a word sets by itself, as `same` sets the padding and `relu` the activation; the first that knows it. */
export function paramOfKeyword(params: ParamFields, word: string): readonly [name: string, value: string] | undefined {
  for (const [name, field] of Object.entries(params)) {
    const value = keywordFor(field, word);
    if (value !== undefined) return [name, value];
  }
  return undefined;
}

/** A word as a document writes the field's value; one that does not fit stays text, for the params' reader to refuse. */
export function readWord(field: ParamField, word: string): Json {
  const keyword = keywordFor(field, word);
  if (keyword !== undefined) return keyword === 'false' ? false : keyword;
  if (field.type === 'boolean') return word === 'true' ? true : word === 'false' ? false : word;
  const numbers = readNumbers(word);
  if (numbers === undefined) return word;
  const [only] = numbers;
  return numbers.length === 1 && only !== undefined && (!isList(field) || field.type === 'numbers') ? only : numbers;
}

/** A value as it is written; what has parts of its own has no word, and shows what it is. */
export function plainWord(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A checked value as one word; a size with equal sides is one number. */
export function writeWord(field: ParamField, value: ParamValues<ParamFields>[string]): string {
  if (!Array.isArray(value)) return plainWord(value);
  const parts = (value as readonly unknown[]).map((part) => (part === null ? '?' : plainWord(part)));
  return !isList(field) && parts.length === 2 && parts[0] === parts[1] ? (parts[0] ?? '') : parts.join('x');
}
