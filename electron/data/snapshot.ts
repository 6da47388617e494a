import { createHash } from 'node:crypto';

/** What a data set consists of, in an order that hangs on nothing but the data: names, labels, digests, values. */
export type SnapshotPart = string | ArrayBufferView;

const digits = 32;

/** The digest of everything that some data are, in hexadecimal. Texts are told from each other wherever one ends. */
export function snapshotOf(parts: Iterable<SnapshotPart>): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    if (typeof part === 'string') hash.update(`${Buffer.byteLength(part)}:${part}`);
    else hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest('hex').slice(0, digits);
}
