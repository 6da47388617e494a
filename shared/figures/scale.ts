import type { Shape } from '../layers/define';
import type { FigureOptions } from '../schema/figures';
import { text, type Text } from '../text';
import type { Volume } from './volumes';

/** How large a volume is drawn: what faces the reader, and how far its back is moved right and up. */
export type Extent = {
  readonly width: number;
  readonly height: number;
  readonly backX: number;
  readonly backY: number;
};

/** The lengths of the largest: a map's side, a stack of channels, a list of units. */
const longest = { side: 116, channels: 30, units: 100 } as const;
/** The least length of each, so that a 1×1 map can be seen. */
const least = { side: 5, channels: 4, units: 10 } as const;
const listWidth = 6;
const sumSize = 13;
/** The scale of channels covers at least these, so that a grey picture is thin. */
const fewChannels = 24;
const unknownSize = 24;
/** How much of a map's width goes right, and how much up, when it is drawn as a depth. */
const oblique = { x: 0.3, y: 0.26 } as const;

const curves: { readonly [S in FigureOptions['scale']]: (share: number, most: number) => number } = {
  linear: (share) => share,
  sqrt: (share) => Math.sqrt(share),
  log: (share, most) => Math.log1p(share * most) / Math.log1p(most),
};

/** What a reader must know to measure a figure, in each scale. */
export const scaleNotes: { readonly [S in FigureOptions['scale']]: Text } = {
  linear: text('Lengths in proportion to sizes', '长度与尺寸成正比'),
  sqrt: text('Lengths in proportion to the root of sizes', '长度与尺寸的平方根成正比'),
  log: text('Lengths in proportion to the logarithm of sizes', '长度与尺寸的对数成正比'),
};

/** Sizes of a shape by what they are; null for what is not known. */
export function readShape(shape: Shape | null): {
  readonly height: number | null;
  readonly width: number | null;
  readonly channels: number | null;
  readonly isMap: boolean;
} {
  const isMap = shape?.length === 3;
  const [height = null, width = null] = isMap ? shape : [];
  return { height, width, channels: shape?.at(-1) ?? null, isMap };
}

/** Measures volumes on one scale for all of a figure. */
export function createScale(
  volumes: readonly Volume[],
  { scale }: Pick<FigureOptions, 'scale'>,
  isOblique: boolean,
): (volume: Volume) => Extent {
  const shapes = volumes.map(({ shape }) => readShape(shape));
  const maps = shapes.filter(({ isMap }) => isMap);
  const most = {
    side: Math.max(1, ...maps.flatMap(({ height, width }) => [height ?? 1, width ?? 1])),
    channels: Math.max(fewChannels, ...maps.map(({ channels }) => channels ?? 1)),
    units: Math.max(1, ...shapes.map(({ isMap, channels }) => (isMap ? 1 : (channels ?? 1)))),
  };
  const length = (kind: keyof typeof longest, size: number | null): number =>
    size === null ? unknownSize : Math.max(least[kind], longest[kind] * curves[scale](size / most[kind], most[kind]));
  return (volume) => {
    if (volume.joins === 'sum') return { width: sumSize, height: sumSize, backX: 0, backY: 0 };
    const { height, width, channels, isMap } = readShape(volume.shape);
    const depth = !isOblique ? 0 : isMap ? length('side', width) : listWidth * 2;
    const back = { backX: depth * oblique.x, backY: depth * oblique.y };
    if (volume.shape === null) return { width: unknownSize, height: unknownSize, ...back };
    if (!isMap) return { width: listWidth, height: length('units', channels), ...back };
    return { width: length('channels', channels), height: length('side', height), ...back };
  };
}
