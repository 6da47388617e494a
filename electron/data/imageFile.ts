import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { limits } from '../../shared/schema/limits';
import { errorText } from '../../shared/text';
import type { Pixels } from './resize';

/** What the first bytes of an image file tell. */
export type ImageHeader = {
  readonly format: 'png' | 'jpeg';
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour. */
  readonly channels: 1 | 3;
};

/** Names of files that are taken for images. */
export const imageFileName = /\.(png|jpe?g)$/i;

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function pngHeader(bytes: Buffer): ImageHeader | string {
  if (bytes.length < 26) return 'the file is cut off';
  const colorType = bytes.readUInt8(25);
  return {
    format: 'png',
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    channels: colorType === 0 || colorType === 4 ? 1 : 3,
  };
}

/** Walks the segments of a JPEG file to its frame header. Source: ITU-T T.81, annex B. */
function jpegHeader(bytes: Buffer): ImageHeader | string {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return 'the file is damaged';
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      return {
        format: 'jpeg',
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
        channels: bytes[at + 9] === 1 ? 1 : 3,
      };
    }
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return 'the file is cut off';
}

/** Reads size and colour from the start of a file, or says why not. 64 kB are enough but for JPEG files with large previews. */
export function readImageHeader(bytes: Buffer): ImageHeader | string {
  const isPng = pngSignature.every((byte, index) => bytes[index] === byte);
  if (!isPng && (bytes[0] !== 0xff || bytes[1] !== 0xd8)) return 'neither PNG nor JPEG';
  const header = isPng ? pngHeader(bytes) : jpegHeader(bytes);
  if (typeof header === 'string') return header;
  if (header.width === 0 || header.height === 0) return 'the image has no pixels';
  if (header.width * header.height > limits.imagePixels) return `${header.width}×${header.height} is too large`;
  return header;
}

/** Decodes a PNG or JPEG file to colour with alpha, or says why not. */
export function decodeImage(bytes: Buffer): Pixels | string {
  const header = readImageHeader(bytes);
  if (typeof header === 'string') return header;
  try {
    const { width, height, data } =
      header.format === 'png'
        ? PNG.sync.read(bytes)
        : decodeJpeg(bytes, { useTArray: true, formatAsRGBA: true, maxMemoryUsageInMB: 2048 });
    return { width, height, channels: 4, data };
  } catch (error) {
    // pngjs's own words for a file that was cut off: its reader waits for bytes that never come.
    return /read requests/.test(errorText(error)) ? 'the file ends too early' : errorText(error);
  }
}

/** A mask with one key per pixel: a palette index or grey value below 256, or 256 + a colour as 0xRRGGBB. */
export type MaskKeys = { readonly width: number; readonly height: number; readonly keys: Uint32Array };

function paletteOf(png: object): readonly (readonly number[])[] | null {
  // After decoding, pngjs leaves the palette itself where its types know a flag only.
  const palette: unknown = 'palette' in png ? png.palette : null;
  return Array.isArray(palette) ? (palette as readonly (readonly number[])[]) : null;
}

/** Reads a mask, which must be PNG: JPEG changes values at edges and would invent classes. */
export function decodeMask(bytes: Buffer): MaskKeys | string {
  const header = readImageHeader(bytes);
  if (typeof header === 'string') return header;
  if (header.format !== 'png') return 'a mask must be a PNG file';
  try {
    // Without rescaling, a 1-bit mask has the values 0 and 1.
    const png = PNG.sync.read(bytes, { skipRescale: bytes.readUInt8(24) < 8 });
    const palette = paletteOf(png);
    const indexOfColor = new Map<number, number>();
    palette?.forEach(([red = 0, green = 0, blue = 0], index) => {
      const color = (red << 16) | (green << 8) | blue;
      if (!indexOfColor.has(color)) indexOfColor.set(color, index);
    });
    const keys = new Uint32Array(png.width * png.height);
    for (let pixel = 0; pixel < keys.length; pixel++) {
      const [red = 0, green = 0, blue = 0] = png.data.subarray(pixel * 4, pixel * 4 + 3);
      const color = (red << 16) | (green << 8) | blue;
      const isGrey = red === green && green === blue;
      keys[pixel] = palette !== null ? (indexOfColor.get(color) ?? 0) : isGrey ? red : 256 + color;
    }
    return { width: png.width, height: png.height, keys };
  } catch (error) {
    return errorText(error);
  }
}
