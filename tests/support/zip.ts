import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';

export type ZipEntry = { readonly name: string; readonly data: Buffer };

/** A zip as the format's specification (APPNOTE 4.3) has it, deflated: enough of one to stand for a wheel. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const packed = deflateRawSync(data);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from('PK\u0003\u0004'), common, path, packed);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000'), common, place, path);
    offset += 4 + common.length + path.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\u0005\u0006'), end]);
}

/** A wheel: the entries and the list of their checksums. */
export function wheelOf(entries: readonly ZipEntry[]): Buffer {
  const record = entries
    .map(({ name, data }) => `${name},sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}\n`)
    .join('');
  return zipOf([...entries, { name: 'tensorflow_cpu-2.21.0.dist-info/RECORD', data: Buffer.from(record) }]);
}
