import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import type { Pixels } from './resize';

/** What stands before the pixels of a BMP file. Source: Microsoft, BITMAPFILEHEADER and BITMAPINFOHEADER. */
export type BmpHeader = {
  readonly width: number;
  readonly height: number;
  /** Rows from the top down, which BMP files seldom have. */
  readonly isTopDown: boolean;
  readonly bits: 1 | 4 | 8 | 24 | 32;
  /** Where the palette begins, where it ends, and where the pixels begin. */
  readonly paletteStart: number;
  readonly colours: number;
  readonly start: number;
  /** Bytes of a row, which is filled up to a multiple of four. */
  readonly rowBytes: number;
};

const infoBytes = 40;
const fileBytes = 14;
const depths = [1, 4, 8, 24, 32] as const;
/** Uncompressed, or with masks of the channels, which are those of every other file in practice. */
const plainKinds = [0, 3];

const cutOff = text('the file ends too early', '文件不完整');

/** Reads the header of a BMP file, or says why not. */
export function readBmpHeader(bytes: Buffer): BmpHeader | Text {
  if (bytes.length < fileBytes + infoBytes) return cutOff;
  const size = bytes.readUInt32LE(fileBytes);
  const width = bytes.readInt32LE(18);
  const tall = bytes.readInt32LE(22);
  const bits = depths.find((depth) => depth === bytes.readUInt16LE(28));
  if (size < infoBytes || bits === undefined || !plainKinds.includes(bytes.readUInt32LE(30))) {
    return text(
      'a BMP file of a kind that is not read: compressed, or of 16 bits',
      '不支持的 BMP 文件：经压缩或为 16 位',
    );
  }
  const paletteStart = fileBytes + size;
  const colours = bits > 8 ? 0 : Math.min(2 ** bits, bytes.readUInt32LE(46) || 2 ** bits);
  const rowBytes = 4 * Math.ceil((Math.max(0, width) * bits) / 32);
  return {
    width: Math.max(0, width),
    height: Math.abs(tall),
    isTopDown: tall < 0,
    bits,
    paletteStart,
    colours,
    start: bytes.readUInt32LE(10),
    rowBytes,
  };
}

/** Decodes a BMP file whose header was checked, to three channels. */
export function decodeBmp(bytes: Buffer): Pixels | Text {
  const header = readBmpHeader(bytes);
  if ('en' in header) return header;
  const { width, height, bits, start, rowBytes, isTopDown, paletteStart, colours } = header;
  if (start + rowBytes * height > bytes.length || paletteStart + 4 * colours > bytes.length) return cutOff;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = start + (isTopDown ? y : height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++) {
      let at = row + (x * bits) / 8;
      if (bits <= 8) {
        const byte = bytes[row + Math.floor((x * bits) / 8)] ?? 0;
        const index = (byte >> (8 - bits - ((x * bits) % 8))) & (2 ** bits - 1);
        at = paletteStart + 4 * Math.min(index, colours - 1);
      }
      const to = (y * width + x) * 3;
      data[to] = bytes[at + 2] ?? 0;
      data[to + 1] = bytes[at + 1] ?? 0;
      data[to + 2] = bytes[at] ?? 0;
    }
  }
  return { width, height, channels: 3, data };
}
