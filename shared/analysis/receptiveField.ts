import type { ReceptiveFieldStep, Shape } from '../layers/define';
import { formatCount, text } from '../text';
import type { Explanation } from '../layers/define';
import type { ReceptiveField } from './types';

/** What one pixel of the picture sees: itself. */
export function inputField(shape: Shape): ReceptiveField {
  return {
    size: [1, 1],
    jump: [1, 1],
    start: [0, 0],
    positions: gridOf(shape, [1, 1]),
    global: false,
    union: false,
  };
}

/**
 * The field behind a layer, per axis: r = r0 + (a - 1) j0, j = j0 s, start = start0 + (first window's centre) j0, after Araujo,
 * Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks" (distill.pub/2019/computing-receptive-fields), and
 * Dumoulin and Visin, arXiv 1603.07285. LeNet-5's conv 5, pool 2, conv 5, pool 2, conv 5 gives 32 with a jump of 4.
 *
 * Layers that enlarge divide the jump, which may become a fraction: neighbouring values then lie less than a pixel apart. Behind
 * fc and gap the field is that of a window over the whole map, and `global`. Null when a number would no longer be exact.
 */
export function stepField(field: ReceptiveField, step: ReceptiveFieldStep, output: Shape): ReceptiveField | null {
  if (step === 'pass') {
    const positions = gridOf(output, field.positions);
    return samePair(positions, field.positions) ? field : { ...field, positions };
  }
  if (step === 'global') {
    // A side that is open has one known window at least.
    const sides = [field.positions[0] ?? 1, field.positions[1] ?? 1] as const;
    return exact({
      size: [grow(field, 0, sides[0]), grow(field, 1, sides[1])],
      jump: field.jump,
      start: [
        field.start[0] + ((sides[0] - 1) / 2) * field.jump[0],
        field.start[1] + ((sides[1] - 1) / 2) * field.jump[1],
      ],
      positions: gridOf(output, [1, 1]),
      global: true,
      union: field.union,
    });
  }
  return exact({
    size: [grow(field, 0, step.size[0]), grow(field, 1, step.size[1])],
    jump: [field.jump[0] * step.stride[0], field.jump[1] * step.stride[1]],
    start: [field.start[0] + step.start[0] * field.jump[0], field.start[1] + step.start[1] * field.jump[1]],
    positions: gridOf(output, [1, 1]),
    global: field.global,
    union: field.union,
  });
}

/**
 * The field behind a merge: the smallest window that holds those of all branches, for the first value. Branches with different
 * jumps drift apart along the map; the largest jump stands for them.
 */
export function uniteFields(fields: readonly ReceptiveField[], output: Shape): ReceptiveField | null {
  const [first, ...others] = fields;
  if (first === undefined) return null;
  if (others.every((other) => seesTheSame(first, other))) return stepField(first, 'pass', output);
  const low = ([0, 1] as const).map((axis) =>
    Math.min(...fields.map((field) => field.start[axis] - (field.size[axis] - 1) / 2)),
  );
  const high = ([0, 1] as const).map((axis) =>
    Math.max(...fields.map((field) => field.start[axis] + (field.size[axis] - 1) / 2)),
  );
  const [top = 0, left = 0] = low;
  const [bottom = 0, right = 0] = high;
  return exact({
    size: [bottom - top + 1, right - left + 1],
    jump: [Math.max(...fields.map(({ jump }) => jump[0])), Math.max(...fields.map(({ jump }) => jump[1]))],
    start: [(top + bottom) / 2, (left + right) / 2],
    positions: gridOf(output, [1, 1]),
    global: fields.some((field) => field.global),
    union: true,
  });
}

/** The receptive field's recursion with its numbers, for the axis that is shown. */
export function explainField(before: ReceptiveField, after: ReceptiveField, step: ReceptiveFieldStep): Explanation[] {
  if (step === 'pass') return [];
  const window = step === 'global' ? (before.positions[0] ?? 1) : step.size[0];
  return [
    {
      about: 'receptiveField',
      title: text('Receptive field', '感受野'),
      formula: 'r = r₀ + (a − 1)·j₀',
      numbers: `${formatCount(before.size[0])} + (${formatCount(window)} − 1)·${formatCount(before.jump[0])}`,
      result: formatCount(after.size[0]),
    },
  ];
}

/** The union of branches that see differently, along the height: from the first pixel of any to the last. */
export function explainUnion(fields: readonly ReceptiveField[], after: ReceptiveField): Explanation[] {
  if (!after.union || after.global) return [];
  const half = (field: ReceptiveField): number => (field.size[0] - 1) / 2;
  const ends = fields.map((field) => field.start[0] + half(field));
  const starts = fields.map((field) => field.start[0] - half(field));
  const list = (values: readonly number[]): string => [...new Set(values)].map(pixel).join(', ');
  return [
    {
      about: 'receptiveField',
      title: text('Union of the branches', '各支路的并集'),
      formula: 'r = max(last) − min(first) + 1',
      numbers: `max(${list(ends)}) − min(${list(starts)}) + 1`,
      result: formatCount(after.size[0]),
    },
  ];
}

function pixel(value: number): string {
  return formatCount(value).replace('-', '−');
}

function grow(field: ReceptiveField, axis: 0 | 1, window: number): number {
  return field.size[axis] + (window - 1) * field.jump[axis];
}

function gridOf(
  shape: Shape,
  otherwise: readonly [number | null, number | null],
): readonly [number | null, number | null] {
  return shape.length === 3 ? [shape[0] ?? null, shape[1] ?? null] : otherwise;
}

function samePair(a: readonly (number | null)[], b: readonly (number | null)[]): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function seesTheSame(a: ReceptiveField, b: ReceptiveField): boolean {
  return samePair(a.size, b.size) && samePair(a.jump, b.jump) && samePair(a.start, b.start) && a.global === b.global;
}

/** Null rather than a number that is rounded or infinite. */
function exact(field: ReceptiveField): ReceptiveField | null {
  return isExact(field.size) && isExact(field.jump) && isExact(field.start) ? field : null;
}

function isExact(pair: readonly [number, number]): boolean {
  return Math.abs(pair[0]) <= Number.MAX_SAFE_INTEGER && Math.abs(pair[1]) <= Number.MAX_SAFE_INTEGER;
}
