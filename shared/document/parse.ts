import {
  documentTooLarge,
  missingField,
  newerVersion,
  notANetwork,
  notJson,
  unknownField,
  wrongField,
} from '../diagnostics/catalog/document';
import { failure, success, type Diagnostic, type Result } from '../diagnostics/diagnostic';
import { nearestWord } from '../nearest';
import { formatCount, text, type Text } from '../text';
import { limits } from '../schema/limits';
import { trainingField, trainingFieldNames, type TrainingConfig } from '../schema/training';
import type { Json, NetworkDocument, NetworkEdge, NetworkNode, Position } from '../schema/document';
import { findJsonError, isTooDeep } from './json';
import { currentVersion, migrate, type RawDocument } from './migrations';

/**
 * Reads the text of a `.convloom` file. Only the structure is judged here; unknown kinds, bad params, loose wires and cycles are
 * the analyser's findings, so that a broken network still opens.
 */
export function parseNetwork(source: string): Result<NetworkDocument> {
  const trimmed = source.startsWith('\uFEFF') ? source.slice(1) : source;
  if (trimmed.length > limits.documentLength) {
    const size = formatCount(trimmed.length);
    return failure(documentTooLarge(text(`it has ${size} characters`, `共有 ${size} 个字符`)));
  }
  if (isTooDeep(trimmed)) {
    return failure(
      documentTooLarge(
        text(`its brackets nest deeper than ${limits.jsonDepth}`, `括号嵌套超过 ${limits.jsonDepth} 层`),
      ),
    );
  }
  let raw: unknown;
  try {
    raw = JSON.parse(trimmed);
  } catch {
    const found = findJsonError(trimmed);
    return failure(
      found === null
        ? notJson(1, 1, text('It could not be read.', '无法读取。'))
        : notJson(found.line, found.column, found.expected),
    );
  }
  return readDocument(raw);
}

/** As {@link parseNetwork}, for a value that is parsed already (a message, a clipboard). */
export function readDocument(raw: unknown): Result<NetworkDocument> {
  if (!isRecord(raw)) {
    const found = describe(raw);
    return failure(notANetwork(text(`it is ${found}`, `是 ${found}`)));
  }
  if (raw['format'] !== 'convloom.network') {
    const found = describe(raw['format']);
    return failure(
      notANetwork(
        raw['format'] === undefined
          ? text('there is no "format"', '没有 "format" 字段')
          : text(`"format" is ${found}`, `"format" 是 ${found}`),
      ),
    );
  }
  const version = raw['version'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    const expected = text('a whole number from 1 on', '从 1 开始的整数');
    return failure(
      version === undefined ? missingField('version', expected) : wrongField('version', expected, describe(version)),
    );
  }
  if (version > currentVersion) return failure(newerVersion(version, currentVersion));
  const migrated = migrate(raw, version);
  if (migrated === null) {
    return failure(wrongField('version', text('a version that was published', '已发布的版本'), String(version)));
  }
  const reader = new Reader();
  const document = readFields(reader, migrated);
  return reader.findings.length > 0 || document === null ? failure(...reader.findings) : success(document);
}

function readFields(reader: Reader, raw: RawDocument): NetworkDocument | null {
  reader.onlyFields(raw, '', ['format', 'version', 'name', 'nodes', 'edges', 'train']);
  // A name is decoration and a network of one node has no wires, so files written by hand may leave these out.
  const name = raw['name'] === undefined ? 'Untitled' : reader.string(raw['name'], 'name');
  const rawNodes = reader.list(raw['nodes'], 'nodes');
  const rawEdges = raw['edges'] === undefined ? [] : reader.list(raw['edges'], 'edges');
  const nodes = rawNodes?.map((node, index) => readNode(reader, node, `nodes[${index}]`)) ?? [];
  const edges = rawEdges?.map((edge, index) => readEdge(reader, edge, `edges[${index}]`)) ?? [];
  const train = raw['train'] === undefined ? undefined : readTraining(reader, raw['train']);
  if (reader.findings.length > 0) return null;
  return {
    format: 'convloom.network',
    version: currentVersion,
    name: name ?? '',
    nodes: nodes.filter((node) => node !== null),
    edges: edges.filter((edge) => edge !== null),
    ...(train !== undefined && { train }),
  };
}

function readNode(reader: Reader, raw: unknown, path: string): NetworkNode | null {
  const fields = reader.record(raw, path);
  if (fields === null) return null;
  reader.onlyFields(fields, path, ['id', 'kind', 'params', 'position', 'label', 'note']);
  const id = reader.name(fields['id'], `${path}.id`);
  const kind = reader.name(fields['kind'], `${path}.kind`);
  const params = fields['params'] === undefined ? {} : reader.params(fields['params'], `${path}.params`);
  const position =
    fields['position'] === undefined ? undefined : reader.position(fields['position'], `${path}.position`);
  const label = fields['label'] === undefined ? undefined : reader.string(fields['label'], `${path}.label`);
  const note = fields['note'] === undefined ? undefined : reader.string(fields['note'], `${path}.note`);
  if (id === null || kind === null || params === null || position === null || label === null || note === null) {
    return null;
  }
  return {
    id,
    kind,
    params,
    ...(position !== undefined && { position }),
    ...(label !== undefined && { label }),
    ...(note !== undefined && { note }),
  };
}

