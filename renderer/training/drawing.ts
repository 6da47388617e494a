import type { Prediction } from '../../shared/host/api';
import { classPixel } from '../../shared/ops/pixels';

/** Brightness 0..255 of a pixel, as Rec. 601 weighs colours: 0.299 R + 0.587 G + 0.114 B. */
function brightness(data: Uint8ClampedArray, offset: number): number {
  return 0.299 * (data[offset] ?? 0) + 0.587 * (data[offset + 1] ?? 0) + 0.114 * (data[offset + 2] ?? 0);
}

type Bounds = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/** The box around everything that is not black; null for an empty board. `data` is RGBA, row-major. */
export function inkBounds(data: Uint8ClampedArray, width: number, height: number): Bounds | null {
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (brightness(data, 4 * (y * width + x)) < 24) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Centre of mass of what is not black, in pixels from the top left corner; the middle of an empty board. */
export function inkCenter(data: Uint8ClampedArray, width: number, height: number): readonly [x: number, y: number] {
  let mass = 0;
  let sumX = 0;
  let sumY = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const weight = brightness(data, 4 * (y * width + x));
      mass += weight;
      sumX += weight * (x + 0.5);
      sumY += weight * (y + 0.5);
    }
  }
  return mass === 0 ? [width / 2, height / 2] : [sumX / mass, sumY / mass];
}

/**
 * Fits a drawing into 20/28 of the board with its centre of mass in the middle, as MNIST's digits were (LeCun et al., 1998:
 * size-normalised to 20×20 in a 28×28 field): a network cannot be blamed for a digit in a corner that it was never shown.
 */
export function centerDrawing(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const context = canvas.getContext('2d');
  const data = context?.getImageData(0, 0, canvas.width, canvas.height).data;
  const bounds = data === undefined ? null : inkBounds(data, canvas.width, canvas.height);
  const fitted = document.createElement('canvas');
  fitted.width = canvas.width;
  fitted.height = canvas.height;
  const target = fitted.getContext('2d');
  if (data === undefined || bounds === null || target === null) return canvas;
  target.fillStyle = '#000';
  target.fillRect(0, 0, fitted.width, fitted.height);
  const scale = ((20 / 28) * fitted.width) / Math.max(bounds.width, bounds.height);
  const [centerX, centerY] = inkCenter(data, canvas.width, canvas.height);
  target.drawImage(
    canvas,
    bounds.left,
    bounds.top,
    bounds.width,
    bounds.height,
    fitted.width / 2 - (centerX - bounds.left) * scale,
    fitted.height / 2 - (centerY - bounds.top) * scale,
    bounds.width * scale,
    bounds.height * scale,
  );
  return fitted;
}

/** The pixels of a canvas at the network's size: 0..255, row-major, channels last; one channel is the brightness. */
export function readPixels(
  source: HTMLCanvasElement,
  [height, width, channels]: readonly [number, number, number],
): Uint8Array {
  const small = document.createElement('canvas');
  small.width = width;
  small.height = height;
  const context = small.getContext('2d');
  if (context === null) return new Uint8Array();
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels: number[] = [];
  for (let offset = 0; offset < data.length; offset += 4) {
    if (channels === 1) pixels.push(Math.round(brightness(data, offset)));
    else for (let channel = 0; channel < channels; channel += 1) pixels.push(data[offset + (channel % 3)] ?? 0);
  }
  return Uint8Array.from(pixels);
}

/** Class 0 is the ground and stays clear. */
function classColor(index: number): string {
  return `rgb(${classPixel(index).join(' ')} / 0.72)`;
}

/** Paints a per-pixel answer; without one the canvas is cleared. */
export function drawMask(canvas: HTMLCanvasElement | null, mask: Prediction['mask']): void {
  const context = canvas?.getContext('2d');
  if (canvas === null || context == null) return;
  if (mask !== undefined) {
    canvas.width = mask.width;
    canvas.height = mask.height;
  }
  context.clearRect(0, 0, canvas.width, canvas.height);
  for (const [place, index] of (mask?.classIndex ?? []).entries()) {
    if (index === 0 || mask === undefined) continue;
    context.fillStyle = classColor(index);
    context.fillRect(place % mask.width, Math.floor(place / mask.width), 1, 1);
  }
}
