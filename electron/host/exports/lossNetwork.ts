import type { NetworkAnalysis } from '../../../shared/analysis/types';
import {
  lossWeightsName,
  printComparison,
  stylePictureFile,
  type PrintedComparison,
} from '../../../shared/exports/typescript';
import type { Pixels } from '../../../shared/ops/pixels';
import type { FloatTensor } from '../../../shared/ops/tensor';
import type { NetworkDocument } from '../../../shared/schema/document';
import { defaultTrainingConfig } from '../../../shared/schema/training';
import { pngOf } from '../../files/png';
import { encodeWeightPair } from '../../files/weights';
import { isPerceptual, readLossNetwork, readStylePicture } from '../../trainer/lossNetwork';

/** What a project needs for a perceptual loss: what is printed of it, and the files that lie beside that. */
export type Compared = {
  readonly comparison: PrintedComparison;
  readonly files: readonly (readonly [name: string, content: Uint8Array | string])[];
};

/**
 * The loss network that the settings of a document name, and its style picture, for a project. Null where there is no such loss, or where
 * what it needs is not there or cannot be printed: the project says so then, and all else of it is of use.
 */
export async function readCompared(document: NetworkDocument, analysis: NetworkAnalysis): Promise<Compared | null> {
  const config = { ...defaultTrainingConfig, ...document.train };
  if (!isPerceptual(config)) return null;
  const [only = '', ...others] = analysis.outputs;
  const output = config.output ?? (others.length === 0 ? only : '');
  const answer = analysis.nodes.get(output)?.outputShape?.flatMap((size) => size ?? []) ?? [];
  if (answer.length !== 3) return null;
  const planned = await readLossNetwork(config, answer);
  if (!planned.ok) return null;
  const comparison = printComparison(planned.value, answer);
  const style = planned.value.style.size === 0 ? null : await readStylePicture(config, answer);
  if (comparison === null || style?.ok === false) return null;
  const weights = encodeWeightPair(comparison.weights).map(
    ([name, content]) => [name.replace(/^weights/, lossWeightsName), content] as const,
  );
  const picture = style?.value ?? null;
  return {
    comparison,
    files: [...weights, ...(picture === null ? [] : [[stylePictureFile, pngOf(pixelsOf(picture))] as const])],
  };
}

/** A picture of values from 0 to 1, `[1, height, width, channels]`, with all that it has, opacity too: a file has the same bytes for it. */
function pixelsOf({ shape: [, height = 1, width = 1, channels = 1], data }: FloatTensor): Pixels {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const values = Array.from({ length: channels }, (_, at) => Math.round(255 * (data[pixel * channels + at] ?? 0)));
    const [red = 0, green = red, blue = red, alpha = 255] = values;
    rgba.set([red, green, blue, alpha], 4 * pixel);
  }
  return { width, height, rgba };
}
