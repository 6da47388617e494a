import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

export type RawPng = {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  /** 0 grey, 2 colour, 3 palette. */
  readonly colorType?: 0 | 2 | 3;
  readonly palette?: readonly (readonly [number, number, number])[];
  /** The content of a tRNS chunk. */
  readonly transparent?: readonly number[];
  readonly interlaced?: boolean;
  /** The rows before they are deflated, each after its filter byte; by default made of `values`. */
  readonly raw?: Buffer;
  /** One sample a pixel, row by row. */
  readonly values?: readonly number[];
};

function packRows({ width, height, depth, values = [] }: RawPng): Buffer {
  const rowBytes = Math.ceil((width * depth) / 8);
  const raw = Buffer.alloc(height * (1 + rowBytes));
  values.forEach((value, pixel) => {
    const row = Math.floor(pixel / width) * (1 + rowBytes) + 1;
    const x = pixel % width;
    if (depth === 16) raw.writeUInt16BE(value, row + 2 * x);
    else {
      const at = row + Math.floor((x * depth) / 8);
      raw[at] = raw[at]! | (value << (8 - depth - ((x * depth) % 8)));
    }
  });
  return raw;
}

/** Writes a PNG file sample by sample, also such as no painting library would: 16 bits, palettes, false headers. */
export function rawPng(image: RawPng): Buffer {
  const { width, height, depth, colorType = 0, palette, transparent, interlaced = false } = image;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colorType, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(palette === undefined ? [] : [chunk('PLTE', Buffer.from(palette.flat()))]),
    ...(transparent === undefined ? [] : [chunk('tRNS', Buffer.from(transparent))]),
    chunk('IDAT', deflateSync(image.raw ?? packRows(image))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
