import type { OnnxRuntimeLibrary } from './library';
import { blockedDomain, OnnxGraph } from './onnxGraph';
import type { Attributes } from './onnxGraph';
import type { Values } from './values';

/*
 * ONNX Runtime has operators on images in blocks of channels, [n, c / block, h, w, block]. Its own optimizer puts them in where filters
 * are constants. They convolve in place, where the plain Conv first copies the pixels under each tap.
 */

/** What copying the pixels costs is shared by all filters: with more than this it no longer matters. */
const mostFilters = 128;

/** Whether a convolution by a filter [height, width, channels, filters] is faster in blocks: 1.1 to 1.4 times where it is. */
export function isBetterInBlocks(block: number | null, filter: readonly number[], groups: number): boolean {
  const [height = 1, width = 1, channels = 1, filters = 1] = filter;
  return (
    block !== null &&
    groups === 1 &&
    height * width > 1 &&
    filters <= mostFilters &&
    channels % block === 0 &&
    filters % block === 0
  );
}

/**
 * The filter for {@link convolveBlocks}, from one as it is kept, [out, in, height, width]: in blocks of both, the inputs before the
 * outputs. `turned` exchanges the two, for the gradient to the input.
 */
export function filterInBlocks(
  graph: OnnxGraph,
  kept: string,
  [height = 1, width = 1, channels = 1, filters = 1]: readonly number[],
  isTurned: boolean,
): string {
  const block = graph.block ?? 1;
  const split = graph.reshape(kept, [filters / block, block, channels / block, block, height, width]);
  const turned = graph.transpose(split, isTurned ? [2, 0, 4, 5, 1, 3] : [0, 2, 4, 5, 3, 1]);
  return graph.reshape(turned, isTurned ? [channels, filters, height, width] : [filters, channels, height, width]);
}

/** Images `[n, channels, h, w]` convolved, as images again; what one convolution gives, the next takes without a turn. */
export function convolveBlocks(
  values: Pick<Values, 'graph' | 'inBlocks'>,
  images: string,
  inputs: { readonly filter: string; readonly bias: readonly string[]; readonly filters: number },
  attributes: Attributes,
): string {
  const { graph, inBlocks } = values;
  const blocks = inBlocks.get(images) ?? graph.node('ReorderInput', [images], { domain: blockedDomain });
  const result = graph.node('Conv', [blocks, inputs.filter, ...inputs.bias], { attributes, domain: blockedDomain });
  const plain = graph.node('ReorderOutput', [result], {
    attributes: { channels: inputs.filters },
    domain: blockedDomain,
  });
  inBlocks.set(plain, result);
  return plain;
}

let found: Promise<number | null> | undefined;

/** The size of the blocks that this CPU's kernels work with; null where there are none. */
export function blockSize(library: OnnxRuntimeLibrary): Promise<number | null> {
  found ??= findBlockSize(library);
  return found;
}

/** It depends on the CPU and is told nowhere: with any other size the result is wrong, so that a trial tells. */
async function findBlockSize(library: OnnxRuntimeLibrary): Promise<number | null> {
  for (const block of [16, 8]) if (await convolvesInBlocksOf(library, block)) return block;
  return null;
}

async function convolvesInBlocksOf(library: OnnxRuntimeLibrary, block: number): Promise<boolean> {
  const [filter, images] = [
    [3, 3, 16, 16],
    [1, 16, 4, 4],
  ];
  const graph = new OnnxGraph('cpu', block);
  graph.input('x', 'float32', images);
  graph.input('w', 'float32', [16, 16, 3, 3]);
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  const kept = filterInBlocks(graph, 'w', filter, false);
  const blocked = convolveBlocks(
    { graph, inBlocks: new Map() },
    'x',
    { filter: kept, bias: [], filters: 16 },
    attributes,
  );
  graph.output('plain', graph.node('Conv', ['x', 'w'], { attributes }), 'float32');
  graph.output('blocked', blocked, 'float32');
  const ramp = (shape: readonly number[]) => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => ((index * 37) % 101) / 101);
    return new library.Tensor('float32', data, shape);
  };
  try {
    const session = await library.InferenceSession.create(graph.encode(), {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    const results = await session.run({ x: ramp(images), w: ramp([16, 16, 3, 3]) });
    await session.release();
    const [expected, actual] = [results.plain?.data, results.blocked?.data];
    if (!(expected instanceof Float32Array) || !(actual instanceof Float32Array)) return false;
    return expected.every((value, index) => Math.abs(value - (actual[index] ?? NaN)) < 1e-3);
  } catch {
    return false;
  }
}
