import type { Shape } from '../../layers/define';
import type { Size2 } from '../../layers/define';
import { numberLiteral } from '../code/calls';

/** Characters that stand for themselves in a Python string in double quotes, whatever the file around them. */
const plainCharacter = /^[\p{L}\p{N} ./_:;,()+=!?@#%&~^*<>|[\]{}'-]$/u;

/** Any text as a Python string. Escapes are of whole characters: Python knows no halves of one. */
export function pythonString(text: string): string {
  const escaped = Array.from(text, (character) =>
    plainCharacter.test(character) ? character : escapeOf(character.codePointAt(0) ?? 0),
  );
  return `"${escaped.join('')}"`;
}

function escapeOf(code: number): string {
  const digits = code.toString(16);
  return code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

/** True or False. */
export function pythonBoolean(value: boolean): string {
  return value ? 'True' : 'False';
}

/** Values in code as a tuple. */
export function tupleOf(values: readonly string[]): string {
  return values.length === 1 ? `(${values[0] ?? ''},)` : `(${values.join(', ')})`;
}

/** A number, or a tuple of numbers. */
export function numbersLiteral(value: unknown): string {
  return Array.isArray(value) ? tupleOf(value.map(numberLiteral)) : numberLiteral(value);
}

/** One number for a size that is alike on both axes, else `(height, width)`. */
export function sizeLiteral([height, width]: Size2): string {
  return height === width ? String(height) : `(${height}, ${width})`;
}

/** A name times a number. A whole number stays one: Python's own product with a fraction is none. */
export function pythonProduct(times: number, name: string, isWhole: boolean): string {
  if (times === 1) return name;
  const parts = Math.round(1 / times);
  if (isWhole && !Number.isInteger(times)) {
    return 1 / parts === times ? `${name} // ${parts}` : `int(${numberLiteral(times)} * ${name})`;
  }
  return `${numberLiteral(times)} * ${name}`;
}

/** The type of a param with these values in code. */
export function pythonType(values: readonly string[], moduleType: string): string {
  const types = new Set(values.map((value) => typeOf(value, moduleType)));
  if (types.has('float')) types.delete('int');
  return [...types].sort((a, b) => Number(a === 'None') - Number(b === 'None') || (a < b ? -1 : 1)).join(' | ');
}

function typeOf(value: string, moduleType: string): string {
  if (value === 'None') return 'None';
  if (value.startsWith('((')) {
    const pairs = value.split('), (').length;
    return pairs === 2 ? 'tuple[tuple[int, int], tuple[int, int]]' : 'tuple[tuple[int, int], ...]';
  }
  if (value.startsWith('('))
    return tupleType(
      value
        .slice(1, -1)
        .split(',')
        .filter((part) => part.trim() !== ''),
    );
  if (/^["']/.test(value)) return 'str';
  if (value === 'True' || value === 'False') return 'bool';
  if (/^-?\d+$/.test(value)) return 'int';
  return /^-?\d|^float\(/.test(value) ? 'float' : moduleType;
}

function tupleType(parts: readonly string[]): string {
  const item = parts.every((part) => /^\s*-?\d+$/.test(part)) ? 'int' : 'float';
  if (parts.some((part) => part.trim() === 'None')) return 'tuple[int | None, ...]';
  return parts.length === 2 ? `tuple[${item}, ${item}]` : `tuple[${item}, ...]`;
}

/** A shape with its channels last, as Convloom has it; `?` for a size that is open. */
export function shapeText(shape: Shape): string {
  return tupleOf(shape.map((size) => (size === null ? '?' : String(size))));
}
