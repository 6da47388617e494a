import type { Inspection } from '../../shared/host/api';
import { planeCount, planeOf } from '../../shared/ops/featureMaps';
import type { Plane } from '../../shared/ops/featureMaps';
import { folded } from './colours';

/** The planes of the picture that went in: one, or the colours. */
export function picturePlanes(found: Inspection | null): readonly Plane[] {
  const input = found?.nodes[found.inputNode];
  if (input === undefined) return [];
  const count = planeCount(input);
  return Array.from({ length: count === 3 ? 3 : 1 }, (_, channel) => folded(planeOf(input, 0, channel)));
}
