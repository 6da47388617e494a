/** How one part of a glyph is inked: in the colour of the text around it, filled unless `stroke` gives it the width of a line. */
type Ink = {
  readonly stroke?: number;
  /** Lengths of a dashed line's dashes and gaps: '3 3'. */
  readonly dashes?: string;
  readonly opacity?: number;
  /** 'ground' paints in the colour behind the glyph, which leaves a hole in what lies below. */
  readonly paint?: 'ground';
};

/** One part of a glyph, on a board of 24 × 24. */
export type GlyphPart = Ink &
  (
    | {
        readonly shape: 'rect';
        readonly x: number;
        readonly y: number;
        readonly width: number;
        readonly height: number;
        readonly radius: number;
      }
    | { readonly shape: 'circle'; readonly x: number; readonly y: number; readonly radius: number }
    /** `d` is SVG's. */
    | { readonly shape: 'path'; readonly d: string }
  );

/** What a layer does to a feature map, drawn as data: whoever draws it knows shapes and no kinds. The first part lies at the bottom. */
export type Glyph = readonly GlyphPart[];

/** A map of `size` × `size` cells in the middle of the board. `opacityOf` says how strongly each cell is inked. */
export function glyphGrid(
  size: number,
  cell: number,
  gap: number,
  opacityOf: (column: number, row: number) => number,
): Glyph {
  const start = (24 - size * cell - (size - 1) * gap) / 2;
  return Array.from({ length: size * size }, (_, index) => {
    const column = index % size;
    const row = Math.floor(index / size);
    return {
      shape: 'rect',
      x: start + column * (cell + gap),
      y: start + row * (cell + gap),
      width: cell,
      height: cell,
      radius: 1,
      opacity: opacityOf(column, row),
    };
  });
}
