import { nodeWidth } from './geometry';

/** Ends of a wire, in canvas pixels. */
export type WireEnds = {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly targetX: number;
  readonly targetY: number;
};

/** An SVG path and where its label belongs. */
export type WirePath = { readonly path: string; readonly labelX: number; readonly labelY: number };

const corner = 10;
const stub = 16;

/** A polyline through right-angled points, its corners rounded. */
function rounded(points: readonly (readonly [number, number])[]): string {
  const parts: string[] = [];
  points.forEach(([x, y], index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (!before) parts.push(`M${x} ${y}`);
    else if (!after) parts.push(`L${x} ${y}`);
    else {
      const inLength = Math.hypot(x - before[0], y - before[1]);
      const outLength = Math.hypot(after[0] - x, after[1] - y);
      const radius = Math.min(corner, inLength / 2, outLength / 2);
      if (radius < 0.5) return;
      const toward = (point: readonly [number, number], length: number): string =>
        `${x + ((point[0] - x) / length) * radius} ${y + ((point[1] - y) / length) * radius}`;
      parts.push(`L${toward(before, inLength)}Q${x} ${y} ${toward(after, outLength)}`);
    }
  });
  return parts.join('');
}

/** True for a wire that runs level for further than one gap, so that nodes of its own line may stand in its way. */
export function runsAlongLine({ sourceX, sourceY, targetX, targetY }: WireEnds): boolean {
  return Math.abs(targetY - sourceY) < 24 && targetX - sourceX > nodeWidth + 2 * stub;
}

/**
 * A wire forward is a gentle curve, straight where the ends are level. One that would run through nodes (`isCrossing`) arcs over
 * them, as skips are drawn in the papers; one back to the start of the next line runs between the lines.
 */
export function wirePath({ sourceX, sourceY, targetX, targetY }: WireEnds, isCrossing = false): WirePath {
  const dx = targetX - sourceX;
  const dy = targetY - sourceY;
  if (dx < stub) return backward({ sourceX, sourceY, targetX, targetY });
  if (isCrossing) return arc({ sourceX, sourceY, targetX, targetY });
  const bend = Math.max(stub, Math.min(dx / 2, 72));
  const path =
    Math.abs(dy) < 0.5
      ? `M${sourceX} ${sourceY}L${targetX} ${targetY}`
      : `M${sourceX} ${sourceY}C${sourceX + bend} ${sourceY} ${targetX - bend} ${targetY} ${targetX} ${targetY}`;
  return { path, labelX: sourceX + dx / 2, labelY: sourceY + dy / 2 };
}

function backward({ sourceX, sourceY, targetX, targetY }: WireEnds): WirePath {
  const dy = targetY - sourceY;
  // Between the lines where there is room; below both nodes where they stand side by side.
  const middle =
    Math.abs(dy) > 100 ? targetY - Math.sign(dy) * Math.min(66, Math.abs(dy) / 2) : Math.max(sourceY, targetY) + 68;
  const path = rounded([
    [sourceX, sourceY],
    [sourceX + stub, sourceY],
    [sourceX + stub, middle],
    [targetX - stub, middle],
    [targetX - stub, targetY],
    [targetX, targetY],
  ]);
  return { path, labelX: (sourceX + targetX) / 2, labelY: middle };
}

function arc({ sourceX, sourceY, targetX, targetY }: WireEnds): WirePath {
  // A longer skip goes higher, so that nested ones do not lie on each other.
  const lift = 56 + Math.min(4, Math.floor((targetX - sourceX) / (2 * nodeWidth))) * 8;
  const top = Math.min(sourceY, targetY) - lift;
  const path = rounded([
    [sourceX, sourceY],
    [sourceX + stub, sourceY],
    [sourceX + stub, top],
    [targetX - stub, top],
    [targetX - stub, targetY],
    [targetX, targetY],
  ]);
  return { path, labelX: (sourceX + targetX) / 2, labelY: top };
}
