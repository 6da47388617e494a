import { describe, expect, it } from 'vitest';
import { resizeWeights, type Coordinates } from '../../../shared/layers/resizing';

function resize(values: readonly number[], to: number, coordinates: Coordinates): readonly number[] {
  const weights = resizeWeights('bicubic', coordinates, values.length, to);
  return Array.from({ length: to }, (_, i) =>
    values.reduce((sum, value, place) => sum + value * weights[place * to + i]!, 0),
  );
}

const squares = [0, 1, 4, 9, 16];

describe('bicubic resizing', () => {
  // torch.nn.functional.interpolate(x, mode='bicubic', align_corners=...) of PyTorch 2.13, in double precision.
  it.each<readonly [Coordinates, readonly number[]]>([
    ['halfPixel', [-0.092834, 0.187561, 1.176514, 2.619385, 5.44165, 8.471436, 13.395081, 16.649841]],
    ['halfPixel', [0.148148, 4, 14.074074]],
    ['alignCorners', [0, 0.265306, 1.376093, 2.705539, 5.341108, 7.883382, 12.463557, 16]],
    ['alignCorners', [0, 4, 16]],
  ])('with %s is that of PyTorch: %j', (coordinates, expected) => {
    const found = resize(squares, expected.length, coordinates);
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });

  it.each(['halfPixel', 'alignCorners', 'asymmetric'] as const)('%s keeps a flat line flat', (coordinates) => {
    for (const value of resize([3, 3, 3, 3], 7, coordinates)) expect(value).toBeCloseTo(3, 6);
  });
});
