/** One file of a printed project. `path` is relative, with forward slashes. */
export type GeneratedFile = { readonly path: string; readonly text: string };
