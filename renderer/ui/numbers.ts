import type { Shape } from '../../shared/layers/define';

export { formatCount, formatShape, formatShort } from '../../shared/text';

/** A shape as it is said: "24 by 24 by 20". */
export function spokenShape(shape: Shape, by: string): string {
  return shape.map((size) => (size === null ? '?' : String(size))).join(` ${by} `);
}
