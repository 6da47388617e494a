import { fitPlane } from '../../shared/figures/planeFit';

/** What of a plane is seen: so much larger than all of it, and moved by so many pixels. */
export type ScatterCamera = { readonly zoom: number; readonly x: number; readonly y: number };

export const wholePlane: ScatterCamera = { zoom: 1, x: 0, y: 0 };

export type Size = { readonly width: number; readonly height: number };

const mostZoom = 200;
const margin = 18;

/** Points on the screen: x and y of each, one after another. */
export function screenPlaces(places: Float32Array, { width, height }: Size, camera: ScatterCamera): Float32Array {
  const { scale, left, top } = fitPlane(places, { width, height, margin });
  return places.map((value, at) => {
    const plain = at % 2 === 0 ? left + scale * value : top - scale * value;
    return plain * camera.zoom + (at % 2 === 0 ? camera.x : camera.y);
  });
}

/** Larger or smaller by a factor, with the point of the screen where it is. */
export function zoomed(
  camera: ScatterCamera,
  factor: number,
  at: { readonly x: number; readonly y: number },
): ScatterCamera {
  const zoom = Math.min(mostZoom, Math.max(1, camera.zoom * factor));
  const by = zoom / camera.zoom;
  return zoom === 1 ? wholePlane : { zoom, x: at.x + (camera.x - at.x) * by, y: at.y + (camera.y - at.y) * by };
}

/** The shown point that is nearest to a place on the screen, within `reach` pixels; null where there is none. */
export function pointAt(
  screen: Float32Array,
  isShown: (point: number) => boolean,
  at: { readonly x: number; readonly y: number },
  reach: number,
): number | null {
  let [best, least] = [-1, reach];
  for (let point = 0; 2 * point < screen.length; point++) {
    const distance = Math.hypot((screen[2 * point] ?? 0) - at.x, (screen[2 * point + 1] ?? 0) - at.y);
    if (distance > least || !isShown(point)) continue;
    [best, least] = [point, distance];
  }
  return best === -1 ? null : best;
}

/** The next point from one in the direction of an arrow key: near, and rather straight ahead. Null where none is there. */
export function pointTowards(
  screen: Float32Array,
  isShown: (point: number) => boolean,
  from: number,
  [right, down]: readonly [number, number],
): number | null {
  let [best, least] = [-1, Infinity];
  for (let point = 0; 2 * point < screen.length; point++) {
    const x = (screen[2 * point] ?? 0) - (screen[2 * from] ?? 0);
    const y = (screen[2 * point + 1] ?? 0) - (screen[2 * from + 1] ?? 0);
    const ahead = x * right + y * down;
    const aside = Math.abs(x * down + y * right);
    // Below half a pixel two points are at one place, and the key would not seem to move.
    if (ahead < 0.5 || aside > 2 * ahead || ahead + 2 * aside >= least || !isShown(point)) continue;
    [best, least] = [point, ahead + 2 * aside];
  }
  return best === -1 ? null : best;
}
