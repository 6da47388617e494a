import { formatNumber, text, type Text } from '../text';

/** A range as a rule gives it. */
export type Range = {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly equals?: number | undefined;
};

/** Whether a value is in a range. */
export function isInRange({ min, max, equals }: Range, value: number): boolean {
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity) && value === (equals ?? value);
}

/** A range in words. */
export function rangeText({ min, max, equals }: Range, format: (value: number) => string = formatNumber): Text {
  const parts = [
    ...(equals === undefined ? [] : [text(`exactly ${format(equals)}`, `正好 ${format(equals)}`)]),
    ...(min === undefined ? [] : [text(`at least ${format(min)}`, `至少 ${format(min)}`)]),
    ...(max === undefined ? [] : [text(`at most ${format(max)}`, `至多 ${format(max)}`)]),
  ];
  return text(parts.map(({ en }) => en).join(', '), parts.map(({ zh }) => zh).join('，'));
}

/** 0.973 as `97.3 %`. */
export function percent(share: number): string {
  return `${formatNumber(Math.round(share * 10_000) / 100)} %`;
}
