/** Where bars of some values lie, in percent of their width: all on one scale, from a line at zero. */
export type ScoreSpan = {
  readonly zero: number;
  readonly barOf: (value: number) => { readonly left: number; readonly width: number };
};

/** The span of values with zero in it: without negative ones the line is at the left, without positive ones at the right. */
export function spanOf(values: Iterable<number>): ScoreSpan {
  let [least, most] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const whole = most - least || 1;
  const zero = (100 * Math.abs(least)) / whole;
  return {
    zero,
    barOf: (value) => {
      const width = Number.isFinite(value) ? (100 * Math.abs(value)) / whole : 0;
      return { left: value < 0 ? zero - width : zero, width };
    },
  };
}
