import type { BlockDefinition, NetworkDocument } from '../schema/document';

/** What of a scope decides what it computes: neither places nor words. */
function structureOf({ nodes, edges }: Pick<BlockDefinition, 'nodes' | 'edges'>): readonly unknown[] {
  return [
    nodes.map(({ id, kind, params, bypass, weightsOf }) => [
      ...[id, kind, sorted(params), bypass === true],
      // Only where it is said, so that networks without it keep their names.
      ...(weightsOf === undefined ? [] : [weightsOf]),
    ]),
    edges.map(({ from, to, toPort = 0 }) => [from, to, toPort]),
  ];
}

/** The same value with the fields of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, one]) => [name, sorted(one)]);
}

/** FNV-1a over the code units, 32 bits. */
function fnv(words: string, start: number): string {
  let hash = start;
  for (let index = 0; index < words.length; index++) hash = Math.imul(hash ^ words.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * A short name of what a network computes, the same whatever it is called and wherever it is drawn: by it a network finds its runs again.
 * Not for security.
 */
export function structureDigest(document: NetworkDocument): string {
  const blocks = Object.entries(document.blocks ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const words = JSON.stringify([
    structureOf(document),
    blocks.map(([name, block]) => [name, sorted(block.params), structureOf(block)]),
  ]);
  return fnv(words, 0x811c9dc5) + fnv(`${words}.`, 0x9747b28c);
}
