import type { Shape } from '../../shared/layers/define';

const grouped = new Intl.NumberFormat('en-US');

/** A count in full, with thousands separators: 431,080. The same in both languages, as figures in the field are. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

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

/** A shape as the canvas writes it: 24×24×20; an unknown size is a question mark. */
export function formatShape(shape: Shape): string {
  return shape.map((size) => (size === null ? '?' : String(size))).join('×');
}

/** A shape as it is said: "24 by 24 by 20". */
export function spokenShape(shape: Shape, by: string): string {
  return shape.map((size) => (size === null ? '?' : String(size))).join(` ${by} `);
}
