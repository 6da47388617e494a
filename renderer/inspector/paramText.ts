import type { Json } from '../../shared/schema/document';
import type { ParamField } from '../../shared/layers/define';

/** What typing gave: a value for the document, or the reason why it is none yet. */
export type Parsed =
  | { readonly ok: true; readonly value: Json }
  | {
      readonly ok: false;
      readonly reason: 'number' | 'integer' | 'range' | 'size' | 'sides' | 'shape' | 'order' | 'name';
    };

const separators = /[\s,;×x*]+/i;

function numbersIn(text: string): readonly number[] | null {
  const parts = text
    .trim()
    .replace(/^\[|\]$/g, '')
    .split(separators);
  const numbers = parts.map((part) => (part === '' ? Number.NaN : Number(part)));
  return numbers.every(Number.isFinite) ? numbers : null;
}

/** True for something that a field can hold as it is; anything else in a document is shown as its JSON. */
function isNumeric(value: Json | undefined): value is number | readonly number[] {
  return typeof value === 'number' || (Array.isArray(value) && value.every((item) => typeof item === 'number'));
}

/** A param as its field shows it: `20`, `5 × 3`, `28 × 28 × 1`, `?` for a size that is open. */
export function paramToText(field: ParamField, value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (field.type === 'size' && isNumeric(value)) {
    const [height, width] = typeof value === 'number' ? [value, value] : value;
    if (height === 1 && (width ?? height) === 1) return '1';
    return `${height ?? '?'} × ${width ?? height ?? '?'}`;
  }
  if (field.type === 'shape' && Array.isArray(value)) {
    return value
      .map((size: Json) => (typeof size === 'number' ? String(size) : size === null ? '?' : JSON.stringify(size)))
      .join(' × ');
  }
  if (Array.isArray(value) && isNumeric(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseNumber(text: string, min: number, max: number, isInteger: boolean): Parsed {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (trimmed === '' || !Number.isFinite(value)) return { ok: false, reason: isInteger ? 'integer' : 'number' };
  if (isInteger && !Number.isInteger(value)) return { ok: false, reason: 'integer' };
  return value >= min && value <= max ? { ok: true, value } : { ok: false, reason: 'range' };
}

function parseSize(text: string, min: number, max: number): Parsed {
  const numbers = numbersIn(text);
  const [height, width] = numbers ?? [];
  if (numbers === null || height === undefined || numbers.length > 2) return { ok: false, reason: 'size' };
  if (!numbers.every(Number.isInteger)) return { ok: false, reason: 'size' };
  if (!numbers.every((size) => size >= min && size <= max)) return { ok: false, reason: 'range' };
  // A square is written as one number: that is how people write it, and how documents stay short.
  return { ok: true, value: width === undefined || width === height ? height : [height, width] };
}

function parseShape(text: string): Parsed {
  const parts = text.trim().split(separators);
  const sizes = parts.map((part) => (part === '?' || part === 'null' ? null : Number(part === '' ? Number.NaN : part)));
  const isShape = sizes.length === 3 || sizes.length === 1;
  const fits = sizes.every((size) => size === null || (Number.isInteger(size) && size >= 1));
  return isShape && fits ? { ok: true, value: sizes } : { ok: false, reason: 'shape' };
}

function parseSides(text: string): Parsed {
  const numbers = numbersIn(text);
  if (
    numbers === null ||
    ![1, 2, 4].includes(numbers.length) ||
    !numbers.every((side) => Number.isInteger(side) && side >= 0)
  ) {
    return { ok: false, reason: 'sides' };
  }
  const [only] = numbers;
  return { ok: true, value: numbers.length === 1 && only !== undefined ? only : numbers };
}

/** One number, or one for each channel. */
function parseNumbers(text: string, min: number, max: number): Parsed {
  const numbers = numbersIn(text);
  const [only] = numbers ?? [];
  if (numbers === null || only === undefined) return { ok: false, reason: 'number' };
  if (!numbers.every((value) => value >= min && value <= max)) return { ok: false, reason: 'range' };
  return { ok: true, value: numbers.length === 1 ? only : numbers };
}

function parseOrder(text: string): Parsed {
  const places = numbersIn(text) ?? [];
  const isOrder = places.length > 0 && places.every((_, at) => places.includes(at + 1));
  return isOrder ? { ok: true, value: places } : { ok: false, reason: 'order' };
}

/** A foreign name; the characters are those that the params' reader takes. */
function parseName(text: string): Parsed {
  const name = text.trim();
  return /^[\p{L}\p{N}._:-]{1,100}$/u.test(name) ? { ok: true, value: name } : { ok: false, reason: 'name' };
}

/** Reads what was typed into a field. */
export function parseParam(field: ParamField, text: string): Parsed {
  switch (field.type) {
    case 'integer':
      return parseNumber(text, field.min, field.max, true);
    case 'number':
      return parseNumber(text, field.min, field.max, false);
    case 'size':
      return parseSize(text, field.min, field.max);
    case 'shape':
      return parseShape(text);
    case 'numbers':
      return parseNumbers(text, field.min, field.max);
    case 'order':
      return parseOrder(text);
    case 'name':
      return parseName(text);
    case 'padding':
    case 'offset':
      return parseSides(text);
    case 'boolean':
    case 'choice':
    case 'kept':
      return { ok: true, value: text };
  }
}

/** The value `steps` further, kept in range: what an arrow key or a scrub does. Null where a field has no steps. */
export function stepParam(field: ParamField, value: Json | undefined, steps: number): Json | null {
  const clamp = (number: number, min: number, max: number): number => Math.min(max, Math.max(min, number));
  if (field.type === 'integer' && typeof value === 'number')
    return clamp(Math.round(value) + steps, field.min, field.max);
  if ((field.type === 'number' || field.type === 'numbers') && typeof value === 'number') {
    const step = stepOf(value);
    return clamp(Number((value + steps * step).toPrecision(12)), field.min, field.max);
  }
  if (field.type === 'size' && isNumeric(value)) {
    const sizes = (typeof value === 'number' ? [value] : value).map((size) =>
      clamp(size + steps, field.min, field.max),
    );
    const [height, width] = sizes;
    if (height === undefined) return null;
    return width === undefined || width === height ? height : [height, width];
  }
  if ((field.type === 'padding' || field.type === 'offset') && isNumeric(value)) {
    return typeof value === 'number' ? Math.max(0, value + steps) : value.map((side) => Math.max(0, side + steps));
  }
  return null;
}

/** A tenth of the power of ten of its first digit: 0.001 steps by 0.0001, 0.5 by 0.01. */
function stepOf(value: number): number {
  return value === 0 ? 0.01 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
}
