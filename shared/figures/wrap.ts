import type { PlacedVolume, Row } from './place';
import type { Flow, VolumeGraph } from './volumes';

/** Units of a figure that may go into a millimetre of paper: the sizes at volumes are then still of five points. */
const unitsPerMm = 4.8;
/** Between rows: what leads from one to the next goes there, above the labels of the next. */
const rowGap = 62;

/** The room of each row. */
export function rowsOf(volumes: readonly PlacedVolume[]): readonly Row[] {
  const rows: { right: number; top: number; bottom: number }[] = [];
  for (const { row, front, back } of volumes) {
    const known = (rows[row] ??= { right: -Infinity, top: Infinity, bottom: -Infinity });
    known.right = Math.max(known.right, front.x + front.width + back.x);
    known.top = Math.min(known.top, front.y - back.y);
    known.bottom = Math.max(known.bottom, front.y + front.height);
  }
  return rows;
}

/**
 * Cuts a row whose type would be too small to be read on `widthMm` of paper into rows below each other, as many as it needs; with `must`
 * into two at least. It is cut between volumes of the main path, where nothing stands beside it and the fewest ways pass.
 */
export function wrapRow(
  placed: readonly PlacedVolume[],
  graph: VolumeGraph,
  widthMm: number,
  must: boolean,
): readonly PlacedVolume[] {
  const [room] = rowsOf(placed);
  if (room === undefined) return placed;
  const width = room.right;
  const count = Math.max(must ? 2 : 1, Math.ceil(width / (widthMm * unitsPerMm)));
  if (count === 1) return placed;
  const cuts = chooseCuts(placed, graph, width, count);
  const cut = placed.map((volume): PlacedVolume => {
    const row = cuts.filter((x) => x <= volume.front.x).length;
    return { ...volume, row, front: { ...volume.front, x: volume.front.x - (cuts[row - 1] ?? 0) } };
  });
  const shifts: number[] = [];
  let top = room.top;
  for (const row of rowsOf(cut)) {
    shifts.push(top - row.top);
    top += row.bottom - row.top + rowGap;
  }
  return cut.map((volume) => ({
    ...volume,
    front: { ...volume.front, y: volume.front.y + (shifts[volume.row] ?? 0) },
  }));
}

/** Places to cut at, each the best near where rows of one width would end. */
function chooseCuts(
  placed: readonly PlacedVolume[],
  { spine, flows }: VolumeGraph,
  width: number,
  count: number,
): readonly number[] {
  const costs = placed
    .filter(({ id }) => spine.has(id))
    .flatMap((volume, at, main) => {
      const before = main[at - 1];
      const isFree = placed.every(
        ({ id, front, back }) =>
          spine.has(id) || front.x >= volume.front.x || front.x + front.width + back.x <= volume.front.x,
      );
      return before === undefined || !isFree
        ? []
        : [{ x: volume.front.x, cost: costOf(before, volume, placed, flows) }];
    });
  const cuts: number[] = [];
  const reach = width / count / 2.5;
  for (let row = 1; row < count; row++) {
    const end = (width * row) / count;
    const near = costs.filter(({ x }) => Math.abs(x - end) < reach && x > (cuts.at(-1) ?? 0));
    const [best] = near.sort((a, b) => a.cost - b.cost || Math.abs(a.x - end) - Math.abs(b.x - end));
    if (best !== undefined) cuts.push(best.x);
  }
  return cuts;
}

/** What a cut tears apart: maps of one size, a sum and what it adds to, and skips, least of all those that begin at the cut. */
function costOf(
  before: PlacedVolume,
  after: PlacedVolume,
  placed: readonly PlacedVolume[],
  flows: readonly Flow[],
): number {
  const lefts = new Map(placed.map(({ id, front }) => [id, front.x]));
  let cost = after.joins === null ? 0 : 2;
  if (String(before.shape?.slice(0, 2)) === String(after.shape?.slice(0, 2))) cost += 1;
  for (const { from, to, isSkip } of flows) {
    const [left = Infinity, right = -Infinity] = [lefts.get(from), lefts.get(to)];
    if (isSkip && left < after.front.x && right >= after.front.x) cost += from === before.id ? 0.5 : 1.5;
  }
  return cost;
}
