/** A thing that costs something and is wrong by something: less is better of both. */
export type Tradeoff = { readonly cost: number; readonly error: number };

/**
 * Those that nothing else beats in both: for each, whatever errs less costs more. The cheapest first; of equal ones all are given.
 * @example costs 1, 2, 3 with errors 0.3, 0.4, 0.1 give the first and the last.
 */
export function paretoFront<T extends Tradeoff>(points: readonly T[]): readonly T[] {
  const sorted = points
    .filter(({ cost, error }) => Number.isFinite(cost) && Number.isFinite(error))
    .toSorted((a, b) => a.cost - b.cost || a.error - b.error);
  const front: T[] = [];
  for (const point of sorted) {
    const last = front.at(-1);
    if (last === undefined || point.error < last.error) front.push(point);
    else if (point.error === last.error && point.cost === last.cost) front.push(point);
  }
  return front;
}
