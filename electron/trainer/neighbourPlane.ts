import { UMAP } from 'umap-js';
import { tooFewToEmbed } from '../../shared/diagnostics/catalog/inspection';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { createRandom } from '../../shared/ops/random';
import { createNeighbourGraph } from '../../shared/ops/neighbours';
import type { FeatureRows } from '../../shared/ops/neighbours';
import { letMessagesIn } from './evaluate';
import type { FeatureTools } from './features';

/** UMAP's own default, and so many as there are where they are fewer. */
const neighbours = 15;
const leastSamples = 4;
const rounds = 300;
/** The same plane for the same features. */
const seed = 1;
/** Rows that are searched, and rounds that are laid out, before messages are let in. */
const searchedAtOnce = 20;
const roundsAtOnce = 5;

/**
 * Lays rows out in a plane so that neighbours stay neighbours: UMAP (McInnes, Healy and Melville, arXiv 1802.03426) by umap-js, over exact
 * Euclidean neighbours, from a fixed seed. Gives x and y of each row.
 */
export async function neighbourPlane(
  rows: FeatureRows,
  { signal, onProgress }: Pick<FeatureTools, 'signal' | 'onProgress'>,
): Promise<Result<Float32Array>> {
  const { count } = rows;
  if (count < leastSamples) return failure(tooFewToEmbed(count, leastSamples));
  const nNeighbors = Math.min(neighbours, count - 1);
  const graph = createNeighbourGraph(rows, nNeighbors);
  const isGivenUp = async (): Promise<boolean> => {
    await letMessagesIn();
    return signal.aborted;
  };
  for (let row = 0; row < count; row++) {
    graph.compare(row);
    if (row % searchedAtOnce !== 0) continue;
    onProgress(row, 2 * count);
    if (await isGivenUp()) return failure(requestCancelled('embed'));
  }
  const random = createRandom(seed);
  const umap = new UMAP({ nNeighbors, nEpochs: rounds, random: () => random.uniform() });
  const found = Array.from({ length: count }, (_, row) => graph.of(row));
  umap.setPrecomputedKNN(
    found.map((nearest) => [...nearest.rows]),
    found.map((nearest) => [...nearest.distances]),
  );
  // With neighbours given it looks at how many rows there are, and not at what is in them.
  umap.initializeFit(Array.from({ length: count }, () => [0]));
  for (let round = 0; round < rounds; round++) {
    umap.step();
    if (round % roundsAtOnce !== 0) continue;
    onProgress(count + Math.floor((count * round) / rounds), 2 * count);
    if (await isGivenUp()) return failure(requestCancelled('embed'));
  }
  return success(Float32Array.from(umap.getEmbedding().flat()));
}
