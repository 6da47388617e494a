import { resolvePadding, windowSpan, type windowAxes } from './arithmetic';
import type { Size2 } from './define';

/** The step that a window makes in the receptive field: offset of its centre is (span - 1)/2 less the leading zeros. */
export function windowStep(axes: ReturnType<typeof windowAxes>): {
  readonly size: Size2;
  readonly stride: Size2;
  readonly start: readonly [number, number];
} {
  const [height, width] = axes;
  const spans = [windowSpan(height.size, height.dilation), windowSpan(width.size, width.dilation)] as const;
  // With 'same' and a stride, the split depends on the length; where that is unknown the usual even split stands in.
  const top = resolvePadding(height)?.[0] ?? Math.floor((spans[0] - 1) / 2);
  const left = resolvePadding(width)?.[0] ?? Math.floor((spans[1] - 1) / 2);
  return {
    size: spans,
    stride: [height.stride, width.stride],
    start: [(spans[0] - 1) / 2 - top, (spans[1] - 1) / 2 - left],
  };
}

/** `5×5` */
export function sizeText(size: Size2): string {
  return `${size[0]}×${size[1]}`;
}

/** `/2`, or nothing for stride 1. */
export function stepText(size: Size2): string[] {
  if (size[0] === 1 && size[1] === 1) return [];
  return [size[0] === size[1] ? `/${size[0]}` : `/${size[0]}×${size[1]}`];
}
