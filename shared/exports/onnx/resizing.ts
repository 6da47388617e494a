import { nearestPlace, type Coordinates } from '../../layers/resizing';

/** What ONNX calls the rules of coordinates. */
export const coordinateRulesOfOnnx: { readonly [C in Coordinates]: string } = {
  halfPixel: 'half_pixel',
  alignCorners: 'align_corners',
  asymmetric: 'asymmetric',
};

/** Which place of the input each place of the output repeats. */
export function nearestPlaces(coordinates: Coordinates, from: number, to: number): readonly number[] {
  return Array.from({ length: to }, (_, place) => Math.min(nearestPlace(coordinates, from, to, place), from - 1));
}

/**
 * Whether readers find the same nearest places: they divide by a scale in float32, and where that is not exact a place that lies just
 * between two may fall to either. Corners are divided by lengths, which are exact.
 */
export function hasExactPlaces(coordinates: Coordinates, from: number, to: number): boolean {
  const scale = to / from;
  if (coordinates === 'alignCorners' || Math.fround(scale) === scale) return true;
  return Array.from({ length: to }, (_, place) => place).every((place) =>
    coordinates === 'halfPixel' ? ((2 * place + 1) * from) % (2 * to) !== 0 : place === 0 || (place * from) % to !== 0,
  );
}
