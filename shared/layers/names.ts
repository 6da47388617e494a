import { nearestWord } from '../nearest';
import { type Text } from '../text';
import type { AnyLayerDefinition, ParamFields, ParamValues, RawParams } from './define';
import { defaultParams, readParams } from './params';
import type { LayerRegistry } from './registry';

/** A kind, with the params that its name implies: what one chooses when one chooses a layer. */
export type LayerChoice = { readonly definition: AnyLayerDefinition; readonly params: RawParams };

/** A name as it is compared: case, spaces, hyphens and underscores do not count. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, '');
}

type Naming = { readonly choice: LayerChoice; readonly names: readonly string[] };

/** All names of a kind: those of the kind itself, then those that imply params. */
function namings(definition: AnyLayerDefinition): readonly Naming[] {
  const { kind, label, synonyms = [] } = definition;
  const own = synonyms.filter((synonym) => typeof synonym === 'string');
  const others = synonyms.filter((synonym) => typeof synonym !== 'string');
  return [
    { choice: { definition, params: {} }, names: [kind, label.en, label.zh, ...own].map(plainName) },
    ...others.map(({ names, params }) => ({
      choice: { definition, params: given(params) },
      names: names.map(plainName),
    })),
  ];
}

/** Without what is left out: an optional key may be undefined, JSON may not. */
function given(params: { readonly [name: string]: RawParams[string] | undefined }): RawParams {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Every word that finds a kind, for lists that search by themselves. */
export function namesOf(definition: AnyLayerDefinition): readonly string[] {
  return namings(definition).flatMap(({ names }) => names);
}

/** The kinds under their names with params, as `relu` and `avgpool` are: each with the words that find it. */
export function namedVariants(definition: AnyLayerDefinition): readonly Naming[] {
  return namings(definition).slice(1);
}

/** The layer of exactly this name, in either language; undefined where there is none. A kind's own name goes before a synonym of another. */
export function findByName(name: string, { layers, find }: LayerRegistry): LayerChoice | undefined {
  const plain = plainName(name);
  const kind = find(plain);
  const own = kind && namings(kind).find(({ names }) => names.includes(plain));
  if (own) return own.choice;
  return layers.flatMap(namings).find(({ names }) => names.includes(plain))?.choice;
}

/** How well a name fits what was typed: 0 is it, 1 begins with it, 2 has all its words; null has not. */
function rankOf(name: string, whole: string, words: readonly string[]): number | null {
  if (name === whole) return 0;
  if (name.startsWith(whole)) return 1;
  return words.every((word) => name.includes(word)) ? 2 : null;
}

/**
 * The layers that a query finds by any of their names, the best first. A name that implies params is found as such (`sigmoid` is an
 * activation with that function) unless the kind's own name fits better. An empty query finds every kind.
 */
export function searchLayers(layers: readonly AnyLayerDefinition[], query: string): readonly LayerChoice[] {
  const words = query
    .split(/\s+/)
    .map(plainName)
    .filter((word) => word !== '');
  if (words.length === 0) return layers.map((definition) => ({ definition, params: {} }));
  const whole = words.join('');
  const ranked = layers.flatMap((definition) => {
    const found = namings(definition).flatMap(({ choice, names }) => {
      const ranks = names.map((name) => rankOf(name, whole, words)).filter((rank) => rank !== null);
      return ranks.length === 0 ? [] : [{ choice, rank: Math.min(...ranks) }];
    });
    const own = found.find(({ choice }) => Object.keys(choice.params).length === 0)?.rank ?? Infinity;
    return found.filter(({ choice, rank }) => rank < own || Object.keys(choice.params).length === 0);
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ choice }) => choice);
}

/** What a new node of a choice holds: what its name implies, and for the rest what a new node starts from. */
export function paramsOfChoice({ definition, params }: LayerChoice): RawParams {
  return { ...defaultParams(definition), ...params };
}

/** The params of a new node of a choice as code sees them; null where they do not fit. */
export function valuesOfChoice(choice: LayerChoice): ParamValues<ParamFields> | null {
  const values = readParams(choice.definition, paramsOfChoice(choice), '');
  return values.ok ? values.value : null;
}

/** What a choice is called: "ReLU", "Average pool"; the kind's label where its name implies nothing. */
export function titleOfChoice(choice: LayerChoice): Text {
  const { definition, params } = choice;
  if (Object.keys(params).length === 0) return definition.label;
  const values = valuesOfChoice(choice);
  return (values ? definition.title?.(values) : undefined) ?? definition.label;
}

/** The layer that a misspelt kind, or another tool's name, stands for; null where there is nothing near. `Dense` is `fc`. */
export function guessLayer(kind: string, registry: LayerRegistry): LayerChoice | null {
  const meant = findByName(kind, registry);
  if (meant !== undefined) return meant;
  const nearest = nearestWord(
    kind,
    registry.layers.map((layer) => layer.kind),
  );
  const definition = nearest === null ? undefined : registry.find(nearest);
  return definition === undefined ? null : { definition, params: {} };
}
