import type { FeatureFacts } from '../../shared/host/api';
import { isOfClasses } from '../../shared/schema/data';

/** What a number says of a sample: the name of its class, or its value; null where nobody said. */
export function sampleWord({ task, classes }: FeatureFacts, value: number | null | undefined): string | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (isOfClasses(task)) return classes[value] ?? null;
  return String(Number(value.toPrecision(4)));
}
