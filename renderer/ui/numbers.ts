import type { Shape } from '../../shared/layers/define';

export { formatCount, formatShape } from '../../shared/text';

/** A count in at most four figures: 431 k, 2.29 M, 15.5 G. */
export function formatShort(count: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let value = count;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)}${units[unit] ?? ''}`;
}

/** A shape as it is said: "24 by 24 by 20". */
export function spokenShape(shape: Shape, by: string): string {
  return shape.map((size) => (size === null ? '?' : String(size))).join(` ${by} `);
}
