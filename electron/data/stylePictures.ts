import type { BuiltInStyle } from '../../shared/schema/stylePictures';
import type { Pixels } from './resize';

type Colour = readonly [red: number, green: number, blue: number];

/** Two colours that are far apart in grey, too. */
const ink: Colour = [20, 36, 110];
const paper: Colour = [255, 246, 208];

/** Pixels from one mark to the next: more than one falls into a window of five. */
const period = 6;

/** Whether a place is inked, in pixels from the top and the left. */
const patterns: Readonly<Record<BuiltInStyle, (y: number, x: number) => boolean>> = {
  stripes: (y, x) => (y + x) % period < period / 2,
  checks: (y, x) => Math.floor(y / (period / 2)) % 2 === Math.floor(x / (period / 2)) % 2,
  dots: (y, x) => Math.hypot((y % period) - period / 2, (x % period) - period / 2) < period / 3,
  waves: (y, x) => (y + 1.5 * Math.sin((2 * Math.PI * x) / (2 * period)) + period) % period < period / 2,
};

/** Places within a pixel that are asked along each side, so that edges are smooth. */
const samplesAcross = 4;

/** Draws one of the app's own style pictures. The same name and size give the same picture. */
export function drawStyle(style: BuiltInStyle, height: number, width: number): Pixels {
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const share = inkedShare(style, y, x);
      ink.forEach((value, channel) => {
        data[(y * width + x) * 3 + channel] = Math.round(share * value + (1 - share) * (paper[channel] ?? 0));
      });
    }
  }
  return { height, width, channels: 3, data };
}

function inkedShare(style: BuiltInStyle, y: number, x: number): number {
  let inked = 0;
  for (let down = 0; down < samplesAcross; down++) {
    for (let across = 0; across < samplesAcross; across++) {
      const isInked = patterns[style](y + (down + 0.5) / samplesAcross, x + (across + 0.5) / samplesAcross);
      inked += Number(isInked);
    }
  }
  return inked / samplesAcross ** 2;
}
