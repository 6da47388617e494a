/**
 * One file of a printed project. `path` is relative, with forward slashes. `nodeLines`: the lines (1-based) of each node by its id in the
 * flat network, and of each block node, in a file that is written node by node.
 */
export type GeneratedFile = {
  readonly path: string;
  readonly text: string;
  readonly nodeLines?: ReadonlyMap<string, readonly number[]>;
};
