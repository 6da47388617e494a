import type { FloatTensor } from '../../ops/tensor';
import type { Text } from '../../text';
import type { AddDraft, Draft } from '../drafts';
import type { ImportLine } from '../report';
import type { TextMessage } from '../protoText';
import type { CaffeLayer } from './net';

/** A blob of the file: the node that gives it, and whether the file has that map as a list, channel after channel. */
export type Blob = { readonly draft: Draft; readonly isFlat: boolean };

/** One layer, and what a converter may do about it. */
export type LayerUse = {
  readonly layer: CaffeLayer;
  readonly inputs: readonly Blob[];
  /** The layer's own weights; null where there is no file of them or it does not have the layer. */
  readonly blobs: readonly FloatTensor[] | null;
  /** Its `NAME_param`. */
  param(name: string): TextMessage;
  /** Whether nothing else reads what it reads at a place, so that it may become a part of that layer. */
  isOnlyReader(place: number): boolean;
  /** A map or a list, in the order of values in which the file has it. */
  input(place?: number): Draft;
  /** A map of height, width and channels. */
  map(place?: number): Draft;
  add: AddDraft;
  say(status: ImportLine['status'], why: Text): void;
  refuse(why: Text): never;
};

/** Writes a layer as nodes: the blobs of its tops, in order. */
export type Converter = (use: LayerUse) => readonly Blob[];
