import { inflateSync } from 'node:zlib';
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { limits } from '../../shared/schema/limits';
import { errorText } from '../../shared/text';
import type { Text } from '../../shared/text';
import { readRegularFile } from '../files/regularFile';
import { decodeBmp } from './bmpFile';
import { cutOff, damagedBecause, imageFormat, isReason, readImageHeader, reasonOf, slack } from './imageFile';
import type { ImageHeader } from './imageFile';
import { decodeNatively, readNativeHeader } from './nativeDecoder';
import { imageData, isInterlaced, rawBytes } from './pngFile';
import type { Pixels } from './resize';

const maxJpegMegabytes = 1024;

/** Decodes a PNG file whose header was checked. */
export function decodePng(bytes: Buffer, options: { readonly skipRescale: boolean }): PNG | Text {
  try {
    // pngjs stops at the size that the header gives, but not for interlaced images: those are tried out against a limit first.
    if (isInterlaced(bytes)) inflateSync(imageData(bytes), { maxOutputLength: 2 * rawBytes(bytes) + slack });
    return PNG.sync.read(bytes, options);
  } catch (error) {
    const reason = errorText(error);
    // pngjs's own words for a file that was cut off: its reader waits for bytes that never come.
    return /read requests|unexpected end/.test(reason) ? cutOff : damagedBecause(reason);
  }
}

/** Decodes a PNG or JPEG file whose header was checked, in JavaScript, to colour with alpha. */
export function decodeInScript(bytes: Buffer, { format }: ImageHeader): Pixels | Text {
  if (format === 'png') {
    const png = decodePng(bytes, { skipRescale: false });
    return isReason(png) ? png : { width: png.width, height: png.height, channels: 4, data: png.data };
  }
  if (format === 'bmp') return decodeBmp(bytes);
  try {
    // Without tolerance: it would fill what is missing of a file that was cut off with grey, and say nothing.
    const { width, height, data } = decodeJpeg(bytes, {
      useTArray: true,
      formatAsRGBA: true,
      tolerantDecoding: false,
      maxMemoryUsageInMB: maxJpegMegabytes,
    });
    return { width, height, channels: 4, data };
  } catch (error) {
    return damagedBecause(errorText(error));
  }
}

/** Reads size and colour from a whole file of any format, or says why not. */
export async function readWholeHeader(bytes: Buffer): Promise<ImageHeader | Text> {
  const format = imageFormat(bytes);
  return format === 'webp' || format === 'tiff' ? await readNativeHeader(bytes, format) : readImageHeader(bytes);
}

/** Decodes an image file, or says why not. */
export async function decodeImage(bytes: Buffer): Promise<Pixels | Text> {
  const header = await readWholeHeader(bytes);
  if (isReason(header)) return header;
  const pixels = header.isPlain ? await decodeNatively(bytes) : null;
  if (pixels !== null) return pixels;
  return header.format === 'webp' || header.format === 'tiff' ? cutOff : decodeInScript(bytes, header);
}

/** Decodes a picture's file; gives why that cannot be done. */
export async function decodeFile(path: string): Promise<Pixels | Text> {
  return await readRegularFile(path, limits.imageBytes).then(decodeImage).catch(reasonOf);
}
