import { arrow, paint, textWidth, type FigurePart } from './figure';
import { arcRoom, labelSize, type PlacedGraph, type PlacedVolume } from './place';
import type { Dashes } from './volumeLegend';
import type { Flow } from './volumes';

const mute = paint('mute');

/** Arrows in the colours of what is done. `top`: how high they reach. */
export function drawFlows(
  placed: PlacedGraph,
  dashes: Dashes,
): { readonly below: readonly FigurePart[]; readonly above: readonly FigurePart[]; readonly top: number } {
  const byId = new Map(placed.volumes.map((volume) => [volume.id, volume]));
  const arcs = createArcs(placed);
  const parts: FigurePart[] = [];
  const above: FigurePart[] = [];
  for (const flow of placed.flows) {
    const [from, to] = [byId.get(flow.from), byId.get(flow.to)];
    if (from === undefined || to === undefined) continue;
    const colour = flow.isSkip || to.joins === 'sum' || placed.style === 'boxes' ? mute : paint(flow.operation.family);
    const points =
      from.row !== to.row
        ? rowRoute(flow.isSkip, from, to, placed)
        : flow.isSkip && !(placed.isU && from.line !== to.line && isClear(from, to, placed))
          ? arcs.route(flow, from, to)
          : mainRoute(from, to, placed);
    const isHidden = points.length < 2;
    const marks = isHidden ? [] : arrow(points, colour, flow.isSkip ? 1 : 1.3, dashes(flow.operation, flow.isSkip));
    const into = flow.isSkip || placed.style === 'boxes' ? above : parts;
    if (marks.length > 0) into.push({ nodes: flow.nodes, marks });
  }
  return { below: parts, above, top: arcs.top() };
}

type Points = readonly (readonly [number, number])[];

/** Where what comes from above ends: over the number of channels, which it must not strike out. */
function overLabel({ front, back, channelsLabel }: PlacedVolume): number {
  return front.y - back.y - (channelsLabel === '' ? 1.5 : 13);
}

/** Where a way past the next volume leaves the one to it: clear of the volume and of the number over it. */
function leavingOf({ front, back, channelsLabel }: PlacedVolume): number {
  const overhang = (textWidth(channelsLabel, labelSize.channels) - front.width) / 2;
  return front.x + front.width + back.x + Math.max(back.x > 0 ? 4 : 5, overhang + 3);
}

function middleOf({ front }: PlacedVolume): number {
  return front.y + front.height / 2;
}

/** From a map to the next: level, or straight down or up where the next stands on another line; nothing where they touch. */
function mainRoute(from: PlacedVolume, to: PlacedVolume, { style, isU }: PlacedGraph): Points {
  const right = from.front.x + from.front.width;
  const left = to.front.x;
  const leave = style === 'boxes' ? from.back.x / 2 : 0;
  const axis = middleOf(from) - from.back.y / 2;
  if (from.line === to.line) {
    if (left - right < 6 || (style === 'boxes' && left < right + from.back.x)) return [];
    return [
      [right + leave + 1, isU ? axis : middleOf(to) - to.back.y / 2],
      [left - 1.5, middleOf(to) - (style === 'boxes' ? to.back.y / 2 : 0)],
    ];
  }
  const isDown = to.line > from.line;
  if (!isU) {
    const turn = left - 10;
    return [
      [right + leave + 1, axis],
      [turn, axis],
      [turn, middleOf(to)],
      [left - 1.5, middleOf(to)],
    ];
  }
  const target = to.front.x + to.front.width / 2;
  const source = from.front.x + from.front.width / 2;
  const end = isDown ? overLabel(to) : to.front.y + to.front.height + (to.sizeLabel === '' ? 2 : 13);
  if (Math.abs(target - source) < 2) {
    const start = isDown
      ? from.front.y + from.front.height + (from.sizeLabel === '' ? 2 : 13)
      : from.front.y - from.back.y - (from.channelsLabel === '' ? 2 : 13);
    return [
      [target, start],
      [target, end],
    ];
  }
  return [
    [right + leave + 1, middleOf(from)],
    [target, middleOf(from)],
    [target, end],
  ];
}

/** Whether nothing stands on the line of a volume, as far as another is. */
function isClear(from: PlacedVolume, to: PlacedVolume, { volumes }: PlacedGraph): boolean {
  return !volumes.some(
    ({ id, line, front }) =>
      line === from.line && id !== from.id && front.x > from.front.x && front.x < to.front.x + to.front.width,
  );
}

/** How far above a row what comes from the row before runs: the main path next to it, what skips further up. */
const aboveRow = { main: 20, skip: 30 } as const;
export const pastRow = 12;
/** Before a volume that a way comes to from its side. */
const sideRoom = 14;

/** What an upright way keeps from volumes that it passes. */
const besideVolume = 3;

/** Where a way past the lines above a volume of a row runs upright: as near to `x` as no volume and no label of them stands in its way. */
function freeColumn(x: number, { line, row }: PlacedVolume, volumes: readonly PlacedVolume[]): number {
  const taken = volumes
    .filter((one) => one.row === row && one.line < line)
    .map(({ front, back, channelsLabel, sizeLabel }): readonly [number, number] => {
      const widest = Math.max(textWidth(channelsLabel, labelSize.channels), textWidth(sizeLabel, labelSize.map));
      const overhang = Math.max(0, (widest - front.width) / 2);
      const right = front.x + front.width + Math.max(back.x, overhang);
      return [front.x - overhang - besideVolume, right + besideVolume];
    });
  const isFree = (at: number): boolean => taken.every(([left, right]) => at <= left || at >= right);
  const free = [x, ...taken.flat()].filter(isFree);
  return free.reduce((best, at) => (Math.abs(at - x) < Math.abs(best - x) ? at : best), free[0] ?? x);
}

