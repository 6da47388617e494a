import type { z } from 'zod';
import {
  documentTooLarge,
  missingField,
  newerVersion,
  notANetwork,
  notJson,
  wrongField,
} from '../diagnostics/catalog/document';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import { formatCount, text } from '../text';
import { limits } from '../schema/limits';
import { networkDocumentSchema, version1Schema, version2Schema, type NetworkDocument } from '../schema/document';
import { describeValue, diagnosticsOf } from './issues';
import { findJsonError, isTooDeep } from './json';
import { currentVersion, type RawDocument } from './migrations';
import { inOldestVersion } from './version';

/** The schema of each published version. All of them open; what is read says its own version. */
const schemas: ReadonlyMap<number, z.ZodObject> = new Map<number, z.ZodObject>([
  [1, version1Schema],
  [2, version2Schema],
]);

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
    const found = describeValue(raw);
    return failure(notANetwork(text(`it is ${found}`, `是 ${found}`)));
  }
  if (raw['format'] !== 'convloom.network') {
    const found = describeValue(raw['format']);
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
      version === undefined
        ? missingField('version', expected)
        : wrongField('version', expected, describeValue(version)),
    );
  }
  if (!schemas.has(version)) return failure(newerVersion(version, currentVersion));
  const parsed = networkDocumentSchema.safeParse(raw);
  if (!parsed.success) return failure(...diagnosticsOf(parsed.error.issues, schemas, version, raw));
  return success(inOldestVersion(parsed.data));
}

function isRecord(value: unknown): value is RawDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
