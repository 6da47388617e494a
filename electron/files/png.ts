import { PNG } from 'pngjs';
import type { Pixels } from '../../shared/ops/pixels';

/** A picture as the bytes of a PNG file. */
export function pngOf({ width, height, rgba }: Pixels): Buffer {
  const png = new PNG({ width, height });
  png.data.set(rgba);
  return PNG.sync.write(png);
}
