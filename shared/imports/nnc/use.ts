import type { AddDraft, Draft, Drafts } from '../drafts';
import type { Text } from '../../text';
import type { TextMessage } from '../protoText';
import type { ImportLine } from '../report';

/** A variable of the file as the node that gives it; a list that came from a map lies there channel after channel. */
export type Value = { readonly draft: Draft; readonly map: readonly number[] | null };

/** One function of the file. */
export type FunctionUse = {
  readonly name: string;
  readonly type: string;
  readonly param: TextMessage;
  /** The values that it reads, without its parameters. */
  readonly inputs: readonly Value[];
  /** Its parameters in order: sizes, and values where the file has them. */
  readonly parameters: readonly { readonly sizes: readonly number[]; readonly data: Float32Array | null }[];
  /** Sizes of what it gives, batch first. */
  readonly sizes: readonly number[];
  input(place?: number): Draft;
  isOnlyReader(place: number): boolean;
  add: AddDraft;
  remove: Drafts['remove'];
  say(status: ImportLine['status'], why: Text): void;
  refuse(why: Text): never;
};

/** Makes of a function what it is here. */
export type Converter = (use: FunctionUse) => Value;

/** A value that lies here as in the file. */
export function plain(draft: Draft): Value {
  return { draft, map: null };
}
