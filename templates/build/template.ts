import type { NetworkDocument } from '../../shared/schema/document';
import type { Text } from '../../shared/text';

/** What was published about a network, to be reproduced to the last digit. Shapes are `[height, width, channels]` or `[units]`. */
export type Reference = {
  readonly sources: readonly { readonly title: string; readonly url: string }[];
  /** Which of the variants in circulation this is. */
  readonly variant: string;
  readonly trainableParams: number;
  /** Multiply-adds of conv, up-conv (on its input grid) and fc for one image; absent where nothing reliable was published. */
  readonly macs?: number;
  /** Trainable parameters of single nodes. */
  readonly nodeParams?: { readonly [nodeId: string]: number };
  readonly shapes: { readonly [nodeId: string]: readonly number[] };
  /** Window and step in input pixels. */
  readonly receptiveFields?: { readonly [nodeId: string]: { readonly size: number; readonly jump: number } };
};

/** A network that ships with the app. */
export type Template = {
  readonly id: string;
  /** One sentence for the list. */
  readonly summary: Text;
  /** What to notice in it, for the README beside it; Markdown paragraphs. */
  readonly about: readonly string[];
  readonly document: NetworkDocument;
  readonly reference: Reference;
};
