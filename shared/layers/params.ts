import { mostKeptCharacters } from './kept';
import { missingParam, unknownParam, wrongParam, type ParamPlace } from '../diagnostics/catalog/params';
import { success, type Diagnostic, type Fix, type Result } from '../diagnostics/diagnostic';
import type { Json } from '../schema/document';
import { nearestWord } from '../nearest';
import { formatCount, formatNumber, text, type Text } from '../text';
import type { Padding, ParamField, ParamFields, ParamValues, RawParams, Shape, Size2 } from './define';
import { maxFilters, maxLength, maxWindow } from './fields';

/** What `readParams` needs to know of a layer. */
type ParamSchema<F extends ParamFields> = { readonly label: Text; readonly params: F };

/**
 * A layer's params as code wants them, read from what a document says: defaults filled in, sizes as `[height, width]`. Every
 * param that is unknown, missing, of the wrong type or out of range gives a diagnostic; nothing is guessed or clamped. `path` is
 * where the params stand in the file.
 */
export function readParams<F extends ParamFields>(
  definition: ParamSchema<F>,
  raw: RawParams,
  nodeId: string,
  path = 'params',
): Result<ParamValues<F>> {
  // Every field of F was read by its own type, and a missing one makes a finding.
  const values = readGiven(definition.params, raw) as ParamValues<F> | null;
  return values === null ? refuse(definition, raw, nodeId, path) : success(values);
}

/** What stands for absent params, and the params that must be given. */
type Absent = { readonly values: Readonly<Record<string, unknown>>; readonly required: readonly string[] };

const absentOf = new WeakMap<ParamFields, Absent>();

function readAbsent(fields: ParamFields): Absent {
  const known = absentOf.get(fields);
  if (known !== undefined) return known;
  const names = Object.keys(fields);
  const absent = {
    values: Object.fromEntries(names.map((name) => [name, fields[name] && defaultOf(fields[name])])),
    required: names.filter((name) => isRequired(fields[name])),
  };
  absentOf.set(fields, absent);
  return absent;
}

/** All values, defaults filled in; null where any is wrong. Most nodes give few of their params: the others cost no look. */
function readGiven(fields: ParamFields, raw: RawParams): Record<string, unknown> | null {
  const { values: absent, required } = readAbsent(fields);
  const values: Record<string, unknown> = { ...absent };
  for (const name of Object.keys(raw)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const given = raw[name];
    if (field === undefined) return null;
    if (given === undefined || (given === null && isOptional(field))) continue;
    const value = readValue(field, given);
    if (value === undefined) return null;
    values[name] = value;
  }
  for (const name of required) if (values[name] === undefined) return null;
  return values;
}

/** Why params cannot be read: every one that is wrong. */
function refuse(definition: ParamSchema<ParamFields>, raw: RawParams, nodeId: string, path: string): Result<never> {
  const findings: Diagnostic[] = [];
  const placeOf = (name: string): ParamPlace => ({ nodeId, param: name, path: `${path}.${name}` });
  const fields = definition.params;
  for (const name of Object.keys(raw)) {
    if (!Object.hasOwn(fields, name)) findings.push(refuseUnknown(definition, raw, placeOf(name)));
  }
  for (const name of Object.keys(fields)) {
    const field = fields[name];
    if (field === undefined) continue;
    const given = raw[name];
    const isGiven = given !== undefined && !(given === null && isOptional(field));
    if ((isGiven ? readValue(field, given) : defaultOf(field)) !== undefined) continue;
    const at = placeOf(name);
    findings.push(
      isGiven
        ? wrongParam(at, field.label, expected(field), describe(given), mends(field, at))
        : missingParam(at, field.label, expected(field), mends(field, at)),
    );
  }
  // Not spread into a call: a broken file may have more findings than a call takes arguments.
  return { ok: false, diagnostics: findings };
}

/** What a new node's document holds: the params without a default, at a value to start from. */
export function defaultParams(definition: { readonly params: ParamFields }): RawParams {
  const initial: Record<string, Json> = {};
  for (const [name, field] of Object.entries(definition.params)) {
    if (field.initial !== undefined) initial[name] = field.initial;
  }
  return initial;
}

/** Whether null says that a param is absent. */
function isOptional(field: ParamField): boolean {
  return 'optional' in field && field.optional;
}

/** True for a param that a document must give. */
export function isRequired(field: ParamField | undefined): boolean {
  return field !== undefined && defaultOf(field) === undefined;
}

