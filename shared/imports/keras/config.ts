import { text } from '../../text';
import type { Text } from '../../text';
import { unknownLayer } from '../problem';

/*
 * Values of a file's JSON, which may hold anything. Keras writes configs in snake_case and so does TensorFlow.js.
 */

/** A JSON object of a file. */
export type JsonRecord = { readonly [name: string]: unknown };

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A property of its own, never one of every object. */
export function own(record: JsonRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A layer's config, read by the names and types that its class has; anything else ends the import with the layer's name. */
export type Config = {
  readonly source: string;
  readonly className: string;
  has(name: string): boolean;
  value(name: string): unknown;
  number(name: string, standard?: number): number;
  /** A whole number of at least `least`. */
  count(name: string, standard?: number, least?: number): number;
  flag(name: string, standard: boolean): boolean;
  word(name: string, standard?: string): string;
  /** A whole number, or one for each of height and width. */
  pair(name: string, standard?: number, least?: number): readonly [number, number];
  /** Ends the import: this layer cannot be what it says. */
  refuse(why: Text): never;
};

const largest = 1e9;

function isWhole(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= largest;
}

/** Reads the config of one layer. */
export function readConfig(source: string, className: string, config: JsonRecord): Config {
  const refuse = (why: Text): never => unknownLayer(source, className, why);
  const wrong = (name: string): never =>
    refuse(text(`Its ${name} is missing or not as Keras writes it.`, `它的 ${name} 缺失，或与 Keras 的写法不符。`));
  const value = (name: string): unknown => own(config, name) ?? undefined;
  return {
    source,
    className,
    refuse,
    value,
    has: (name) => value(name) !== undefined,
    number: (name, standard) => {
      const given = value(name) ?? standard;
      return typeof given === 'number' && Number.isFinite(given) ? given : wrong(name);
    },
    count: (name, standard, least = 1) => {
      const given = value(name) ?? standard;
      return isWhole(given, least) ? given : wrong(name);
    },
    flag: (name, standard) => {
      const given = value(name) ?? standard;
      return typeof given === 'boolean' ? given : wrong(name);
    },
    word: (name, standard) => {
      const given = value(name) ?? standard;
      return typeof given === 'string' ? given : wrong(name);
    },
    pair: (name, standard, least = 1) => {
      const given = value(name) ?? standard;
      if (isWhole(given, least)) return [given, given];
      if (!isList(given) || given.length !== 2) return wrong(name);
      const [height, width] = given;
      return isWhole(height, least) && isWhole(width, least) ? [height, width] : wrong(name);
    },
  };
}
