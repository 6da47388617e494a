import type { Position } from '../schema/document';

/** A rectangle, from its top left corner. */
export type Box = Position & { readonly width: number; readonly height: number };

/** A rectangle by its edges. */
export type Extent = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** The rectangle around points. */
export function extentOf(points: readonly Position[]): Extent {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

/** The edges of a box, moved out by a margin. */
export function extentOfBox({ x, y, width, height }: Box, margin = 0): Extent {
  return { left: x - margin, top: y - margin, right: x + width + margin, bottom: y + height + margin };
}

/** True for rectangles that share more than an edge. */
export function overlap(a: Extent, b: Extent): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** True when a straight line from one point to another passes through the inside of a rectangle. */
export function passesThrough(a: Position, b: Position, { left, top, right, bottom }: Extent): boolean {
  // Liang and Barsky: the part of the line that is inside, from `enter` to `leave` of it.
  let [enter, leave] = [0, 1];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  for (const [step, room] of [
    [-dx, a.x - left],
    [dx, right - a.x],
    [-dy, a.y - top],
    [dy, bottom - a.y],
  ] as const) {
    if (step === 0) {
      if (room <= 0) return false;
    } else if (step < 0) enter = Math.max(enter, room / step);
    else leave = Math.min(leave, room / step);
  }
  return enter < leave;
}

const cellSize = 256;

/** A grid that sorts things by where they are. What lies in more cells than this, or beyond all counting, is kept apart. */
const mostCells = 2000;

function cellsOf({ left, top, right, bottom }: Extent): readonly number[] | undefined {
  const [column, row] = [Math.floor(left / cellSize), Math.floor(top / cellSize)];
  const [columns, rows] = [Math.floor(right / cellSize) - column + 1, Math.floor(bottom / cellSize) - row + 1];
  if (!(columns * rows <= mostCells)) return undefined;
  return Array.from(
    { length: columns * rows },
    (_, at) => (column + (at % columns)) * 1e6 + row + Math.floor(at / columns),
  );
}

/** Things by where they are, so that a wire asks only those that it passes. */
export function createGrid<T>() {
  const cells = new Map<number, T[]>();
  const all: T[] = [];
  const apart: T[] = [];
  return {
    add: (item: T, extent: Extent): void => {
      all.push(item);
      const keys = cellsOf(extent);
      if (keys === undefined) apart.push(item);
      for (const key of keys ?? []) {
        const cell = cells.get(key);
        if (cell === undefined) cells.set(key, [item]);
        else cell.push(item);
      }
    },
    /** All that may overlap a rectangle, and some that does not. */
    near: (extent: Extent): Iterable<T> => {
      const keys = cellsOf(extent);
      // Of few things, or for much of the plane, asking each is quicker than asking each cell.
      if (keys === undefined || keys.length > all.length) return all;
      const found = new Set(apart);
      for (const key of keys) for (const item of cells.get(key) ?? []) found.add(item);
      return found;
    },
  };
}

/** Boxes by where they are. */
export type BoxIndex = { near(extent: Extent): readonly Box[] };

/** Sorts boxes into a grid. */
export function indexBoxes(boxes: Iterable<Box>): BoxIndex {
  const grid = createGrid<Box>();
  for (const box of boxes) grid.add(box, extentOfBox(box));
  return { near: (extent) => overlapping(grid.near(extent), extent) };
}

/** The part of an index that a few questions about one region need. */
export function indexPart(index: BoxIndex, extent: Extent): BoxIndex {
  const boxes = index.near(extent);
  return { near: (asked) => overlapping(boxes, asked) };
}

function overlapping(boxes: Iterable<Box>, { left, top, right, bottom }: Extent): readonly Box[] {
  return [...boxes].filter(
    ({ x, y, width, height }) => x < right && left < x + width && y < bottom && top < y + height,
  );
}
