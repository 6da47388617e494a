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

/** The cells that a rectangle lies in; undefined for too many of them. */
type Cells = { readonly column: number; readonly row: number; readonly columns: number; readonly rows: number };

function cellsOf({ left, top, right, bottom }: Extent): Cells | undefined {
  const [column, row] = [Math.floor(left / cellSize), Math.floor(top / cellSize)];
  const [columns, rows] = [Math.floor(right / cellSize) - column + 1, Math.floor(bottom / cellSize) - row + 1];
  return columns * rows <= mostCells ? { column, row, columns, rows } : undefined;
}

function keyOf(column: number, row: number): number {
  return column * 1e6 + row;
}

function* keysOf({ column, row, columns, rows }: Cells): Generator<number> {
  for (let x = 0; x < columns; x += 1) for (let y = 0; y < rows; y += 1) yield keyOf(column + x, row + y);
}

/** So many questions are answered with everything: for fewer, as at a step of a drag, sorting takes longer than it saves. */
const askedUnsorted = 64;

/** Things by where they are, so that a wire asks only those that it passes. They are sorted once they are asked for often enough. */
export function createGrid<T>() {
  const inCell = new Map<number, T[]>();
  const items: T[] = [];
  const unsorted: { readonly item: T; readonly extent: Extent }[] = [];
  const apart: T[] = [];
  let asked = 0;
  const sort = (item: T, extent: Extent): void => {
    const cells = cellsOf(extent);
    if (cells === undefined) {
      apart.push(item);
      return;
    }
    for (const key of keysOf(cells)) {
      const list = inCell.get(key);
      if (list === undefined) inCell.set(key, [item]);
      else list.push(item);
    }
  };
  return {
    add: (item: T, extent: Extent): void => {
      items.push(item);
      if (asked > askedUnsorted) sort(item, extent);
      else unsorted.push({ item, extent });
    },
    /** All that may overlap a rectangle, and some that does not; to be read before the next is added. */
    near: (extent: Extent): Iterable<T> => {
      asked += 1;
      if (asked <= askedUnsorted) return items;
      for (const { item, extent: own } of unsorted.splice(0)) sort(item, own);
      const cells = cellsOf(extent);
      // Of few things, or for much of the plane, asking each is quicker than asking each cell.
      if (cells === undefined || cells.columns * cells.rows > items.length) return items;
      // What is asked for most, the gap between two nodes, lies in one: nothing need be put together for it.
      if (apart.length === 0 && cells.columns * cells.rows === 1) {
        return inCell.get(keyOf(cells.column, cells.row)) ?? [];
      }
      const found = new Set(apart);
      for (const key of keysOf(cells)) for (const item of inCell.get(key) ?? []) found.add(item);
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

/** The part of an index that a few questions about one region need; looked up with the first of them. */
export function indexPart(index: BoxIndex, region: () => Extent): BoxIndex {
  let boxes: readonly Box[] | null = null;
  return { near: (asked) => overlapping((boxes ??= index.near(region())), asked) };
}

function overlapping(boxes: Iterable<Box>, { left, top, right, bottom }: Extent): readonly Box[] {
  const found: Box[] = [];
  for (const box of boxes) {
    const { x, y, width, height } = box;
    if (x < right && left < x + width && y < bottom && top < y + height) found.push(box);
  }
  return found;
}
