import { z } from 'zod';
import { missingField, moreFindings, unknownField, wrongField } from '../diagnostics/catalog/document';
import type { Diagnostic } from '../diagnostics/diagnostic';
import { nearestWord } from '../nearest';
import { limits } from '../schema/limits';
import { formatCount, formatNumber, text, type Text } from '../text';

/** What a value must be, by the `error` of its schema or by the type that zod expected. */
const expectations: ReadonlyMap<string, Text> = new Map([
  ['string', text('a string', '字符串')],
  ['name', text('a string that is not empty', '非空字符串')],
  ['pathPart', text('a string that is not empty and has no /', '不含 / 的非空字符串')],
  ['number', text('a finite number', '有限的数')],
  ['int', text('a whole number', '整数')],
  ['boolean', text('true or false', ' true 或 false')],
  ['array', text('a list', '数组')],
  ['object', text('an object', '对象')],
  ['record', text('an object', '对象')],
  ['blocks', text('an object of blocks, none of them called __proto__', '由块组成的对象，且不能有名为 __proto__ 的块')],
  ['shapeSize', text('a whole number from 1 on, null or "any"', '从 1 开始的整数、null 或 "any"')],
  ['step', text('a kind, or an object with a kind and params', '层的种类，或含 kind 与 params 的对象')],
  ['port', text('a whole number from 0 on', '从 0 开始的整数')],
  ['frames', atMost(limits.frames, text('frames', '个框'))],
  ['frameId', text('an id that no other frame has', '与其他框不同的 id')],
  ['frameTitle', atMost(limits.frameTitle, text('characters', '个字符'))],
  ['frameNote', atMost(limits.frameNote, text('characters', '个字符'))],
  ['via', atMost(limits.viaPoints, text('places', '个点'))],
  [
    'side',
    text(
      `a number above 0, at most ${formatCount(limits.frameSide)}`,
      `大于 0 且不超过 ${formatCount(limits.frameSide)} 的数`,
    ),
  ],
]);

function atMost(limit: number, what: Text): Text {
  return text(`at most ${formatCount(limit)} ${what.en}`, `最多 ${formatCount(limit)} ${what.zh}`);
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * What the schema of its version found wrong with a document, as diagnostics that name the place in the file. `schemas` are those of all
 * versions, oldest first. Linear in what is wrong.
 */
export function diagnosticsOf(
  issues: readonly Issue[],
  schemas: ReadonlyMap<number, z.ZodType>,
  version: number,
  raw: unknown,
): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  let count = 0;
  for (const issue of issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [null];
    count += keys.length;
    for (const key of keys.slice(0, limits.documentFindings - findings.length)) {
      findings.push(key === null ? wrongValue(issue, raw) : unknownKey(issue.path, key, schemas, version));
    }
  }
  return count > findings.length ? [...findings, moreFindings(count - findings.length)] : findings;
}

function unknownKey(parent: Path, key: string, schemas: ReadonlyMap<number, z.ZodType>, version: number): Diagnostic {
  const fieldsIn = (schema: z.ZodType | undefined): readonly string[] => {
    const owner = schema === undefined ? null : schemaAt(schema, parent);
    return owner instanceof z.ZodObject ? Object.keys(owner.shape) : [];
  };
  const known = fieldsIn(schemas.get(version));
  const since = [...schemas].find(([later, schema]) => later > version && fieldsIn(schema).includes(key));
  return unknownField(pathText([...parent, key]), known, nearestWord(key, known), since?.[0] ?? null);
}

/**
 * What a schema found wrong with a file other than a network, in both languages: where, and why. An unknown field counts with its owner.
 */
export function explainIssue(issue: Issue, raw: unknown): { readonly path: string; readonly problem: Text } {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ');
    return { path, problem: text(`unknown field ${keys}`, `未知字段 ${keys}`) };
  }
  const value = valueAt(raw, issue.path);
  const { en, zh } = expectedBy(issue);
  if (value === undefined) return { path, problem: text(`must be ${en}, and is missing`, `必须是${zh}，但没有给出`) };
  const found = describeValue(value);
  return { path, problem: text(`must be ${en}, and is ${found}`, `必须是${zh}，但写的是 ${found}`) };
}

