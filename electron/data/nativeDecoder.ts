import type sharpOfTypes from 'sharp';
import { pictureFormats } from '../../shared/schema/data';
import type { PictureFormat } from '../../shared/schema/data';
import { limits } from '../../shared/schema/limits';
import { errorText, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { checkSize, damagedBecause } from './imageFile';
import type { ImageHeader } from './imageFile';
import type { Pixels } from './resize';

type Sharp = typeof sharpOfTypes;

let loading: Promise<Sharp | null> | null = null;

/** The package sharp, an optional one; null where there is none for this machine. */
function loadSharp(): Promise<Sharp | null> {
  loading ??= import('sharp').then(
    ({ default: sharp }) => {
      // Each thread that reads pictures has one in hand; a pool within a pool would only contend with it.
      sharp.concurrency(1);
      sharp.cache(false);
      return sharp;
    },
    () => null,
  );
  return loading;
}

/** What decodes here, for the key of what is kept of decoded pictures: JPEG leaves decoders some rounding. */
export async function decoderName(): Promise<string> {
  const sharp = await loadSharp();
  return sharp === null ? 'javascript' : `libvips ${sharp.versions.vips}`;
}

/** Colours as they are stored: the decoders in JavaScript know no profiles, and a picture is the same on every machine. */
const options = { ignoreIcc: true, limitInputPixels: limits.imagePixels, failOn: 'warning' } as const;

/** Decodes with libvips, several times as fast as JavaScript. Null where there is none, or it has a complaint: then the others judge. */
export async function decodeNatively(bytes: Buffer): Promise<Pixels | null> {
  const sharp = await loadSharp();
  if (sharp === null) return null;
  try {
    const { data, info } = await sharp(bytes, options).raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: info.channels, data };
  } catch {
    return null;
  }
}

function labelOf(format: PictureFormat): string {
  return pictureFormats.find(({ id }) => id === format)?.label ?? format;
}

/** Reads the header of a format that only libvips knows. `bytes` is the whole file. */
export async function readNativeHeader(bytes: Buffer, format: PictureFormat): Promise<ImageHeader | Text> {
  const sharp = await loadSharp();
  const label = labelOf(format);
  if (sharp === null) {
    return text(
      `${label} needs the optional package sharp, which is not installed here`,
      `读取 ${label} 需要可选包 sharp，此处未安装`,
    );
  }
  try {
    const { width, height, channels, space, depth } = await sharp(bytes, options).metadata();
    const converted = space === 'cmyk' ? 'cmyk' : depth === 'uchar' ? null : 'depth';
    const header: ImageHeader = {
      format,
      width,
      height,
      channels: isGrey(channels, space) ? 1 : 3,
      isPlain: true,
      ...(converted === null ? {} : { converted }),
    };
    return checkSize(header) ?? header;
  } catch (error) {
    return damagedBecause(errorText(error));
  }
}

function isGrey(channels: number, space: string): boolean {
  return channels < 3 || ['b-w', 'grey16'].includes(space);
}
