import type { Pixels } from '../../shared/ops/pixels';

/** Draws a picture at its own size. */
export function drawPixels(canvas: HTMLCanvasElement | null, { width, height, rgba }: Pixels): void {
  canvas?.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
}

/** A picture as PNG in base64, for a page that stands by itself. */
export function pngOf(pixels: Pixels): string {
  const canvas = document.createElement('canvas');
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  drawPixels(canvas, pixels);
  return canvas.toDataURL('image/png').replace(/^.*,/, '');
}
