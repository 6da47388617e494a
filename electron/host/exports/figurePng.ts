import { crc32 } from 'node:zlib';
import type * as ResvgModule from '@resvg/resvg-js';
import { noRasterizer, pictureTooLarge } from '../../../shared/diagnostics/catalog/exports';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import { paperSize } from '../../../shared/exports/figures/paper';
import { printSvg } from '../../../shared/exports/figures/svg';
import type { Figure } from '../../../shared/figures/figure';
import type { FigureOptions } from '../../../shared/schema/figures';
import { errorText } from '../../../shared/text';
import type { FigureFonts } from './figureFonts';

/** Four bytes each: what a machine with little memory still has. */
const mostPixels = 100_000_000;
const mmPerInch = 25.4;

/** Prints a figure in pixels, without a browser. */
export async function printPng(
  figure: Figure,
  fonts: FigureFonts,
  { width: widthMm, dpi }: Pick<FigureOptions, 'width' | 'dpi'>,
): Promise<Result<Uint8Array>> {
  const size = paperSize(figure, widthMm);
  const [width, height] = [size.width, size.height].map((mm) => Math.max(1, Math.round((mm / mmPerInch) * dpi)));
  if (width === undefined || height === undefined || width * height > mostPixels) {
    return failure(pictureTooLarge(width ?? 0, height ?? 0, mostPixels));
  }
  let resvg: typeof ResvgModule;
  try {
    // Optional: it is native, and not built for every machine.
    resvg = await import('@resvg/resvg-js');
  } catch (error) {
    return failure(noRasterizer(errorText(error)));
  }
  const files = [fonts.regular, fonts.bold, ...(fonts.han === null ? [] : [fonts.han.path])];
  const picture = new resvg.Resvg(printSvg(figure, widthMm), {
    fitTo: { mode: 'width', value: width },
    font: { loadSystemFonts: false, fontFiles: files, defaultFontFamily: 'Inter' },
  });
  return success(withDensity(picture.render().asPng(), dpi));
}

/** Where the first chunk of a PNG ends, which is the header's: eight bytes of signature, and 25 of its own. */
const headerEnd = 33;

/** Says how many pixels an inch has, so that a word processor takes the picture in its size. */
function withDensity(png: Uint8Array, dpi: number): Uint8Array {
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  const perMetre = Math.round((dpi * 1000) / mmPerInch);
  chunk.writeUInt32BE(perMetre, 8);
  chunk.writeUInt32BE(perMetre, 12);
  // Counted by the metre.
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, headerEnd), chunk, png.subarray(headerEnd)]);
}
