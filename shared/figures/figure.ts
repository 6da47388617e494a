import type { LayerFamily } from '../layers/define';

export { textWidth } from '../layout/textWidth';

/** What a volume is coloured by: a layer's family, or that it is a block of layers. */
export type DrawnFamily = LayerFamily | 'block';

/** A colour by what it is for, so that the app draws it in its theme and a printer in the colours of paper. */
export type Paint = {
  readonly colour: DrawnFamily | 'heat' | 'ink' | 'mute' | 'line' | 'error' | 'ground';
  /** How much of the colour lies on the ground, 0 to 1. */
  readonly strength: number;
};

/** One thing that is drawn. Paths are SVG's path data with absolute commands. */
export type Mark =
  | {
      readonly type: 'path';
      readonly d: string;
      readonly fill?: Paint;
      readonly stroke?: Paint;
      readonly width?: number;
      readonly dashes?: string;
    }
  | {
      readonly type: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly paint: Paint;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly isBold?: boolean;
    };

/** Marks that belong together; those of nodes can be pointed at. */
export type FigurePart = {
  /** Ids of the flat nodes that the part shows; empty for what shows none, such as the legend. */
  readonly nodes: readonly string[];
  readonly marks: readonly Mark[];
};

/** A rectangle, from its top left corner. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** A drawing and what of the plane it takes, in units of which ten are a good line of text. */
export type Figure = {
  readonly title: string;
  readonly frame: Box;
  readonly parts: readonly FigurePart[];
};

const fullPaints = new Map<Paint['colour'], Paint>();

/** A {@link Paint} at full strength, of which every mark of a colour has the same one, or as a tint. */
export function paint(colour: Paint['colour'], strength = 1): Paint {
  if (strength !== 1) return { colour, strength };
  const known = fullPaints.get(colour) ?? { colour, strength };
  fullPaints.set(colour, known);
  return known;
}

/** The path of a polygon. */
export function polygon(points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z`;
}

/** The path of a rectangle, with round corners if a radius is given. */
export function rectangle({ x, y, width, height }: Box, radius = 0): string {
  const [right, bottom, r] = [x + width, y + height, Math.min(radius, width / 2, height / 2)];
  if (r === 0) {
    return polygon([
      [x, y],
      [right, y],
      [right, bottom],
      [x, bottom],
    ]);
  }
  const corner = (toX: number, toY: number): string => `A${r} ${r} 0 0 1 ${round(toX)} ${round(toY)}`;
  return [
    `M${round(x + r)} ${round(y)}L${round(right - r)} ${round(y)}${corner(right, y + r)}`,
    `L${round(right)} ${round(bottom - r)}${corner(right - r, bottom)}`,
    `L${round(x + r)} ${round(bottom)}${corner(x, bottom - r)}`,
    `L${round(x)} ${round(y + r)}${corner(x + r, y)}Z`,
  ].join('');
}

/** The path of a circle. */
export function circle(x: number, y: number, radius: number): string {
  const turn = (toX: number): string => `A${radius} ${radius} 0 0 1 ${round(toX)} ${round(y)}`;
  return `M${round(x - radius)} ${round(y)}${turn(x + radius)}${turn(x - radius)}Z`;
}

/** A line through points with a filled head at its end. */
export function arrow(
  points: readonly (readonly [number, number])[],
  colour: Paint,
  width = 1.2,
  dashes?: string,
): readonly Mark[] {
  const [tipX, tipY] = points.at(-1) ?? [0, 0];
  const [fromX, fromY] = points.at(-2) ?? [tipX, tipY];
  const length = Math.hypot(tipX - fromX, tipY - fromY);
  if (length === 0) return [];
  const head = Math.min(5, length);
  const [dx, dy] = [(tipX - fromX) / length, (tipY - fromY) / length];
  const [baseX, baseY] = [tipX - dx * head, tipY - dy * head];
  const line = [...points.slice(0, -1), [baseX, baseY] as const];
  const half = head * 0.45;
  return [
    {
      type: 'path',
      d: `M${line.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}`,
      stroke: colour,
      width,
      ...(dashes === undefined ? {} : { dashes }),
    },
    {
      type: 'path',
      d: polygon([
        [tipX, tipY],
        [baseX - dy * half, baseY + dx * half],
        [baseX + dy * half, baseY - dx * half],
      ]),
      fill: colour,
    },
  ];
}

/** A coordinate as it is written. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
