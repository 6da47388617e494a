import type { Plane } from '../../shared/ops/featureMaps';

/** Zero, the largest positive and the largest negative value. Blue and warm white are told apart by every kind of colour blindness. */
const zero = [16, 18, 24] as const;
const positive = [255, 246, 230] as const;
const negative = [76, 134, 255] as const;

/** The colour of a value where `reach` is the largest size of any. */
export function colourOf(value: number, reach: number): readonly [number, number, number] {
  const share = reach === 0 ? 0 : Math.min(1, Math.abs(value) / reach);
  const to = value < 0 ? negative : positive;
  const mix = (channel: 0 | 1 | 2): number => Math.round(zero[channel] + (to[channel] - zero[channel]) * share);
  return [mix(0), mix(1), mix(2)];
}

/** The largest size of any value. */
export function reachOf(values: ArrayLike<number>): number {
  let reach = 0;
  for (let at = 0; at < values.length; at++) reach = Math.max(reach, Math.abs(values[at] ?? 0));
  return reach;
}

/** A plane, or three of them as a colour picture of 0 to 1. */
export function paint(planes: readonly Plane[], reach: number): ImageData | null {
  const [first] = planes;
  if (first === undefined || first.width === 0 || first.height === 0) return null;
  const image = new ImageData(first.width, first.height);
  for (let at = 0; at < first.values.length; at++) {
    const colour =
      planes.length === 3
        ? planes.map(({ values }) => 255 * (values[at] ?? 0))
        : colourOf(first.values[at] ?? 0, reach);
    image.data.set([...colour, 255], 4 * at);
  }
  return image;
}

/** Where the overlay of a map is strongest: for a class, and against it. */
const supports = [255, 138, 30] as const;

/** A plane to be laid over a picture: the stronger a value, the less is seen through it. */
export function paintOver({ height, width, values }: Plane): ImageData {
  const image = new ImageData(width, height);
  const reach = reachOf(values);
  values.forEach((value, at) => {
    const share = reach === 0 ? 0 : Math.abs(value) / reach;
    image.data.set([...(value < 0 ? negative : supports), Math.round(200 * share)], 4 * at);
  });
  return image;
}

/** A long row folded into lines, so that it can be seen. */
export function folded({ height, width, values }: Plane): Plane {
  if (height > 1 || width <= 32) return { height, width, values };
  const columns = 32;
  const rows = Math.ceil(width / columns);
  const all = new Float32Array(rows * columns);
  all.set(values);
  return { height: rows, width: columns, values: all };
}
