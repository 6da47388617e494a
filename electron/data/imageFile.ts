import { inflateSync } from 'node:zlib';
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { limits } from '../../shared/schema/limits';
import { errorText, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { bitsPerPixel, imageData, isInterlaced, pngSignature, rawBytes } from './pngFile';
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

/** Deflate makes at most 1032 bytes of one. */
const maxDeflateRatio = 1032;
/** A block of 64 pixels costs a JPEG file at least one bit; nothing real comes near. */
const maxJpegPixelsPerByte = 1024;
/** Images of so few bytes or pixels are never worth a refusal by their header. */
const slack = 65_536;
const maxJpegMegabytes = 1024;

const cutOff = text('the file ends too early', '文件不完整');
const damaged = text('the file is damaged', '文件已损坏');

/** Whether a reader gave a reason instead of what was asked for. */
export function isReason(value: object): value is Text {
  return 'en' in value;
}

function damagedBecause(reason: string): Text {
  return text(`${damaged.en}: ${reason}`, `${damaged.zh}：${reason}`);
}

function pngHeader(bytes: Buffer): ImageHeader | Text {
  if (bytes.length < 29) return cutOff;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR' || bitsPerPixel(bytes) === 0) return damaged;
  const colorType = bytes.readUInt8(25);
  return {
    format: 'png',
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    channels: colorType === 0 || colorType === 4 ? 1 : 3,
  };
}

/** Walks the segments of a JPEG file to its frame header. Source: ITU-T T.81, annex B. */
function jpegHeader(bytes: Buffer): ImageHeader | Text {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return damaged;
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
  return cutOff;
}

/** Why a file of so many bytes cannot hold the image that its header claims; null for one that can. */
function checkClaim(header: ImageHeader, bytes: Buffer, fileBytes: number): Text | null {
  const { format, width, height } = header;
  const size = `${width}×${height}`;
  if (width === 0 || height === 0) return text('the image has no pixels', '图像没有像素');
  const claimed = format === 'png' ? rawBytes(bytes) : width * height;
  const possible = fileBytes * (format === 'png' ? maxDeflateRatio : maxJpegPixelsPerByte);
  if (claimed > Math.max(possible, slack)) {
    return text(
      `it claims ${size}, more than ${fileBytes} bytes can hold`,
      `文件声称为 ${size}，超过 ${fileBytes} 字节所能容纳的大小`,
    );
  }
  return width * height > limits.imagePixels ? text(`${size} is too large`, `${size} 过大`) : null;
}

/**
 * Reads size and colour from the start of a file of `fileBytes`, or says why not. Nothing is decoded, and what the header claims is held
 * against what the file can contain, so that a false one never makes anybody allocate its pixels.
 */
export function readImageHeader(bytes: Buffer, fileBytes = bytes.length): ImageHeader | Text {
  if (fileBytes === 0) return text('the file is empty', '文件为空');
  const isPng = pngSignature.every((byte, index) => bytes[index] === byte);
  if (!isPng && (bytes[0] !== 0xff || bytes[1] !== 0xd8)) return text('neither PNG nor JPEG', '既不是 PNG 也不是 JPEG');
  const header = isPng ? pngHeader(bytes) : jpegHeader(bytes);
  return isReason(header) ? header : (checkClaim(header, bytes, fileBytes) ?? header);
}

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

/** Decodes a PNG or JPEG file to colour with alpha, or says why not. */
export function decodeImage(bytes: Buffer): Pixels | Text {
  const header = readImageHeader(bytes);
  if (isReason(header)) return header;
  if (header.format === 'png') {
    const png = decodePng(bytes, { skipRescale: false });
    return isReason(png) ? png : { width: png.width, height: png.height, channels: 4, data: png.data };
  }
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