/** The value of an absent param; undefined when it must be given. */
function defaultOf(field: ParamField): unknown {
  switch (field.type) {
    case 'size':
      if (field.default !== undefined) return [field.default, field.default];
      return field.optional === true ? null : undefined;
    case 'integer':
    case 'number':
      if (field.default !== undefined) return field.default;
      return field.optional === true ? null : undefined;
    case 'choice':
      return field.off === undefined ? field.default : false;
    case 'order':
      return undefined;
    default:
      return field.default;
  }
}

/** A given value in the form that code uses; undefined when it does not fit the field. */
function readValue(field: ParamField, given: Json): unknown {
  switch (field.type) {
    case 'integer':
      return isWhole(given, field.min, field.max) ? given : undefined;
    case 'number':
      return isWithin(given, field) ? given : undefined;
    case 'boolean':
      return typeof given === 'boolean' ? given : undefined;
    case 'choice':
      if (given === false && field.off !== undefined) return false;
      return typeof given === 'string' && field.values.includes(given) ? given : undefined;
    case 'size':
      return readSize(given, field.min, field.max);
    case 'padding':
      return readPadding(given);
    case 'shape':
      return readShape(given);
    case 'offset':
      return given === 'center' ? given : readSize(given, 0, maxLength);
    case 'numbers':
      return isWithin(given, field) || isListWithin(given, field) ? given : undefined;
    case 'order':
      return readOrder(given);
    case 'name':
      return typeof given === 'string' && plainName.test(given) ? given : undefined;
    case 'kept':
      return typeof given === 'object' && JSON.stringify(given).length <= mostKeptCharacters ? given : undefined;
  }
}

/** What a name may be: no space, quote or bracket, so that it can stand in any file that is printed. */
const plainName = /^[\p{L}\p{N}._:-]{1,100}$/u;