function wrongValue(issue: Issue, raw: unknown): Diagnostic {
  const expected = expectedBy(issue);
  const path = pathText(issue.path);
  const value = issue.code === 'invalid_key' ? issue.path.at(-1) : valueAt(raw, issue.path);
  return value === undefined ? missingField(path, expected) : wrongField(path, expected, describeValue(value));
}

function expectedBy(issue: Issue): Text {
  const named = expectations.get(issue.message);
  if (named !== undefined) return named;
  if (issue.code === 'invalid_value') {
    const list = issue.values.map((value) => JSON.stringify(value)).join(', ');
    return issue.values.length === 1 ? text(list, ` ${list}`) : text(`one of ${list}`, `以下之一：${list}`);
  }
  if (issue.code === 'invalid_union' && 'options' in issue) {
    const list = (issue.options ?? []).map((value) => JSON.stringify(value)).join(', ');
    return text(`one of ${list}`, `以下之一：${list}`);
  }
  if (issue.code === 'too_small')
    return boundBy(issue.origin, 'least', Number(issue.minimum), issue.inclusive !== false);
  if (issue.code === 'too_big') return boundBy(issue.origin, 'most', Number(issue.maximum), issue.inclusive !== false);
  const fallback = issue.code === 'invalid_key' ? 'name' : issue.code === 'invalid_type' ? issue.expected : 'object';
  // A type without an expectation of its own keeps zod's word for it.
  return expectations.get(fallback) ?? text(fallback, fallback);
}

/** `at least 1`, `a list of at most 3`. */
function boundBy(origin: string, end: 'least' | 'most', bound: number, isInclusive: boolean): Text {
  const limit = formatNumber(bound);
  const words = {
    least: isInclusive ? text(`at least ${limit}`, `至少为 ${limit}`) : text(`above ${limit}`, `大于 ${limit}`),
    most: isInclusive ? text(`at most ${limit}`, `至多为 ${limit}`) : text(`below ${limit}`, `小于 ${limit}`),
  }[end];
  if (origin === 'array') return text(`a list, its length ${words.en}`, `长度${words.zh} 的数组`);
  if (origin === 'string') return text(`a string, its length ${words.en}`, `长度${words.zh} 的字符串`);
  return text(`a number that is ${words.en}`, `${words.zh} 的数`);
}

/** The schema that judged the value at `path`. */
function schemaAt(schema: z.ZodType, path: Path): unknown {
  let current: unknown = schema;
  for (const key of path) {
    current = unwrapped(current);
    if (current instanceof z.ZodObject) current = Object.hasOwn(current.shape, key) ? current.shape[String(key)] : null;
    else if (current instanceof z.ZodArray) current = current.element;
    else if (current instanceof z.ZodRecord) current = current.valueType;
    else return null;
  }
  return unwrapped(current);
}

function unwrapped(schema: unknown): unknown {
  let current = schema;
  for (;;) {
    if (current instanceof z.ZodDefault) current = current.def.innerType;
    else if (current instanceof z.ZodExactOptional || current instanceof z.ZodOptional) current = current.def.innerType;
    else if (current instanceof z.ZodPipe) current = current.def.out;
    else return current;
  }
}

function valueAt(raw: unknown, path: Path): unknown {
  let current = raw;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

/** `nodes`, 1 and `colour` give `nodes[1].colour`. */
function pathText(path: Path): string {
  return path.reduce<string>(
    (before, key) => (typeof key === 'number' ? `${before}[${key}]` : childPath(before, String(key))),
    '',
  );
}

/** The path of a field: a key that is no word is quoted. */
export function childPath(path: string, key: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** A value as a message shows it: short, and never a page of JSON. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `[…] (${value.length})`;
  if (typeof value === 'object' && value !== null) return '{…}';
  // What is left are strings, numbers, booleans and null; JSON would write an infinite number as null.
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}
