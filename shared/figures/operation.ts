import type { NodeAnalysis } from '../analysis/types';

import { functionParam, windowParam } from '../layers/traits';
import type { DrawnFamily } from './figure';
import { text, type Language, type Text } from '../text';

/** What is done on the way to a map, in the parts that a legend names it by. */
export type Operation = {
  readonly family: DrawnFamily;
  /** "conv", "max pool". */
  readonly name: Text;
  /** "3×3"; empty for what slides no window. */
  readonly window: string;
  /** What is done to each value behind it: a norm, a function. */
  readonly functions: readonly Text[];
};

/** An operation that is but a name. */
export function plainOperation(name: Text, family: DrawnFamily): Operation {
  return { name, family, window: '', functions: [] };
}

/** Names a layer and what is done to its map at once; no numbers that differ from map to map. */
export function describeOperation(layer: NodeAnalysis, followers: readonly NodeAnalysis[]): Operation {
  const functions = [...ownFunction(layer), ...followers.flatMap(followerName)];
  return {
    name: nameOf(layer),
    window: windowOf(layer) ?? '',
    functions,
    family: layer.definition?.family ?? 'io',
  };
}

/**
 * Names operations together that a figure does not tell apart: each window once, and what only some of them do in brackets.
 * @example nameOperations([conv 7×7 with ReLU, conv 3×3], 'en') // 'conv 7×7, 3×3 (ReLU)'
 */
export function nameOperations(operations: readonly Operation[], language: Language): string {
  const [comma, open, close] = language === 'en' ? [', ', ' (', ')'] : ['，', '（', '）'];
  const names = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  for (const { name, window, functions } of operations) {
    const windows = names.get(name[language]) ?? new Set();
    names.set(name[language], window === '' ? windows : windows.add(window));
    for (const word of new Set(functions.map((one) => one[language]))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const done = [...names].map(([name, windows]) => [name, [...windows].join(', ')].join(' ').trim());
  const always = [...counts].flatMap(([word, count]) => (count === operations.length ? [word] : []));
  const sometimes = [...counts].flatMap(([word, count]) => (count === operations.length ? [] : [word]));
  const words = [done.join(language === 'zh' ? '；' : '; '), ...always].join(comma);
  return sometimes.length === 0 ? words : `${words}${open}${sometimes.join(comma)}${close}`;
}

/** A name inside a sentence: "conv", and "FC" as it is. */
function nameOf({ definition, params, kind }: NodeAnalysis): Text {
  if (definition === null) return text(kind, kind);
  const { en, zh } = (params === null ? null : definition.title?.(params)) ?? definition.label;
  return text(/^[A-Z][a-z-]/.test(en) ? en.charAt(0).toLowerCase() + en.slice(1) : en, zh);
}

function windowOf({ definition, params }: NodeAnalysis): string | null {
  const name = windowParam(definition, params);
  const size = name === null ? null : params?.[name];
  return Array.isArray(size) ? size.join('×') : null;
}

/** The function that a layer with a kernel ends with, unless that is none. */
function ownFunction({ definition, params }: NodeAnalysis): readonly Text[] {
  if (definition === null || definition.traits.role === 'activation') return [];
  const name = functionParam(definition);
  const value = name === null ? undefined : params?.[name];
  const field = name === null ? undefined : definition.params[name];
  if (typeof value !== 'string' || field?.type !== 'choice' || value === field.default) return [];
  return [field.labels?.[value] ?? text(value, value)];
}

/** A layer that treats each value alone, where it does so in use: a dropout does nothing there. */
function followerName(node: NodeAnalysis): readonly Text[] {
  const isNamed = node.definition?.traits.role === 'activation' || (node.paramCount ?? 0) > 0;
  if (!isNamed || node.definition === null) return [];
  return [(node.params === null ? null : node.definition.title?.(node.params)) ?? node.definition.label];
}
