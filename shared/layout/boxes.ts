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

/** The cells of a coarse grid that a rectangle lies in, each as a number of its own. */
export function cellsOf({ left, top, right, bottom }: Extent): readonly number[] {
  const cells: number[] = [];
  for (let column = Math.floor(left / cellSize); column <= Math.floor(right / cellSize); column++) {
    for (let row = Math.floor(top / cellSize); row <= Math.floor(bottom / cellSize); row++)
      cells.push(column * 1e6 + row);
  }
  return cells;
}

/** Boxes by where they are, so that a wire asks only those that it passes. */
export type BoxIndex = { near(extent: Extent): readonly Box[] };

/** Sorts boxes into the cells of a grid. */
export function indexBoxes(boxes: Iterable<Box>): BoxIndex {
  const cells = new Map<number, Box[]>();
  const all = [...boxes];
  for (const box of all) {
    for (const key of cellsOf(extentOfBox(box))) {
      const cell = cells.get(key);
      if (cell === undefined) cells.set(key, [box]);
      else cell.push(box);
    }
  }
  return {
    near: (extent) => {
      const { left, top, right, bottom } = extent;
      const area = ((right - left) / cellSize + 1) * ((bottom - top) / cellSize + 1);
      // Of few boxes, or for much of the plane, asking each is quicker than asking each cell.
      if (area > all.length) return overlapping(all, extent);
      const found = new Set<Box>();
      for (const key of cellsOf(extent)) {
        for (const box of cells.get(key) ?? []) found.add(box);
      }
      return overlapping([...found], extent);
    },
  };
}

/** The part of an index that a few questions about one region need. */
export function indexPart(index: BoxIndex, extent: Extent): BoxIndex {
  const boxes = index.near(extent);
  return { near: (asked) => overlapping(boxes, asked) };
}

function overlapping(boxes: readonly Box[], { left, top, right, bottom }: Extent): readonly Box[] {
  return boxes.filter(({ x, y, width, height }) => x < right && left < x + width && y < bottom && top < y + height);
}