function isNumber(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWithin(value: Json, { min, max }: { readonly min: number; readonly max: number }): value is number {
  return isNumber(value) && value >= min && value <= max;
}

function isListWithin(given: Json, range: { readonly min: number; readonly max: number }): boolean {
  return (
    isList(given) && given.length > 0 && given.length <= maxFilters && given.every((value) => isWithin(value, range))
  );
}

function readOrder(given: Json): readonly number[] | undefined {
  if (!isList(given) || given.length === 0) return undefined;
  const places = given.filter((place) => isWhole(place, 1, given.length));
  return places.length === given.length && new Set(places).size === places.length ? places : undefined;
}

function isWhole(value: Json | undefined, min: number, max: number): value is number {
  return isNumber(value) && Number.isInteger(value) && value >= min && value <= max;
}

function readSize(given: Json, min: number, max: number): Size2 | undefined {
  if (isWhole(given, min, max)) return [given, given];
  if (!isList(given) || given.length !== 2) return undefined;
  const [height, width] = given;
  return isWhole(height, min, max) && isWhole(width, min, max) ? [height, width] : undefined;
}

function readPadding(given: Json): Padding | undefined {
  if (given === 'valid' || given === 'same') return given;
  if (isWhole(given, 0, maxWindow)) return given;
  if (!isList(given)) return undefined;
  const [a, b, c, d] = given;
  if (!isWhole(a, 0, maxWindow) || !isWhole(b, 0, maxWindow)) return undefined;
  if (given.length === 2) return [a, b];
  if (given.length !== 4 || !isWhole(c, 0, maxWindow) || !isWhole(d, 0, maxWindow)) return undefined;
  return [a, b, c, d];
}

function readShape(given: Json): Shape | undefined {
  if (!isList(given) || (given.length !== 1 && given.length !== 3)) return undefined;
  const sizes: (number | null)[] = [];
  for (const [axis, size] of given.entries()) {
    // The last axis counts channels or values, which is where a long vector may exceed any image's side.
    const max = axis < given.length - 1 ? maxLength : given.length === 1 ? maxLength * maxLength : maxFilters;
    if (size !== null && !isWhole(size, 1, max)) return undefined;
    sizes.push(size);
  }
  return sizes;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

const expectedOf = new WeakMap<ParamField, Text>();

/** What a field takes, in words that finish "must be ...": made once, as a hundred thousand nodes may lack the same param. */
function expected(field: ParamField): Text {
  const known = expectedOf.get(field) ?? expectedWords(field);
  expectedOf.set(field, known);
  return known;
}

function expectedWords(field: ParamField): Text {
  switch (field.type) {
    case 'integer':
      return range(field, text('a whole number', '整数'));
    case 'number':
      return range(field, text('a number', '数'));
    case 'boolean':
      return text('true or false', 'true 或 false');
    case 'choice': {
      const words = field.values.map((value) => `"${value}"`);
      const list = (field.off === undefined ? words : ['false', ...words]).join(', ');
      return text(`one of ${list}`, `以下之一：${list}`);
    }
    case 'size':
      return range(field, text('a whole number or [height, width]', '整数或 [高, 宽]'));
    case 'padding':
      return text(
        `"valid", "same", a number, [height, width] or [top, bottom, left, right], from 0 to ${formatCount(maxWindow)}`,
        `"valid"、"same"、一个数、[高, 宽] 或 [上, 下, 左, 右]，取值 0 到 ${formatCount(maxWindow)}`,
      );
    case 'shape':
      return text(
        `[height, width, channels] or [units], each a whole number from 1 to ${formatCount(maxLength)}, or null for any size`,
        `[高, 宽, 通道] 或 [单元数]，每个都是 1 到 ${formatCount(maxLength)} 的整数，或用 null 表示任意大小`,
      );
    case 'offset':
      return text('"center", a number of pixels, or [top, left]', '"center"、像素数，或 [上, 左]');
    case 'numbers':
      return range(field, text('a number or a list with one for each channel', '数，或每个通道一个数的列表'));
    case 'order':
      return text('a list with each of 1, 2, … n once', '由 1、2、…、n 各出现一次组成的列表');
    case 'name':
      return text('a name of letters, digits and . _ : -', '由字母、数字和 . _ : - 组成的名称');
    case 'kept':
      return text('what an import wrote, or null', '导入时写入的内容，或 null');
  }
}

function range(field: { readonly min: number; readonly max: number }, what: Text): Text {
  const bounds = [formatNumber(field.min), formatNumber(field.max)] as const;
  return text(`${what.en} from ${bounds[0]} to ${bounds[1]}`, `${bounds[0]} 到 ${bounds[1]} 之间的${what.zh}`);
}

/** Ways to make a param fit: the value that a new node would have, then the nearest that is allowed. */
function mends(field: ParamField, at: ParamPlace): readonly Fix[] {
  const fixes: Fix[] = [];
  if (field.initial !== undefined) fixes.push(setFix(at, field.initial));
  else if (defaultOf(field) !== undefined) {
    fixes.push({
      title: text(`Put ${at.param} back to its default`, `将 ${at.param} 恢复为默认值`),
      edits: [{ type: 'setParams', id: at.nodeId, params: {}, unset: [at.param] }],
    });
  }
  return fixes;
}

function setFix(at: ParamPlace, value: Json): Fix {
  const shown = describe(value);
  return {
    title: text(`Set ${at.param} to ${shown}`, `将 ${at.param} 设为 ${shown}`),
    edits: [{ type: 'setParams', id: at.nodeId, params: { [at.param]: value } }],
  };
}

function refuseUnknown(definition: ParamSchema<ParamFields>, raw: RawParams, at: ParamPlace): Diagnostic {
  const known = Object.keys(definition.params);
  const nearest = nearestWord(at.param, known);
  const value = raw[at.param];
  const fixes: Fix[] = [];
  const field = nearest === null ? undefined : definition.params[nearest];
  // Only offered where the value would be right under the other name.
  if (nearest !== null && field !== undefined && raw[nearest] === undefined && value !== undefined) {
    if (readValue(field, value) !== undefined) {
      fixes.push({
        title: text(`Rename it to ${nearest}`, `改名为 ${nearest}`),
        edits: [{ type: 'setParams', id: at.nodeId, params: { [nearest]: value }, unset: [at.param] }],
      });
    }
  }
  fixes.push({
    title: text(`Remove ${at.param}`, `移除 ${at.param}`),
    edits: [{ type: 'setParams', id: at.nodeId, params: {}, unset: [at.param] }],
    paramsDelta: 0,
  });
  return unknownParam(at, definition.label, known, nearest, fixes);
}

/** A JSON value as a message shows it. */
function describe(value: Json): string {
  const shown = JSON.stringify(value);
  return shown.length > 40 ? `${shown.slice(0, 37)}…` : shown;
}
