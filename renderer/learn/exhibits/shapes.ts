import type { NetworkAnalysis } from '../../../shared/analysis/types';

/** Height, width and channels of a network's one picture; null where it takes something else. */
export function inputShapeOf({ inputs, nodes }: NetworkAnalysis): readonly [number, number, number] | null {
  const [height, width, channels, ...more] = nodes.get(inputs[0] ?? '')?.outputShape ?? [];
  if (height == null || width == null || channels == null || more.length > 0) return null;
  return [height, width, channels];
}
