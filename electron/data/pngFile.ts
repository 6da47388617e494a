import { crc32 } from 'node:zlib';

export const pngSignature: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const samplesByColorType: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Bits of a pixel as the header gives them; 0 for a colour type that PNG does not know. */
export function bitsPerPixel(bytes: Buffer): number {
  return bytes.readUInt8(24) * (samplesByColorType[bytes.readUInt8(25)] ?? 0);
}

/** Bits of one sample: 1 to 16. */
export function bitDepth(bytes: Buffer): number {
  return bytes.readUInt8(24);
}

export function hasPalette(bytes: Buffer): boolean {
  return bytes.readUInt8(25) === 3;
}

export function isInterlaced(bytes: Buffer): boolean {
  return bytes.readUInt8(28) === 1;
}

/** What the image data have when inflated: a filter byte and the pixels of each row. */
export function rawBytes(bytes: Buffer): number {
  return bytes.readUInt32BE(20) * (1 + Math.ceil((bytes.readUInt32BE(16) * bitsPerPixel(bytes)) / 8));
}

type Chunk = { readonly type: string; readonly data: Buffer; readonly whole: Buffer };

/** The chunks of a PNG file, as far as they are whole: length, type, data, CRC. Source: the PNG specification, section 5.3. */
function chunksOf(bytes: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let at = pngSignature.length;
  while (at + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    chunks.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      data: bytes.subarray(at + 8, at + 8 + length),
      whole: bytes.subarray(at, end),
    });
    at = end;
  }
  return chunks;
}

/** The deflated pixels, of all their chunks. */
export function imageData(bytes: Buffer): Buffer {
  return Buffer.concat(chunksOf(bytes).flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])));
}

/**
 * The same file with a palette in which each entry is the grey of its own index, and without transparency: decoded, its pixels are the
 * stored numbers, where otherwise equal colours could not be told apart and a transparent value would be painted over.
 */
export function withPlainValues(bytes: Buffer): Buffer {
  const parts = chunksOf(bytes).map(({ type, data, whole }) => {
    if (type === 'tRNS') return Buffer.alloc(0);
    if (type !== 'PLTE') return whole;
    const body = Buffer.from(`PLTE${'\0'.repeat(data.length)}`, 'latin1');
    for (let at = 0; at < data.length; at++) body[4 + at] = Math.floor(at / 3);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  });
  return Buffer.concat([bytes.subarray(0, pngSignature.length), ...parts]);
}
