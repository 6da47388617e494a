import type { NetworkAnalysis } from '../analysis/types';
import { pictureChannels } from '../schema/data';

/** Whether the network's one input is a map with the channels of a picture. */
export function takesPictures({ inputs, nodes }: NetworkAnalysis): boolean {
  const [shape, ...others] = inputs.map((id) => nodes.get(id)?.outputShape ?? []);
  return others.length === 0 && shape?.length === 3 && pictureChannels.includes(shape[2] ?? 0);
}
