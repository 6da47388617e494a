import {
  extraSketchNumber,
  missingSketchValue,
  repeatedSketchParam,
  unknownSketchLayer,
  unknownSketchWord,
} from '../../diagnostics/catalog/sketch';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import type { AnyLayerDefinition, ParamField, RawParams } from '../../layers/define';
import { findByName, namesOf, paramsOfChoice, plainName, type LayerChoice } from '../../layers/names';
import { defaultParams, isRequired, readParams } from '../../layers/params';
import type { LayerRegistry } from '../../layers/registry';
import { nearestWord } from '../../nearest';
import type { Json } from '../../schema/document';
import { isList, isNumeric, keywordsOf, paramOfKeyword, readWord } from './values';

/** A word of a sketch and where it begins. */
export type Word = { readonly text: string; readonly at: number };

/** A layer as a sketch names it, with where it does. */
export type SketchedLayer = {
  readonly definition: AnyLayerDefinition;
  readonly params: RawParams;
  readonly at: number;
  readonly label?: string;
};

/** No name of a layer has more words: "global average pooling 2d". */
const mostNameWords = 4;

/**
 * What a layer has when a sketch says nothing of a param: what must be given, at the value that a new node starts from. The rest of
 * what new nodes start from holds for a bare name alone: `pad` is 1 on each side, `pad top=2` is the top alone.
 */
export function unsaidParams(choice: LayerChoice, isBare: boolean): RawParams {
  if (isBare) return paramsOfChoice(choice);
  const { definition, params } = choice;
  const fields = definition.params;
  const required = Object.entries(defaultParams(definition)).filter(([name]) => isRequired(fields[name]));
  return { ...Object.fromEntries(required), ...params };
}

/** The params that one place of a sketch stands for. */
export function placeNames(place: string | readonly string[]): readonly string[] {
  return typeof place === 'string' ? [place] : place;
}

type Reading = {
  readonly choice: LayerChoice;
  readonly said: Map<string, { readonly value: Json; readonly at: number }>;
  /** How many places have had their number. */
  placed: number;
};

/** Reads a layer from its words: the name first, then numbers by their place, keywords, and params by name. */
export function readLayer(
  words: readonly Word[],
  label: string | undefined,
  registry: LayerRegistry,
): Result<SketchedLayer> {
  const [first] = words;
  if (first === undefined) throw new Error('A layer of a sketch has a word at least.');
  const named = readName(words, registry);
  if (named === null) {
    const nearest = nearestWord(plainName(first.text), registry.layers.flatMap(namesOf));
    return failure(unknownSketchLayer(first.at, first.text, nearest));
  }
  const reading: Reading = { choice: named.choice, said: new Map(), placed: 0 };
  let rest = words.slice(named.count);
  const isBare = rest.length === 0;
  while (rest.length > 0) {
    const taken = readNext(reading, rest);
    if (!taken.ok) return taken;
    rest = rest.slice(taken.value);
  }
  return finish(reading, first.at, isBare, label);
}

/** The layer with the longest name that the words begin with. */
function readName(
  words: readonly Word[],
  registry: LayerRegistry,
): { readonly choice: LayerChoice; readonly count: number } | null {
  for (let count = Math.min(words.length, mostNameWords); count > 0; count--) {
    const choice = findByName(
      words
        .slice(0, count)
        .map(({ text }) => text)
        .join(''),
      registry,
    );
    if (choice !== undefined) return { choice, count };
  }
  return null;
}

/** Reads what comes next; gives how many words that took. */
function readNext(reading: Reading, words: readonly Word[]): Result<number> {
  const [word, next] = words;
  if (word === undefined) return success(0);
  const { definition } = reading.choice;
  if (isNumeric(word.text)) return readPlaced(reading, words);
  if (word.text.startsWith('/') && definition.params['strides'] !== undefined) {
    return say(reading, ['strides'], word.text.slice(1), word, 1);
  }
  const [name, value] = splitAt(word.text, '=');
  if (value !== undefined) {
    const param = paramNamed(definition, name);
    if (param === undefined) return refuseWord(definition, { ...word, text: name });
    return value === '' ? failure(missingSketchValue(word.at, param)) : say(reading, [param], value, word, 1);
  }
  const keyword = paramOfKeyword(definition.params, word.text);
  if (keyword !== undefined) return say(reading, [keyword[0]], keyword[1], word, 1);
  const longer = next === undefined ? undefined : paramNamed(definition, word.text + next.text, true);
  const param = longer ?? paramNamed(definition, word.text);
  if (param === undefined) return refuseWord(definition, word);
  return readNamed(reading, param, words, longer === undefined ? 1 : 2);
}

