import { text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { decodePng } from './decode';
import { imageFormat, isReason, readImageHeader } from './imageFile';
import { bitDepth, hasPalette, withPlainValues } from './pngFile';

/**
 * A mask with one key per pixel: a palette index or grey value as the file stores it, or {@link colorKey} of a colour. `largest` is the
 * largest value that its depth could hold: 255, or 65,535 for 16 bits.
 */
export type MaskKeys = {
  readonly width: number;
  readonly height: number;
  readonly keys: Uint32Array;
  readonly largest: number;
};

/** Keys from here on are colours. */
const firstColor = 0x10000;

function colorKey(red: number, green: number, blue: number): number {
  return firstColor + (red << 16) + (green << 8) + blue;
}

/** What a key is called where nobody has named its class: `7`, `#ff0000`. */
export function keyName(key: number): string {
  return key < firstColor ? String(key) : `#${(key - firstColor).toString(16).padStart(6, '0')}`;
}

/** Reads a mask, which must be PNG: JPEG changes values at edges and would invent classes. */
export function decodeMask(bytes: Buffer): MaskKeys | Text {
  const format = imageFormat(bytes);
  if (format !== null && format !== 'png') return text('a mask must be a PNG file', '掩码必须是 PNG 文件');
  const header = readImageHeader(bytes);
  if (isReason(header)) return header;
  // Without rescaling: a 1-bit mask has the values 0 and 1, and one of 16 bits has all of its own.
  const png = decodePng(withPlainValues(bytes), { skipRescale: true });
  if (isReason(png)) return png;
  const isDeep = bitDepth(bytes) === 16;
  const data: ArrayLike<number> = png.data;
  const keys = new Uint32Array(png.width * png.height);
  for (let pixel = 0; pixel < keys.length; pixel++) {
    const red = data[pixel * 4] ?? 0;
    const green = data[pixel * 4 + 1] ?? 0;
    const blue = data[pixel * 4 + 2] ?? 0;
    if (hasPalette(bytes) || (red === green && green === blue)) keys[pixel] = red;
    else if (isDeep) return text('a mask of 16-bit colours', '掩码使用了 16 位彩色');
    else keys[pixel] = colorKey(red, green, blue);
  }
  return { width: png.width, height: png.height, keys, largest: isDeep ? 65_535 : 255 };
}
