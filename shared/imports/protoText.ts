import { text } from '../text';
import { damaged } from './problem';

/*
 * The text form of protocol buffers, in which Caffe and Neural Network Console write networks. It is read without a schema: what a field
 * means is known to who asks for it.
 */

/** A message: its fields in the order of the file, those that are written several times as often as they are. */
export type TextMessage = { readonly fields: readonly TextField[] };

/** A field's value: words and numbers as they are written (without quotes), or a message. */
type TextField = { readonly name: string; readonly value: string | TextMessage };

/** More than any network has in one file; each costs memory. */
const mostFields = 2_000_000;

/** Messages lie in each other a few levels deep. */
const mostLevels = 50;

const blanks = /(?:\s|#[^\n]*)*/y;
const name = /[A-Za-z_][\w.]*|\[[\w./]+\]/y;
const scalar = /[-+]?[\w.]+(?:[-+]\d+f?)?/y;
const quotedText = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;

type Open = { readonly fields: TextField[]; readonly end: string };

/** Reads a text; what is no such text ends the import with the line where it stops being one. */
export function readProtoText(words: string): TextMessage {
  let at = 0;
  let count = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(words)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const skip = (): string => {
    take(blanks);
    return words[at] ?? '';
  };
  const wrong = (): never => {
    const line = words.slice(0, at).split('\n').length;
    return damaged(
      text(`line ${line} is not as protocol buffers are written.`, `第 ${line} 行不是 protocol buffers 文本。`),
    );
  };
  const readScalar = (): string => {
    let joined: string | null = null;
    // Strings that follow each other are one, as in C.
    for (let part = take(quotedText); part !== null; part = take(quotedText)) {
      joined = (joined ?? '') + unquoted(part);
      skip();
    }
    return joined ?? take(scalar) ?? wrong();
  };
  const root: Open = { fields: [], end: '' };
  const stack: Open[] = [root];
  const push = (field: string, value: string | TextMessage): void => {
    count += 1;
    if (count > mostFields) damaged(text('it has more fields than any network.', '其字段数超过任何网络。'));
    stack.at(-1)?.fields.push({ name: field, value });
  };
  const open = (field: string, end: string): void => {
    const fields: TextField[] = [];
    push(field, { fields });
    stack.push({ fields, end });
    if (stack.length > mostLevels) damaged(text('its parts lie too deep in each other.', '其内容嵌套过深。'));
  };
  for (let next = skip(); ; next = skip()) {
    const current = stack.at(-1) ?? root;
    if (next === current.end) {
      if (next === '') break;
      at += 1;
      stack.pop();
      continue;
    }
    if (next === ';' || next === ',') {
      at += 1;
      continue;
    }
    const field = take(name) ?? wrong();
    let sign = skip();
    if (sign === ':') {
      at += 1;
      sign = skip();
    } else if (sign !== '{' && sign !== '<') wrong();
    if (sign === '{' || sign === '<') {
      at += 1;
      open(field, sign === '{' ? '}' : '>');
    } else if (sign === '[') {
      at += 1;
      for (let one = skip(); one !== ']'; one = skip()) {
        if (one === ',') at += 1;
        else push(field, readScalar());
      }
      at += 1;
    } else push(field, readScalar());
  }
  return root;
}

const escapes: { readonly [letter: string]: string } = { n: '\n', t: '\t', r: '\r' };

function unquoted(word: string): string {
  return word.slice(1, -1).replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}

/** All values of a field that are words or numbers. */
export function wordsAt({ fields }: TextMessage, field: string): readonly string[] {
  return fields.flatMap(({ name: own, value }) => (own === field && typeof value === 'string' ? [value] : []));
}

/** All values of a field that are messages. */
export function messagesAt({ fields }: TextMessage, field: string): readonly TextMessage[] {
  return fields.flatMap(({ name: own, value }) => (own === field && typeof value !== 'string' ? [value] : []));
}

const nothing: TextMessage = { fields: [] };

/** A message that stands once; one without fields where it is left out. */
export function messageAt(message: TextMessage, field: string): TextMessage {
  return messagesAt(message, field).at(-1) ?? nothing;
}

/** Whether a field is written. */
export function hasField({ fields }: TextMessage, field: string): boolean {
  return fields.some(({ name: own }) => own === field);
}

/** Numbers of a field; what is no number ends the import. */
export function numbersAt(message: TextMessage, field: string): readonly number[] {
  return wordsAt(message, field).map((word) => {
    const value = Number(word.replace(/(?<=[\d.])f$/i, ''));
    return Number.isFinite(value) && word !== ''
      ? value
      : damaged(
          text(
            `its ${field} is “${word.slice(0, 40)}”, which is no number.`,
            `其 ${field} 为“${word.slice(0, 40)}”，不是数。`,
          ),
        );
  });
}

/** A number of a field, or the standard value. */
export function numberAt(message: TextMessage, field: string, standard: number): number {
  return numbersAt(message, field).at(-1) ?? standard;
}

/** A word of a field, or the standard one. */
export function wordAt(message: TextMessage, field: string, standard = ''): string {
  return wordsAt(message, field).at(-1) ?? standard;
}

/** Yes or no. */
export function flagAt(message: TextMessage, field: string, standard: boolean): boolean {
  const word = wordsAt(message, field).at(-1);
  return word === undefined ? standard : /^(true|t|1)$/i.test(word);
}
