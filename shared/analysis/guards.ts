import type { Padding, Size2 } from '../layers/define';

/** True for a size param as its schema has read it; analyses hold params as unknown values. */
export function isSize(value: unknown): value is Size2 {
  return Array.isArray(value) && value.length === 2;
}

/** True for a padding param as its schema has read it. */
export function isPadding(value: unknown): value is Padding {
  return typeof value === 'string' || typeof value === 'number' || Array.isArray(value);
}
