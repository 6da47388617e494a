import type { AnyLayerDefinition } from './define';

/** The layer kinds that a network may use. Everything that looks a kind up takes one, and takes the built-in one if not told. */
export type LayerRegistry = {
  /** In the order of the palette. */
  readonly layers: readonly AnyLayerDefinition[];
  /** The definition of a kind, or undefined for one that there is none of. */
  readonly find: (kind: string) => AnyLayerDefinition | undefined;
};

/** Makes a registry of definitions; two of one kind are a programmer's error. */
export function createLayerRegistry(layers: readonly AnyLayerDefinition[]): LayerRegistry {
  const byKind = new Map(layers.map((layer) => [layer.kind, layer]));
  if (byKind.size < layers.length) throw new Error('Two layer definitions have the same kind.');
  return { layers, find: (kind) => byKind.get(kind) };
}