/** Between the line of a volume and the one above it: over the numbers of the one, below the sizes of the other. */
function aisleOver({ line, row }: PlacedVolume, volumes: readonly PlacedVolume[]): number {
  const own = volumes.filter((one) => one.row === row && one.line === line);
  return Math.min(...own.map(({ front, back }) => front.y - back.y)) - 22;
}

/** The upright part of a way from beside or over a volume up to a height above its row: around what stands on the lines in between. */
function riser(x: number, one: PlacedVolume, volumes: readonly PlacedVolume[], y: number): Points {
  const column = freeColumn(x, one, volumes);
  if (column === x) return [[x, y]];
  const aisle = aisleOver(one, volumes);
  return [
    [x, aisle],
    [column, aisle],
    [column, y],
  ];
}

/** From the end of a row to the next: right, down between the rows, back to the left, and into the volume. */
function rowRoute(isSkip: boolean, from: PlacedVolume, to: PlacedVolume, { rows, volumes }: PlacedGraph): Points {
  const [own, next] = [rows[from.row], rows[to.row]];
  if (own === undefined || next === undefined) return [];
  const edge = from.front.x + from.front.width + from.back.x;
  const isLast = edge >= own.right - 1;
  const right = own.right + pastRow + (isSkip ? 6 : 0);
  // At the end of a row, the main path leaves at the same place.
  const axis = middleOf(from) - from.back.y / 2 - (isSkip && isLast ? 4 : 0);
  const leaving = leavingOf(from);
  const between = next.top - (isSkip ? aboveRow.skip : aboveRow.main);
  const over = own.top - aboveRow.main;
  const start: Points = isLast
    ? [[edge + 1, axis]]
    : [[edge + 1, axis], [leaving, axis], ...riser(leaving, from, volumes, over)];
  const turn = isLast ? axis : over;
  if (isSkip) {
    const target = to.front.x + to.front.width / 2;
    const down = riser(target, to, volumes, between).toReversed();
    return [...start, [right, turn], [right, between], ...down, [target, overLabel(to)]];
  }
  const left = to.front.x - sideRoom;
  const level = middleOf(to) - to.back.y / 2;
  const down = riser(left, to, volumes, between).toReversed();
  return [...start, [right, turn], [right, between], ...down, [left, level], [to.front.x - 1.5, level]];
}

/** Ways past other volumes: level where nothing stands between, else over it, higher the more they overlap. */
function createArcs({ volumes, isU }: PlacedGraph): {
  readonly route: (flow: Flow, from: PlacedVolume, to: PlacedVolume) => Points;
  readonly top: () => number;
} {
  const levels: {
    readonly row: number;
    readonly line: number;
    readonly height: number;
    readonly start: number;
    readonly end: number;
  }[] = [];
  let top = 0;
  const route = (_flow: Flow, from: PlacedVolume, to: PlacedVolume): Points => {
    const right = from.front.x + from.front.width;
    const between = volumes.filter(
      ({ line, row, front }) =>
        row === from.row && line === from.line && front.x > from.front.x && front.x < to.front.x,
    );
    if (isU && from.line === to.line && between.length === 0) {
      return [
        [right + 2, middleOf(from)],
        [to.front.x - 2, middleOf(from)],
      ];
    }
    const [leaves, ends] = [leavingOf(from), to.front.x + to.front.width / 2];
    // A row's lower lines are left, and reached, between the volumes of those above.
    const [start, end] = isU ? [leaves, ends] : [freeColumn(leaves, from, volumes), freeColumn(ends, to, volumes)];
    // A way up to another scale passes what stands on its own.
    const isUp = isU && from.line > to.line;
    const line = isU ? (isUp ? from.line : Math.min(from.line, to.line)) : 0;
    let height = 0;
    const { row } = from;
    const isTaken = (one: (typeof levels)[number]): boolean => one.row === row && one.line === line;
    const [first, last] = [Math.min(start, end), Math.max(start, end)];
    while (levels.some((one) => isTaken(one) && one.height === height && one.start < last && first < one.end))
      height += 1;
    levels.push({ row, line, height, start: first, end: last });
    const beside = volumes.filter(
      (one) =>
        one.row === row &&
        one.line === line &&
        one.front.x <= Math.max(end, ends) &&
        one.front.x >= Math.min(start, from.front.x) &&
        one.joins !== 'sum',
    );
    const ceiling = Math.min(from.front.y - from.back.y, ...beside.map(({ front, back }) => front.y - back.y));
    const y = ceiling - arcRoom.first - height * arcRoom.each;
    top = Math.min(top, y);
    const axis = middleOf(from) - from.back.y / 2;
    const way: Points = [
      [right + from.back.x + 1, axis],
      [leaves, axis],
      ...(isU ? [[start, y] as const] : riser(leaves, from, volumes, y)),
    ];
    const down = isU ? [[end, y] as const] : riser(ends, to, volumes, y).toReversed();
    if (!isUp) return [...way, ...down, [ends, overLabel(to)]];
    const [turn, level] = [to.front.x - sideRoom, middleOf(to)];
    return [...way, [turn, y], [turn, level], [to.front.x - 1.5, level]];
  };
  return { route, top: () => top };
}
