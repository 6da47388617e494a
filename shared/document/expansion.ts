import type { Diagnostic } from '../diagnostics/diagnostic';
import type { Json, NetworkDocument, NetworkNode } from '../schema/document';

/** Where a flat node comes from. */
export type Origin = {
  /** The block that it is written in; null for a node of the network itself. */
  readonly block: string | null;
  /** Its place in that block's, or the network's, list of nodes. */
  readonly index: number;
  /** Ids of the block nodes that it is in, outermost first. */
  readonly inside: readonly string[];
};

/** A node of kind 'block' once it is expanded. */
export type BlockInstance = {
  /** The path id of the block node. */
  readonly id: string;
  readonly block: string;
  readonly origin: Origin;
  /** How many copies of the block it stands for, one behind the other. */
  readonly repeat: number;
  /** The block's params as it has them, defaults included; empty where it could not be expanded. */
  readonly params: ReadonlyMap<string, Json>;
  /** The flat node whose value it gives; itself where it could not be expanded. */
  readonly output: string;
  /** Its nodes are `document.nodes.slice(from, to)` of the flat network. */
  readonly from: number;
  readonly to: number;
};

/** A bypassed node: drawn, and not in the flat network. */
export type BypassedNode = {
  readonly node: NetworkNode;
  /** The flat node whose value flows on in its place; null where a block's port has no wire. */
  readonly source: string | null;
};

/** A document without its blocks and its bypassed nodes. */
export type Expansion = {
  readonly source: NetworkDocument;
  /** Flat; the source itself where that has neither blocks nor bypassed nodes, else of version 1. */
  readonly document: NetworkDocument;
  /** By flat id, bypassed nodes too. Empty where `document` is the source: every node is its own. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Outer ones before those inside them. */
  readonly instances: readonly BlockInstance[];
  /** By flat id, in the order of the document. */
  readonly bypassed: ReadonlyMap<string, BypassedNode>;
  /** Flat nodes that stand for what could not be expanded or bound; their finding says why. */
  readonly opaque: ReadonlySet<string>;
  /** Flat nodes that lack an input for a reason that has its finding elsewhere. */
  readonly starved: ReadonlySet<string>;
  readonly findings: readonly Diagnostic[];
};
