import type { SamplePicture } from '../../shared/exports/evaluationPage';
import { samplePictures, type Pixels, type ShownSamples } from '../../shared/ops/pixels';

/** Draws a picture at its own size. */
export function drawPixels(canvas: HTMLCanvasElement | null, { width, height, rgba }: Pixels): void {
  canvas?.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
}

/** The pictures of a sample as PNG, for a page that stands by itself. */
export function reportPictures(shown: ShownSamples, row: number, classCount: number): readonly SamplePicture[] {
  return samplePictures(shown, row, classCount).map(({ of, pixels }) => {
    const canvas = document.createElement('canvas');
    canvas.width = pixels.width;
    canvas.height = pixels.height;
    drawPixels(canvas, pixels);
    return { of, png: canvas.toDataURL('image/png').replace(/^.*,/, '') };
  });
}
