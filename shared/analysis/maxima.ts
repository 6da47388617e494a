import type { AnyLayerDefinition, Maxima } from '../layers/define';
import { takesMaxima } from '../layers/traits';
import type { NodeAnalysis } from './types';

/** What a layer's context says of the pool that it goes back through; nothing for a layer that goes through none. */
export function maximaContext(
  definition: AnyLayerDefinition,
  sources: readonly (NodeAnalysis | null)[],
): { readonly maxima?: Maxima | null } {
  const port = sources.findIndex((_, at) => takesMaxima(definition, at));
  return port < 0 ? {} : { maxima: maximaOf(sources[port] ?? null) };
}

function maximaOf(pool: NodeAnalysis | null): Maxima | null {
  const [map] = pool?.inputShapes ?? [];
  if (pool?.params == null || pool.outputShape === null || map == null) return null;
  const context = { nodeId: pool.id, params: pool.params, inputs: [map], output: pool.outputShape };
  const windows = pool.definition?.traits.maximaOf?.(context) ?? null;
  return windows === null ? null : { map, windows };
}
