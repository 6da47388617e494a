import type { TrainingConfig } from './training';

/** Any JSON value. Params are kept as they were written until a layer's schema reads them, so that a bad file loses nothing. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where a node is drawn, in pixels of the canvas. */
export type Position = { readonly x: number; readonly y: number };

/** One layer on the canvas. `kind` is any string here: an unknown kind is the analyser's finding, not a reason to lose the file. */
export type NetworkNode = {
  readonly id: string;
  readonly kind: string;
  readonly params: { readonly [name: string]: Json };
  readonly position?: Position;
  readonly label?: string;
  readonly note?: string;
};

/** A wire. `toPort` is zero-based and defaults to 0; `add` and `concat` order their inputs by it. */
export type NetworkEdge = { readonly from: string; readonly to: string; readonly toPort?: number };

/** What a `.convloom` file holds: what the user drew, and nothing that can be derived from it. */
export type NetworkDocument = {
  readonly format: 'convloom.network';
  readonly version: 1;
  readonly name: string;
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
  readonly train?: Partial<TrainingConfig>;
};

/** A network with nothing in it. */
export function emptyDocument(name: string): NetworkDocument {
  return { format: 'convloom.network', version: 1, name, nodes: [], edges: [] };
}
