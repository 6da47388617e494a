import { evaluationNeedsData } from '../../shared/diagnostics/catalog/evaluation';
import { noFeatures } from '../../shared/diagnostics/catalog/inspection';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { Embedding, InspectedSamples } from '../../shared/host/api';
import type { EmbeddingMethod } from '../../shared/host/features';
import { nearestRows } from '../../shared/ops/neighbours';
import { principalAxes } from '../../shared/ops/principal';
import { limits } from '../../shared/schema/limits';
import { setAt } from '../data/labels';
import { createFeatureReader, featuresOf } from './features';
import type { FeatureQuestion, FeatureTable, FeatureTools } from './features';
import { neighbourPlane } from './neighbourPlane';
import type { TrainerQuestions } from './protocol';

type Answer<N extends 'nearest' | 'embed'> = (
  question: TrainerQuestions[N][0],
  tools: FeatureTools,
) => Promise<Result<TrainerQuestions[N][1]>>;

/** Compares pictures by what a network makes of them. */
export type Embedder = { readonly nearest: Answer<'nearest'>; readonly embed: Answer<'embed'> };

type Plane = Pick<Embedding, 'places' | 'shares'>;

/** Planes of tables that were laid out are kept, as it takes seconds. */
const mostPlanes = 8;

/** See {@link Embedder}. One question at a time. */
export function createEmbedder(): Embedder {
  const tables = createFeatureReader();
  const planes = new Map<string, Plane>();
  const planeOf = async (table: FeatureTable, method: EmbeddingMethod, tools: FeatureTools): Promise<Result<Plane>> => {
    const key = `${method} ${table.key}`;
    const known = planes.get(key);
    if (known !== undefined) return success(known);
    const plane = method === 'pca' ? success(principalPlane(table)) : await neighbours(table, tools);
    if (plane.ok) planes.set(key, plane.value);
    const [oldest] = planes.keys();
    if (planes.size > mostPlanes && oldest !== undefined) planes.delete(oldest);
    return plane;
  };
  return {
    nearest: async ({ samples, distance, count, ...asked }, tools) => {
      const named = await namedWhole(asked, tools);
      if (!named.ok) return named;
      const question = named.value;
      const table = await tables({ ...question, most: limits.featureSamples }, tools);
      if (!table.ok) return table;
      const { facts, read, rows, indices, truth, labels } = table.value;
      const { document, path, seed } = question;
      const seen = await tools.inTurn(() =>
        tools.inspect({
          ...{ document, path, seed, samples, mode: 'infer', weights: [], backward: null },
          nodes: [read.id],
        }),
      );
      if (!seen.ok) return seen;
      const tensor = seen.value.nodes[read.id];
      if (tensor === undefined) return failure(noFeatures(read.id));
      const query = featuresOf(tensor, read).values;
      // One more than is wanted: a sample of the set itself is no neighbour of its own.
      const nearest = nearestRows(rows, query.subarray(0, rows.size), distance, count + 1);
      const own = ownIndex(samples, question);
      const found = nearest.rows.map((row, at) => {
        const is = truth[row] ?? NaN;
        const index = indices[row] ?? 0;
        return {
          index,
          distance: nearest.distances[at] ?? 0,
          truth: Number.isNaN(is) ? null : is,
          ...(labels === null ? {} : { labels: setAt(labels.truth, row, facts.classes.length) }),
        };
      });
      return success({ facts, samples: found.filter(({ index }) => index !== own).slice(0, count) });
    },
    embed: async ({ method, count, features = false, ...asked }, tools) => {
      const named = await namedWhole(asked, tools);
      if (!named.ok) return named;
      const table = await tables({ ...named.value, most: Math.min(count, limits.embeddedSamples) }, tools);
      if (!table.ok) return table;
      const plane = await planeOf(table.value, method, tools);
      if (!plane.ok) return plane;
      const { facts, indices, truth, given, rows, labels } = table.value;
      return success({
        ...{ facts, indices, truth, given },
        ...plane.value,
        ...(labels === null ? {} : { labels }),
        ...(features ? { features: rows.values } : {}),
      });
    },
  };
}

/** Where the picture stands in the set that is searched; null where it is not of it. */
function ownIndex(samples: InspectedSamples, { spec, part }: Pick<FeatureQuestion, 'spec' | 'part'>): number | null {
  const isOfSet = samples.from === 'data' && samples.spec === spec && samples.part === part;
  return isOfSet ? (samples.indices[0] ?? null) : null;
}

type Asked = Omit<TrainerQuestions['embed'][0], 'method' | 'count' | 'features'>;

/** A question with the model's own network and data where it names none. */
async function namedWhole(
  { document, spec, ...asked }: Asked,
  { readers }: FeatureTools,
): Promise<Result<Omit<FeatureQuestion, 'most'>>> {
  if (document !== null && spec !== null) return success({ ...asked, document, spec });
  if (asked.path === null) return failure(noFeatures(null));
  const trained = await readers.models(asked.path);
  if (!trained.ok) return trained;
  const { model, config, ownData } = trained.value;
  const data = spec ?? ownData;
  if (data === null) return failure(evaluationNeedsData(asked.path));
  return success({ ...asked, spec: data, document: document ?? { ...model.document, train: config } });
}

function principalPlane({ rows }: FeatureTable): Plane {
  const { places, shares } = principalAxes(rows, 2);
  return { places, shares: [shares[0] ?? 0, shares[1] ?? 0] };
}

async function neighbours({ rows }: FeatureTable, tools: FeatureTools): Promise<Result<Plane>> {
  const places = await neighbourPlane(rows, tools);
  return places.ok ? success({ places: places.value, shares: null }) : places;
}
