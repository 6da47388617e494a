import { useMemo } from 'react';
import type { Inspection } from '../../shared/host/api';
import { occlude, patchesOver, scoreFalls } from '../../shared/ops/occlusion';
import type { Plane } from '../../shared/ops/featureMaps';
import { limits } from '../../shared/schema/limits';
import { inputShapeOf } from '../learn/exhibits/shapes';
import { questionOf } from './inspected';
import type { Inspected } from './inspected';
import { useInspection } from './useInspection';
import type { Looked } from './useInspection';

/** So many pictures are asked about at once, and so many values of theirs sent: a large picture has fewer patches. */
const mostPictures = Math.min(256, limits.inspectedSamples);
const mostValues = 4_000_000;

/** Whether patches can be slid over what a network takes, and its answer is scores of classes. */
export function canOcclude({ analysis, output }: Inspected): boolean {
  const answer = analysis.nodes.get(output)?.outputShape;
  return analysis.inputs.length === 1 && inputShapeOf(analysis) !== null && answer?.length === 1;
}

/** A map of what covering the picture does to the score of a class, and how the question for it stands. */
export type Occlusion = { readonly plane: Plane | null; readonly looked: Looked };

/** Covers the picture of a look with patches, and asks for the scores of all in one batch; null asks nothing. */
export function useOcclusion(network: Inspected, found: Inspection | null, classIndex: number): Occlusion {
  const input = found?.nodes[found.inputNode];
  const asked = useMemo(() => {
    const shape = inputShapeOf(network.analysis);
    if (shape === null || input?.dtype !== 'float32' || !canOcclude(network)) return null;
    const [height, width] = shape;
    const most = Math.min(mostPictures, Math.max(2, Math.floor(mostValues / input.data.length))) - 1;
    const patches = patchesOver(height, width, most);
    return { shape, patches, values: occlude(input.data, shape, patches) };
  }, [network, input]);
  const { output } = network;
  const looked = useInspection(
    asked === null
      ? null
      : questionOf(network, { samples: { from: 'values', values: asked.values }, nodes: [output], weights: [] }),
  );
  const scores = looked.isWaiting ? undefined : looked.value?.nodes[output];
  const plane = useMemo(() => {
    if (asked === null || scores === undefined) return null;
    const [height, width] = asked.shape;
    return scoreFalls(scores, classIndex, [height, width], asked.patches);
  }, [asked, scores, classIndex]);
  return { plane, looked };
}
