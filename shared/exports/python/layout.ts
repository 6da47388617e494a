/** Statements laid out as `ruff format` lays them out, so that formatting a printed project changes nothing. */

/** As the printed project's `pyproject.toml` has it. */
export const lineWidth = 100;

const opening = '([{';
const closing = ')]}';

/** Calls back for every character outside of strings, with how many brackets are open before it. */
function scan(code: string, visit: (character: string, at: number, depth: number) => void): void {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < code.length; at += 1) {
    const character = code.charAt(at);
    // Printed strings hold no quotes of their kind, and escapes have none either.
    if (character === '"') isString = !isString;
    else if (!isString) {
      if (closing.includes(character)) depth -= 1;
      visit(character, at, depth);
      if (opening.includes(character)) depth += 1;
    }
  }
}

type Bracket = readonly [from: number, to: number];

/** Where the brackets that stand in no others open and close. */
function outerBrackets(code: string): readonly Bracket[] {
  const found: Bracket[] = [];
  let from = -1;
  scan(code, (character, at, depth) => {
    if (depth === 0 && opening.includes(character)) from = at;
    if (depth === 0 && closing.includes(character)) found.push([from, at]);
  });
  return found;
}

/** The brackets that are opened up: the last, or the ones in front where what stands before the last is too long itself. */
function splitBracket(code: string, indent: number): Bracket | null {
  const brackets = outerBrackets(code);
  const [before, last] = [brackets.at(-2), brackets.at(-1)];
  if (code.startsWith('def ')) return brackets[0] ?? null;
  const isCalledTwice = before !== undefined && last !== undefined && before[1] + 1 === last[0];
  return isCalledTwice && indent + last[0] + 1 > lineWidth ? before : (last ?? null);
}

function splitAt(code: string, separator: string): readonly string[] {
  const places: number[] = [];
  scan(code, (_, at, depth) => {
    if (depth === 0 && code.startsWith(separator, at)) places.push(at);
  });
  const starts = [0, ...places.map((at) => at + separator.length)];
  return starts.map((start, index) => code.slice(start, places[index]));
}

/** Code at an indent: on one line if it fits, else with what its last brackets hold on lines of their own. */
export function layOut(code: string, indent: number, tail = ''): readonly string[] {
  const space = ' '.repeat(indent);
  const line = `${space}${code}${tail}`;
  if (line.length <= lineWidth) return [line];
  const assigned = /^([\w.]+(?:: \w+)? = |return )(.*)$/.exec(code);
  if (assigned !== null) {
    const [, target = '', value = ''] = assigned;
    const sum = brokenSum(value, indent + 4);
    if (sum !== null) return [`${space}${target}(`, ...sum, `${space})${tail}`];
  }
  const bracket = splitBracket(code, indent);
  if (bracket === null) return [line];
  const [from, to] = bracket;
  const inside = code.slice(from + 1, to);
  if (inside.trim() === '') return [line];
  const head = `${space}${code.slice(0, from + 1)}`;
  if (head.length > lineWidth && assigned !== null) {
    const [, target = '', value = ''] = assigned;
    return [`${space}${target}(`, ...layOut(value, indent + 4), `${space})${tail}`];
  }
  const foot = footLines(code.slice(to + 1), indent, code.charAt(to), tail);
  const whole = `${space}    ${inside}`;
  // Only what a call is given may stay together on a line of its own.
  const isCall = code.charAt(from) === '(' && /[\w)\]]$/.test(code.slice(0, from)) && !code.startsWith('from ');
  if (whole.length <= lineWidth && isCall) return [head, whole, ...foot];
  const [made = '', ...loop] = splitAt(inside, ' for ');
  if (loop.length > 0 && splitAt(inside, ', ').length === 1) {
    return [head, ...layOut(made, indent + 4), ...layOut(`for ${loop.join(' for ')}`, indent + 4), ...foot];
  }
  return [head, ...splitAt(inside, ', ').flatMap((item) => layOut(item, indent + 4, ',')), ...foot];
}

/** What follows brackets that were opened up, behind the one that closes them. */
function footLines(rest: string, indent: number, bracket: string, tail: string): readonly string[] {
  // Laid out as if it followed a name of one letter.
  const [first = '', ...others] = layOut(`f${rest}`, indent, tail);
  return [`${' '.repeat(indent)}${bracket}${first.slice(indent + 1)}`, ...others];
}

/** Operands of a sum, a product or the like, one a line with its operator in front; null for any other code. */
function brokenSum(code: string, indent: number): readonly string[] | null {
  for (const operator of [' + ', ' - ', ' * ', ' / ']) {
    const parts = splitAt(code, operator);
    if (parts.length < 2) continue;
    const space = ' '.repeat(indent);
    const whole = `${space}${code}`;
    if (whole.length <= lineWidth) return [whole];
    return parts.map((part, at) => `${space}${at === 0 ? '' : operator.trimStart()}${part}`);
  }
  return null;
}

/** A statement with a comment: behind it where both fit on its line, else above. */
export function withComment(code: string, comment: string, indent: number): readonly string[] {
  const lines = layOut(code, indent);
  if (comment === '') return lines;
  const [only = '', ...others] = lines;
  const line = `${only}  # ${comment}`;
  if (others.length === 0 && line.length <= lineWidth) return [line];
  return [`${' '.repeat(indent)}# ${comment}`, ...lines];
}

/** A collection literal or call that is always written an item a line. */
export function listed(head: string, items: readonly string[], foot: string, indent = 0): readonly string[] {
  const space = ' '.repeat(indent);
  if (items.length === 0) return [`${space}${head}${foot}`];
  return [`${space}${head}`, ...items.flatMap((item) => layOut(item, indent + 4, ',')), `${space}${foot}`];
}
