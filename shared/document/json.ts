import { limits } from '../schema/limits';
import { text, type Text } from '../text';

/** The first place where a text stops being JSON: one-based, with what could have stood there. */
export type JsonError = { readonly line: number; readonly column: number; readonly expected: Text };

/** True when brackets outside strings nest deeper than the limit. */
export function isTooDeep(source: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (inString) {
      if (code === 92) at++;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 123 || code === 91) {
      if (++depth > limits.jsonDepth) return true;
    } else if (code === 125 || code === 93) depth--;
  }
  return false;
}

/**
 * Finds where a text that `JSON.parse` refuses goes wrong. Engines word their errors differently and some give no place, so
 * this walks the grammar of RFC 8259 itself. Null when the text is JSON. Text nested deeper than the limit must have
 * been refused before. Not the package jsonc-parser: it names the start of a string where an escape in it is wrong, and takes `01`
 * for two values and `{a: 1}` for an unknown symbol.
 */
export function findJsonError(source: string): JsonError | null {
  const scanner = new JsonScanner(source);
  const failed = scanner.document();
  if (failed === null) return null;
  const before = source.slice(0, scanner.at);
  const line = before.split('\n').length;
  return { line, column: scanner.at - before.lastIndexOf('\n'), expected: failed };
}

const wants = {
  value: text('A value is expected here.', '这里应当是一个值。'),
  end: text('The file should end here.', '文件应当在这里结束。'),
  key: text('A field name in double quotes is expected here.', '这里应当是双引号括起的字段名。'),
  trailing: text('There is a comma too many before this.', '这里前面多了一个逗号。'),
  colon: text('A colon is expected here.', '这里应当是冒号。'),
  object: text('A comma or } is expected here.', '这里应当是逗号或 }。'),
  array: text('A comma or ] is expected here.', '这里应当是逗号或 ]。'),
  quote: text('A string is not closed.', '字符串没有结束。'),
  control: text('A string cannot hold a line break or control character.', '字符串中不能有换行或控制字符。'),
  escape: text('This escape is not one that JSON knows.', '这个转义序列不是 JSON 的写法。'),
  number: text('This number is not written as JSON numbers are.', '这个数字不符合 JSON 的写法。'),
} as const;

/** Walks JSON and stops at the first character that cannot be. Each method gives what was expected, or null when all is well. */
class JsonScanner {
  at = 0;
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  document(): Text | null {
    const failed = this.#value();
    if (failed !== null) return failed;
    this.#space();
    return this.at < this.#source.length ? wants.end : null;
  }

  #value(): Text | null {
    this.#space();
    switch (this.#source[this.at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      default:
        return this.#word('true') || this.#word('false') || this.#word('null') ? null : this.#number();
    }
  }

  #object(): Text | null {
    this.at++;
    this.#space();
    if (this.#take('}')) return null;
    for (let first = true; ; first = false) {
      this.#space();
      if (this.#source[this.at] !== '"') return !first && this.#source[this.at] === '}' ? wants.trailing : wants.key;
      const failed = this.#string();
      if (failed !== null) return failed;
      this.#space();
      if (!this.#take(':')) return wants.colon;
      const inner = this.#value();
      if (inner !== null) return inner;
      this.#space();
      if (this.#take('}')) return null;
      if (!this.#take(',')) return wants.object;
    }
  }

  #array(): Text | null {
    this.at++;
    this.#space();
    if (this.#take(']')) return null;
    for (let first = true; ; first = false) {
      this.#space();
      if (!first && this.#source[this.at] === ']') return wants.trailing;
      const inner = this.#value();
      if (inner !== null) return inner;
      this.#space();
      if (this.#take(']')) return null;
      if (!this.#take(',')) return wants.array;
    }
  }

  #string(): Text | null {
    for (this.at++; ; this.at++) {
      const char = this.#source[this.at];
      if (char === undefined) return wants.quote;
      if (char === '"') {
        this.at++;
        return null;
      }
      if (char < ' ') return wants.control;
      if (char !== '\\') continue;
      const escape = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.#source.slice(this.at + 1, this.at + 6));
      if (escape === null) return wants.escape;
      this.at += escape[0].length;
    }
  }

  #number(): Text | null {
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#source);
    if (found === null) return this.#source[this.at] === '-' ? wants.number : wants.value;
    this.at += found[0].length;
    return /[\d.+\-a-zA-Z]/.test(this.#source[this.at] ?? '') ? wants.number : null;
  }

  #word(word: string): boolean {
    if (!this.#source.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  #take(char: string): boolean {
    if (this.#source[this.at] !== char) return false;
    this.at++;
    return true;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#source[this.at] ?? 'x')) this.at++;
  }
}
