import type { Inspection } from '../../shared/host/api';
import { planeCount, planeOf } from '../../shared/ops/featureMaps';
import type { Plane } from '../../shared/ops/featureMaps';
import { folded } from './colours';

/** The planes of a picture that went in, by its number among the samples: one, or the colours. */
export function picturePlanes(found: Inspection | null, sample = 0): readonly Plane[] {
  const input = found?.nodes[found.inputNode];
  if (input === undefined || sample >= (input.shape[0] ?? 0)) return [];
  const count = planeCount(input);
  return Array.from({ length: count === 3 ? 3 : 1 }, (_, channel) => folded(planeOf(input, sample, channel)));
}
