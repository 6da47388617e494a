import { markPath } from '../../shared/figures/classMarks';
import type { ClassMark, MarkShape } from '../../shared/figures/classMarks';

/** Points as they are drawn. */
export type DrawnPoints = {
  /** x and y of each on the screen, one after another. */
  readonly screen: Float32Array;
  readonly markOf: (point: number) => ClassMark;
  readonly isShown: (point: number) => boolean;
  /** What has a ring around it. */
  readonly isWrong: (point: number) => boolean;
  /** What is looked at, and what is pointed at; null for none. */
  readonly chosen: number | null;
  readonly pointed: number | null;
};

const radius = 3.2;

/** Draws points onto a canvas of so many pixels of the page; `ink` is the colour of rings. */
export function drawScatter(
  canvas: HTMLCanvasElement,
  { screen, markOf, isShown, isWrong, chosen, pointed }: DrawnPoints,
  { width, height, ink }: { readonly width: number; readonly height: number; readonly ink: string },
): void {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const outlines = new Map<MarkShape, Path2D>();
  const outlineOf = (shape: MarkShape): Path2D => {
    const known = outlines.get(shape) ?? new Path2D(markPath(shape, radius));
    outlines.set(shape, known);
    return known;
  };
  const at = (point: number): readonly [number, number] => [screen[2 * point] ?? 0, screen[2 * point + 1] ?? 0];
  const ring = (point: number, size: number, thick: number): void => {
    const [x, y] = at(point);
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.beginPath();
    pen.arc(x, y, size, 0, 2 * Math.PI);
    pen.lineWidth = thick;
    pen.strokeStyle = ink;
    pen.stroke();
  };
  for (let point = 0; 2 * point < screen.length; point++) {
    if (!isShown(point)) continue;
    const [x, y] = at(point);
    const { colour, shape } = markOf(point);
    pen.setTransform(density, 0, 0, density, density * x, density * y);
    pen.globalAlpha = 0.8;
    pen.fillStyle = colour;
    pen.fill(outlineOf(shape));
    pen.globalAlpha = 1;
    if (isWrong(point)) ring(point, 5.5, 1);
  }
  for (const [point, size] of [
    [chosen, 9],
    [pointed, 7],
  ] as const)
    if (point !== null) ring(point, size, 2);
}
