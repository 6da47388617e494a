import { copiesInNetwork } from '../../shared/analysis/inside';
import { bindingOf, findBlock, readBinding } from '../../shared/document/blocks';
import { expand } from '../../shared/document/expand';
import type { BlockInstance, Origin } from '../../shared/document/expansion';
import { findLayer } from '../../shared/layers';
import type { ParamField } from '../../shared/layers/define';
import { readParams } from '../../shared/layers/params';
import type { Json, NetworkDocument, NetworkNode } from '../../shared/schema/document';

/** Where a value is written in a document: at a node, of the network itself or of a block, or as what a param of a block is where none is given. */
export type Place =
  | { readonly type: 'node'; readonly block: string | null; readonly index: number; readonly name: string }
  | { readonly type: 'default'; readonly block: string; readonly name: string };

/** A value that code may show. */
export type Setting = {
  readonly place: Place;
  readonly value: Json;
  /** What can be chosen, where it is one of several. */
  readonly values: readonly Json[] | null;
  /** The param of the block that is bound, where the value is what it is multiplied by. */
  readonly binding: string | null;
  /** By how much what is printed is more than what is written. */
  readonly times: number;
};

type At = Pick<Origin, 'block' | 'index' | 'inside'>;

function nodesOf(document: NetworkDocument, block: string | null): readonly NetworkNode[] {
  return (block === null ? document : findBlock(document, block))?.nodes ?? [];
}

function outermost(document: NetworkDocument, id: string): At {
  return { block: null, index: document.nodes.findIndex((node) => node.id === id), inside: [] };
}

/** Where the value of a node's param is written: where it is bound, at the block node that it comes from. */
function placeOf(
  document: NetworkDocument,
  at: At,
  name: string,
): { readonly place: Place; readonly times: number } | null {
  const { params = {} } = nodesOf(document, at.block)[at.index] ?? {};
  const raw = Object.hasOwn(params, name) ? bindingOf(params[name]) : undefined;
  if (raw === undefined) return { place: { type: 'node', block: at.block, index: at.index, name }, times: 1 };
  const binding = readBinding(raw);
  const outer = expand(document).instances.find(({ id }) => id === at.inside.at(-1));
  if (binding === null || outer === undefined) return null;
  const further = placeOf(document, outer.origin, binding.param);
  return further === null ? null : { place: further.place, times: further.times * (binding.times ?? 1) };
}

/** The settings of a node of the flat network, or of a block node, by its id. */
export function settingsOf(document: NetworkDocument, id: string): readonly Setting[] {
  const { document: flat, origins, instances } = expand(document);
  const instance = instances.find((one) => one.id === id);
  const at = instance?.origin ?? origins.get(id) ?? outermost(document, id);
  const values =
    instance === undefined ? layerValues(flat.nodes.find((node) => node.id === id)) : instanceValues(instance);
  const own = values.flatMap(([name, value, choices]): Setting[] => {
    const found = placeOf(document, at, name);
    return found === null ? [] : [{ ...found, value, values: choices, binding: null }];
  });
  return [...own, ...multiples(document, at)];
}

type Value = readonly [name: string, value: Json, choices: readonly Json[] | null];

function layerValues(node: NetworkNode | undefined): readonly Value[] {
  const definition = findLayer(node?.kind ?? '');
  if (node === undefined || definition === undefined) return [];
  const read = readParams(definition, node.params, node.id);
  if (!read.ok) return [];
  return Object.entries(definition.params).map(([name, field]) => [name, read.value[name] ?? null, choicesOf(field)]);
}

function choicesOf(field: ParamField): readonly Json[] | null {
  if (field.type === 'boolean') return [true, false];
  return field.type === 'choice' ? field.values : null;
}

function instanceValues({ params, repeat }: BlockInstance): readonly Value[] {
  return [...params, ['repeat', repeat] as const].map(([name, value]) => [
    name,
    value,
    typeof value === 'boolean' ? [true, false] : null,
  ]);
}

/** What the params of a node multiply those of its block by. */
function multiples(document: NetworkDocument, { block, index }: At): readonly Setting[] {
  const { params = {} } = nodesOf(document, block)[index] ?? {};
  return Object.entries(params).flatMap(([name, value]): Setting[] => {
    const raw = bindingOf(value);
    const binding = raw === undefined ? null : readBinding(raw);
    if (binding === null) return [];
    const place = { type: 'node', block, index, name } as const;
    return [{ place, value: binding.times ?? 1, values: null, binding: binding.param, times: 1 }];
  });
}

/** What the params of the blocks are where none is given. */
export function defaultsOf({ blocks = {} }: NetworkDocument): readonly Setting[] {
  return Object.entries(blocks).flatMap(([block, { params }]) =>
    Object.entries(params).map(([name, value]): Setting => ({
      place: { type: 'default', block, name },
      value,
      values: typeof value === 'boolean' ? [true, false] : null,
      binding: null,
      times: 1,
    })),
  );
}

/** The params of a block that a node within one follows, by their names. */
export function followedBy(document: NetworkDocument, id: string): readonly string[] {
  const at = expand(document).origins.get(id) ?? expand(document).instances.find((one) => one.id === id)?.origin;
  return at === undefined ? [] : multiples(document, at).flatMap(({ binding }) => binding ?? []);
}

/** The document with another value of a setting. */
export function withSetting(document: NetworkDocument, { place, binding }: Setting, value: Json): NetworkDocument {
  if (place.type === 'default') {
    const definition = findBlock(document, place.block);
    if (definition === undefined) return document;
    const params = { ...definition.params, [place.name]: value };
    return { ...document, blocks: { ...document.blocks, [place.block]: { ...definition, params } } };
  }
  const nodes = nodesOf(document, place.block);
  const node = nodes[place.index];
  if (node === undefined) return document;
  const written = binding === null ? value : { param: binding, ...(value !== 1 && { times: value }) };
  const next = nodes.with(place.index, { ...node, params: { ...node.params, [place.name]: written } });
  if (place.block === null) return { ...document, nodes: next };
  const definition = findBlock(document, place.block);
  if (definition === undefined) return document;
  return { ...document, blocks: { ...document.blocks, [place.block]: { ...definition, nodes: next } } };
}

/** How many copies of its block change with a value in it; 1 for one of the network itself. */
export function copiesChanged(document: NetworkDocument, place: Place): number {
  if (place.block === null) return 1;
  return copiesInNetwork(document, place.block, ({ origin }) => {
    if (place.type === 'node') return true;
    const { params = {} } = nodesOf(document, origin.block)[origin.index] ?? {};
    return !Object.hasOwn(params, place.name);
  });
}