/** A param by its name, its value behind it; one that is yes or no may stand alone. */
function readNamed(reading: Reading, param: string, words: readonly Word[], from: number): Result<number> {
  const [word] = words;
  const field = reading.choice.definition.params[param];
  const value = words[from];
  if (word === undefined || field === undefined) return success(words.length);
  if (field.type === 'boolean' && value?.text !== 'true' && value?.text !== 'false') {
    return say(reading, [param], 'true', word, from);
  }
  if (value === undefined) return failure(missingSketchValue(word.at, param));
  const count = valueLength(field, words.slice(from));
  return say(reading, [param], joined(words.slice(from, from + count)), value, from + count);
}

/** A number by its place. */
function readPlaced(reading: Reading, words: readonly Word[]): Result<number> {
  const { definition } = reading.choice;
  const [word] = words;
  if (word === undefined) return success(0);
  const places = definition.sketch ?? [];
  const place = places[reading.placed];
  if (place === undefined) {
    const names = places.flatMap(placeNames);
    return failure(extraSketchNumber(word.at, word.text, definition.label, names));
  }
  reading.placed += 1;
  const names = placeNames(place);
  const field = definition.params[names[0] ?? ''];
  const count = field === undefined ? 1 : valueLength(field, words);
  return say(reading, names, joined(words.slice(0, count)), word, count);
}

/** A list may be written with spaces, and takes the numbers that follow. */
function valueLength(field: ParamField, words: readonly Word[]): number {
  if (!isList(field)) return 1;
  const end = words.findIndex(({ text }) => !isNumeric(text));
  return Math.max(1, end < 0 ? words.length : end);
}

function joined(words: readonly Word[]): string {
  return words.map(({ text }) => text).join('x');
}

function say(reading: Reading, params: readonly string[], value: string, word: Word, count: number): Result<number> {
  const { definition, params: implied } = reading.choice;
  for (const param of params) {
    const field = definition.params[param];
    if (field === undefined) continue;
    if (reading.said.has(param) || implied[param] !== undefined) return failure(repeatedSketchParam(word.at, param));
    reading.said.set(param, { value: readWord(field, value), at: word.at });
  }
  return success(count);
}

function splitAt(word: string, sign: string): readonly [string, string?] {
  const at = word.indexOf(sign);
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

/** The param of a name or a label; else, unless only the whole name will do, the only one whose name begins so: `stride`, `kernel`. */
function paramNamed({ params }: AnyLayerDefinition, word: string, isWhole = false): string | undefined {
  const plain = plainName(word);
  const all = Object.entries(params).map(([name, { label }]) => ({
    name,
    names: [name, label.en, label.zh].map(plainName),
  }));
  const exact = all.find(({ names }) => names.includes(plain));
  if (exact !== undefined || isWhole || plain.length < 3) return exact?.name;
  const begun = all.filter(({ names }) => names.some((name) => name.startsWith(plain)));
  return begun.length === 1 ? begun[0]?.name : undefined;
}

function refuseWord(definition: AnyLayerDefinition, { text, at }: Word): Result<number> {
  const names = Object.keys(definition.params);
  const keywords = Object.values(definition.params).flatMap(keywordsOf);
  return failure(unknownSketchWord(at, text, definition.label, names, nearestWord(text, [...names, ...keywords])));
}

/** Checks what was said as a document's params are; what does not fit is told of the word that said it. */
function finish(reading: Reading, at: number, isBare: boolean, label: string | undefined): Result<SketchedLayer> {
  const { choice, said } = reading;
  const values = [...said].map(([name, { value }]): [string, Json] => [name, value]);
  const params = { ...unsaidParams(choice, isBare), ...Object.fromEntries(values) };
  const checked = readParams(choice.definition, params, '');
  if (!checked.ok) {
    const found = checked.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      at: { path: `sketch[${said.get(diagnostic.at.param ?? '')?.at ?? at}]` },
      fixes: [],
    }));
    return { ok: false, diagnostics: found };
  }
  return success({ definition: choice.definition, params, at, ...(label === undefined ? {} : { label }) });
}
