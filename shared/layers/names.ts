import { nearestWord } from '../nearest';
import type { LayerRegistry } from './registry';

/** The kind that a misspelt one, or another tool's name, stands for; null where there is nothing near. `Dense` is `fc`. */
export function guessKind(kind: string, { layers }: LayerRegistry): string | null {
  const meant = layers.find(({ synonyms }) => synonyms?.includes(kind.toLowerCase()));
  if (meant !== undefined) return meant.kind;
  return nearestWord(
    kind,
    layers.map((layer) => layer.kind),
  );
}
