import { notAChain, notSketchable, weightsNotSketched } from '../../diagnostics/catalog/sketch';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { topologicalOrder } from '../../document/order';
import { builtInLayers } from '../../layers';
import type { AnyLayerDefinition, ParamFields, ParamValues, RawParams } from '../../layers/define';
import { namedVariants, type LayerChoice } from '../../layers/names';
import { isRequired, readParams } from '../../layers/params';
import type { LayerRegistry } from '../../layers/registry';
import type { NetworkDocument, NetworkEdge, NetworkNode } from '../../schema/document';
import { placeNames, unsaidParams } from './layer';
import { paramOfKeyword, plainWord, writeWord } from './values';

type Values = ParamValues<ParamFields>;

/** A node of a chain with the item that stands for it in a sketch. */
export type SketchedNode = { readonly node: NetworkNode; readonly item: string };

/** The nodes of these ids as a sketch, which reads as the same layers; refused where they are no chain. Notes and places are not in it. */
export function printSketch(
  document: NetworkDocument,
  ids: ReadonlySet<string>,
  registry: LayerRegistry = builtInLayers,
): Result<string> {
  const nodes = document.nodes.filter(({ id }) => ids.has(id));
  const edges = document.edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const chain = printChain(nodes, edges, registry);
  return chain.ok ? success(chain.value.map(({ item }) => item).join(', ')) : chain;
}

/** Nodes in the order of their chain, each with its item of a sketch; refused where they are none. */
export function printChain(
  nodes: readonly NetworkNode[],
  edges: readonly NetworkEdge[] = [],
  registry: LayerRegistry = builtInLayers,
): Result<readonly SketchedNode[]> {
  const chain = chainOf(nodes, edges);
  if (!chain.ok) return chain;
  const printed: SketchedNode[] = [];
  for (const node of chain.value) {
    const item = printLayer(node, registry);
    if (!item.ok) return item;
    printed.push({ node, item: item.value });
  }
  return success(printed);
}

/** The nodes from the first to the last, each feeding the next alone. */
function chainOf(nodes: readonly NetworkNode[], edges: readonly NetworkEdge[]): Result<readonly NetworkNode[]> {
  const { order } = topologicalOrder({ nodes, edges });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const chain = order.flatMap((id) => byId.get(id) ?? []);
  const broken = chain.find((node, index) => {
    const before = chain[index - 1];
    const sources = edges.filter(({ to }) => to === node.id);
    return before === undefined ? sources.length > 0 : sources.length !== 1 || sources[0]?.from !== before.id;
  });
  if (broken !== undefined || chain.length === 0) return failure(notAChain(broken?.id));
  return success(chain);
}

function printLayer(node: NetworkNode, registry: LayerRegistry): Result<string> {
  const definition = registry.find(node.kind);
  if (definition === undefined) return failure(notSketchable(node.id, node.kind));
  if (node.weightsOf !== undefined) return failure(weightsNotSketched(node.id, node.weightsOf));
  const values = readParams(definition, node.params, node.id);
  if (!values.ok) return values;
  const { name, choice } = nameFor(definition, values.value);
  const words = wordsFor(choice, values.value);
  const label = node.label === undefined || node.label === '' ? [] : [JSON.stringify(node.label)];
  return success([name, ...words, ...label].join(' '));
}

/** The name that says most: `relu` rather than `activation relu`. */
function nameFor(
  definition: AnyLayerDefinition,
  values: Values,
): { readonly name: string; readonly choice: LayerChoice } {
  for (const { choice, names } of namedVariants(definition)) {
    const implied = valuesOf(choice.definition, unsaidParams(choice, true));
    const [name] = names;
    const fits = Object.keys(choice.params).every((param) => isSame(implied[param], values[param]));
    if (fits && name !== undefined) return { name, choice };
  }
  return { name: definition.kind, choice: { definition, params: {} } };
}

/** The params' values that a document's params mean; none where they do not fit. */
function valuesOf(definition: AnyLayerDefinition, params: RawParams): Partial<Values> {
  const values = readParams(definition, params, '');
  return values.ok ? values.value : {};
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What must be said of a layer behind its name. */
function wordsFor(choice: LayerChoice, values: Values): readonly string[] {
  const { definition } = choice;
  const unsaid = valuesOf(definition, unsaidParams(choice, false));
  // What an import keeps has no word: it is for a file, not for people.
  const names = Object.keys(definition.params).filter((name) => definition.params[name]?.type !== 'kept');
  const needed = new Set(
    names.filter(
      (name) =>
        choice.params[name] === undefined &&
        (isRequired(definition.params[name]) || !isSame(values[name], unsaid[name])),
    ),
  );
  const placed = placedWords(definition, values, needed);
  const entries = Object.entries(values);
  const named = entries.filter(([name]) => needed.has(name)).map(([name, value]) => namedWord(definition, name, value));
  const words = [...placed, ...named];
  if (words.length > 0 || isSame(values, valuesOf(definition, unsaidParams(choice, true)))) return words;
  // Bare, its name would mean what new nodes start from; one word more and it means the defaults.
  const first = entries.find(([name, value]) => !isSame(value, null) && choice.params[name] === undefined);
  return first === undefined ? [] : [`${first[0]}=${wordOf(definition, first[0], first[1])}`];
}

/** Numbers by their place, as far as something needs saying; takes out of `needed` what they say. */
function placedWords(definition: AnyLayerDefinition, values: Values, needed: Set<string>): readonly string[] {
  const places = (definition.sketch ?? []).map(placeNames);
  const last = places.findLastIndex((names) => names.some((name) => needed.has(name)));
  const words: string[] = [];
  for (const names of places.slice(0, last + 1)) {
    const [first = ''] = names;
    const value = values[first];
    const isNumber = definition.params[first]?.type !== 'choice' && !isSame(value, null);
    if (value === undefined || !isNumber || names.some((name) => !isSame(values[name], value))) break;
    // A shape is read with spaces as well, and is easier to read so.
    const word = wordOf(definition, first, value);
    words.push(definition.params[first]?.type === 'shape' ? word.replaceAll('x', ' ') : word);
    for (const name of names) needed.delete(name);
  }
  return words;
}

function wordOf({ params }: AnyLayerDefinition, name: string, value: Values[string]): string {
  const field = params[name];
  return field === undefined ? plainWord(value) : writeWord(field, value);
}

function namedWord(definition: AnyLayerDefinition, name: string, value: Values[string]): string {
  const word = wordOf(definition, name, value);
  if (typeof value === 'string' && paramOfKeyword(definition.params, value)?.[0] === name) return word;
  if (name === 'strides') return `/${word}`;
  return value === true ? name : `${name}=${word}`;
}
