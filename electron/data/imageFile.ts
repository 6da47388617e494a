import { pictureFormats, pictureFormatsText } from '../../shared/schema/data';
import type { PictureFormat } from '../../shared/schema/data';
import { limits } from '../../shared/schema/limits';
import { errorText, formatBytes, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { errorCode } from '../files/fileErrors';
import { FileRefusal } from '../files/regularFile';
import { readBmpHeader } from './bmpFile';
import { bitDepth, bitsPerPixel, isInterlaced, pngSignature, rawBytes } from './pngFile';

/** What the first bytes of an image file tell. */
export type ImageHeader = {
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour. */
  readonly channels: 1 | 3;
  /** Not interlaced, eight bits of grey or of red, green and blue: what every decoder makes the same numbers of. */
  readonly isPlain: boolean;
  /** What of the file's numbers becomes other ones by being read as bytes of grey or of red, green and blue; absent: none do. */
  readonly converted?: 'depth' | 'cmyk';
};

/** Names of files that are taken for images. */
export const imageFileName = new RegExp(
  `\\.(${pictureFormats.flatMap(({ extensions }) => extensions).join('|')})$`,
  'i',
);

/** What a file that is none of the formats is told. */
export const notAnImage = text(`not a ${pictureFormatsText.en} file`, `不是 ${pictureFormatsText.zh} 文件`);

/** Deflate makes at most 1032 bytes of one. */
const maxDeflateRatio = 1032;
/** A block of 64 pixels costs a JPEG file at least one bit; nothing real comes near. */
const maxJpegPixelsPerByte = 1024;
/** One bit a pixel. */
const maxBmpPixelsPerByte = 8;
/** Images of so few bytes or pixels are never worth a refusal by their header. */
export const slack = 65_536;

export const cutOff = text('the file ends too early', '文件不完整');
const damaged = text('the file is damaged', '文件已损坏');

/** Whether a reader gave a reason instead of what was asked for. */
export function isReason(value: object): value is Text {
  return 'en' in value;
}

/** What stopped a reader, as the reason: most words of systems and libraries are in English alone. */
export function reasonOf(error: unknown): Text {
  switch (errorCode(error)) {
    case 'ENOENT':
      return text('there is no such file', '没有这个文件');
    case 'EISDIR':
      return text('it is a folder', '它是文件夹');
    case 'ENOTREGULAR':
      return text('it is a pipe or a device and no file', '它是管道或设备，不是文件');
  }
  if (!(error instanceof FileRefusal)) return text(errorText(error), errorText(error));
  const [size, most] = [formatBytes(error.sizeBytes), formatBytes(error.limitBytes)];
  return text(`it has ${size}, more than the ${most} that are read`, `它有 ${size}，超过可读取的 ${most}`);
}

export function damagedBecause(reason: string): Text {
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
    isPlain: bitDepth(bytes) <= 8 && !isInterlaced(bytes),
    ...(bitDepth(bytes) > 8 ? { converted: 'depth' } : {}),
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
        isPlain: bytes[at + 4] === 8 && (bytes[at + 9] === 1 || bytes[at + 9] === 3),
        ...(bytes[at + 9] === 4 ? { converted: 'cmyk' } : {}),
      };
    }
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return cutOff;
}

function bmpHeader(bytes: Buffer): ImageHeader | Text {
  const header = readBmpHeader(bytes);
  if (isReason(header)) return header;
  return { format: 'bmp', width: header.width, height: header.height, channels: 3, isPlain: false };
}

/** Why a file of so many bytes cannot hold the image that its header claims; null for one that can. */
function checkClaim(
  header: ImageHeader & { readonly format: 'png' | 'jpeg' | 'bmp' },
  bytes: Buffer,
  fileBytes: number,
): Text | null {
  const { format, width, height } = header;
  if (width === 0 || height === 0) return text('the image has no pixels', '图像没有像素');
  const claimed = format === 'png' ? rawBytes(bytes) : width * height;
  const possible = fileBytes * { png: maxDeflateRatio, jpeg: maxJpegPixelsPerByte, bmp: maxBmpPixelsPerByte }[format];
  if (claimed > Math.max(possible, slack)) {
    return text(
      `it claims ${width}×${height}, more than ${fileBytes} bytes can hold`,
      `文件声称为 ${width}×${height}，超过 ${fileBytes} 字节所能容纳的大小`,
    );
  }
  return checkSize(header);
}

/** The refusal of an image that is larger than any that is meant; null for others. */
export function checkSize({ width, height }: Pick<ImageHeader, 'width' | 'height'>): Text | null {
  const size = `${width}×${height}`;
  return width * height > limits.imagePixels ? text(`${size} is too large`, `${size} 过大`) : null;
}

/** The format that the first bytes of a file name; null for one that is not read. */
export function imageFormat(bytes: Buffer): PictureFormat | null {
  if (pngSignature.every((byte, index) => bytes[index] === byte)) return 'png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'jpeg';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'webp';
  if (bytes.toString('latin1', 0, 2) === 'BM') return 'bmp';
  return ['II*\0', 'MM\0*'].includes(bytes.toString('latin1', 0, 4)) ? 'tiff' : null;
}

/**
 * Reads size and colour from the start of a PNG or JPEG file of `fileBytes`, or says why not. Nothing is decoded, and what the header claims is held
 * against what the file can contain, so that a false one never makes anybody allocate its pixels.
 */
export function readImageHeader(bytes: Buffer, fileBytes = bytes.length): ImageHeader | Text {
  if (fileBytes === 0) return text('the file is empty', '文件为空');
  const format = imageFormat(bytes);
  if (format !== 'png' && format !== 'jpeg' && format !== 'bmp') return notAnImage;
  const header = { png: pngHeader, jpeg: jpegHeader, bmp: bmpHeader }[format](bytes);
  return isReason(header) ? header : (checkClaim({ ...header, format }, bytes, fileBytes) ?? header);
}