function readEdge(reader: Reader, raw: unknown, path: string): NetworkEdge | null {
  const fields = reader.record(raw, path);
  if (fields === null) return null;
  reader.onlyFields(fields, path, ['from', 'to', 'toPort']);
  const from = reader.name(fields['from'], `${path}.from`);
  const to = reader.name(fields['to'], `${path}.to`);
  const toPort = fields['toPort'] === undefined ? undefined : reader.port(fields['toPort'], `${path}.toPort`);
  if (from === null || to === null || toPort === null) return null;
  return { from, to, ...(toPort !== undefined && { toPort }) };
}

/** Ranges are the trainer's business: a configuration that cannot run must still open. */
function readTraining(reader: Reader, raw: unknown): Partial<TrainingConfig> | undefined {
  const fields = reader.record(raw, 'train');
  if (fields === null) return undefined;
  reader.onlyFields(fields, 'train', trainingFieldNames);
  const entries: [string, unknown][] = [];
  for (const name of trainingFieldNames) {
    const field = trainingField(name);
    const value = fields[name];
    const path = `train.${name}`;
    if (value === undefined) continue;
    if (field.type === 'text') reader.string(value, path);
    else if (field.type === 'choice') {
      reader.choice(
        value,
        path,
        field.choices.map((choice) => choice.value),
      );
    } else reader.number(value, path);
    entries.push([name, value]);
  }
  // Every entry was checked against its field's type just above.
  return Object.fromEntries(entries);
}

const expectations = {
  string: text('a string', '字符串'),
  name: text('a string that is not empty', '非空字符串'),
  number: text('a finite number', '有限的数'),
  list: text('a list', '数组'),
  record: text('an object', '对象'),
  port: text('a whole number from 0 on', '从 0 开始的整数'),
} as const;

/** Reads values of a type by path and collects what is wrong; null where a value cannot be used. */
class Reader {
  readonly findings: Diagnostic[] = [];

  string(value: unknown, path: string): string | null {
    return typeof value === 'string' ? value : this.#wrong(value, path, expectations.string);
  }

  name(value: unknown, path: string): string | null {
    return typeof value === 'string' && value !== '' ? value : this.#wrong(value, path, expectations.name);
  }

  number(value: unknown, path: string): number | null {
    return typeof value === 'number' && Number.isFinite(value) ? value : this.#wrong(value, path, expectations.number);
  }

  port(value: unknown, path: string): number | null {
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? value
      : this.#wrong(value, path, expectations.port);
  }

  choice(value: unknown, path: string, choices: readonly string[]): void {
    if (typeof value === 'string' && choices.includes(value)) return;
    const list = choices.map((choice) => `"${choice}"`).join(', ');
    this.#wrong(value, path, text(`one of ${list}`, `以下之一：${list}`));
  }

  list(value: unknown, path: string): readonly unknown[] | null {
    return Array.isArray(value) ? value : this.#wrong(value, path, expectations.list);
  }

  record(value: unknown, path: string): RawDocument | null {
    return isRecord(value) ? value : this.#wrong(value, path, expectations.record);
  }

  position(value: unknown, path: string): Position | null {
    const fields = this.record(value, path);
    if (fields === null) return null;
    this.onlyFields(fields, path, ['x', 'y']);
    const x = this.number(fields['x'], `${path}.x`);
    const y = this.number(fields['y'], `${path}.y`);
    return x === null || y === null ? null : { x, y };
  }

  /** Any JSON but numbers like 1e999, which JSON.parse reads as infinite and nothing could write again. */
  params(value: unknown, path: string): NetworkNode['params'] | null {
    if (!isJsonRecord(value)) return this.#wrong(value, path, expectations.record);
    const infinite = findInfinite(value, path);
    return infinite === null ? value : this.#wrong(Infinity, infinite, expectations.number);
  }

  onlyFields(fields: RawDocument, path: string, known: readonly string[]): void {
    for (const key of Object.keys(fields)) {
      if (known.includes(key)) continue;
      this.#add(unknownField(childPath(path, key), known, nearestWord(key, known)));
    }
  }

  #wrong(value: unknown, path: string, expected: Text): null {
    this.#add(value === undefined ? missingField(path, expected) : wrongField(path, expected, describe(value)));
    return null;
  }

  #add(diagnostic: Diagnostic): void {
    if (this.findings.length < limits.documentFindings) this.findings.push(diagnostic);
  }
}

function isRecord(value: unknown): value is RawDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only ever asked of what `JSON.parse` gave, where every object holds JSON. */
function isJsonRecord(value: unknown): value is { readonly [key: string]: Json } {
  return isRecord(value);
}

function findInfinite(value: Json, path: string): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : path;
  if (value === null || typeof value !== 'object') return null;
  for (const [key, item] of Object.entries(value)) {
    const found = findInfinite(item, Array.isArray(value) ? `${path}[${key}]` : childPath(path, key));
    if (found !== null) return found;
  }
  return null;
}

/** `nodes[1]` and `colour` give `nodes[1].colour`; a key that is no word is quoted. */
function childPath(path: string, key: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** A value as a message shows it: short, and never a page of JSON. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `[…] (${value.length})`;
  if (typeof value === 'object' && value !== null) return '{…}';
  // What is left are strings, numbers, booleans and null; JSON would write an infinite number as null.
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}
