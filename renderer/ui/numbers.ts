import type { Shape } from '../../shared/layers/define';
import { formatShape } from '../../shared/text';

export { formatCount, formatShape, formatShort } from '../../shared/text';

/** A shape as it is said: "24 by 24 by 20". */
export function spokenShape(shape: Shape, by: string): string {
  return shape.map((size) => (size === null ? '?' : String(size))).join(` ${by} `);
}

/** A shape in one line, or in two where that is longer than there is room for: its map above its channels. */
export function shapeLines(shape: Shape, letters: number): readonly string[] {
  const line = formatShape(shape);
  const at = line.lastIndexOf('×');
  return line.length <= letters || at < 0 ? [line] : [line.slice(0, at), line.slice(at)];
}
