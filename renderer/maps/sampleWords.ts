import type { FeatureFacts } from '../../shared/host/api';
import { isOfClasses } from '../../shared/schema/data';

/** What a number says of a sample: the name of its class, or its value; null where nobody said. */
export function sampleWord({ task, classes }: FeatureFacts, value: number | null | undefined): string | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (isOfClasses(task)) return classes[value] ?? null;
  return String(Number(value.toPrecision(4)));
}

/** The names of the classes that a sample has, of rows with 1 at each of them; nothing where it has none. */
export function labelWords({ classes }: FeatureFacts, rows: Uint8Array, at: number): string {
  return classes.filter((_, index) => rows[at * classes.length + index] === 1).join(', ');
}
