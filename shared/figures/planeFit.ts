/** Where the points of a plane lie on a surface: x · scale + left from the left, top − y · scale from the top. */
export type PlaneFit = { readonly scale: number; readonly left: number; readonly top: number };

export type Surface = { readonly width: number; readonly height: number; readonly margin: number };

/**
 * Fits points (x and y of each, one after another) onto a surface: in its middle, as large as its margin lets them be, and by one scale along
 * both axes, because distances are what is looked at. Points at one place stand in the middle.
 */
export function fitPlane(places: Float32Array, { width, height, margin }: Surface): PlaneFit {
  const least = [Infinity, Infinity];
  const most = [-Infinity, -Infinity];
  places.forEach((value, at) => {
    least[at % 2] = Math.min(least[at % 2] ?? value, value);
    most[at % 2] = Math.max(most[at % 2] ?? value, value);
  });
  const [left = 0, bottom = 0] = places.length === 0 ? [0, 0] : least;
  const [right = 0, top = 0] = places.length === 0 ? [0, 0] : most;
  const scales = [(width - 2 * margin) / (right - left), (height - 2 * margin) / (top - bottom)];
  // Where all stand on one line, or at one place, there is nothing to divide by.
  const scale = Math.min(...scales.filter((one) => Number.isFinite(one) && one > 0));
  const used = Number.isFinite(scale) ? scale : 1;
  return {
    scale: used,
    left: width / 2 - (used * (left + right)) / 2,
    top: height / 2 + (used * (bottom + top)) / 2,
  };
}
