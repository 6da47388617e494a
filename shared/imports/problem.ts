import { importLayerUnknown } from '../diagnostics/catalog/importedLayers';
import { importDamaged } from '../diagnostics/catalog/imports';
import { failure } from '../diagnostics/diagnostic';
import type { Diagnostic, Result } from '../diagnostics/diagnostic';
import type { Json } from '../schema/document';
import { text, type Text } from '../text';

/** Ends the reading of a file from wherever it is; never leaves the folder of its format: {@link orProblem} makes a result of it. */
export class ImportProblem extends Error {
  constructor(readonly diagnosticOf: (path: string) => Diagnostic) {
    super('An import has ended.');
  }
}

/** The file is not as its format says. */
export function damaged(why: Text): never {
  throw new ImportProblem((path) => importDamaged(path, why));
}

/** A part of the file has no layer here. A format that declares shapes catches it and puts an opaque node there. */
export class UnknownLayer extends ImportProblem {
  constructor(
    source: string,
    readonly operation: string,
    readonly why: Text,
  ) {
    super((path) => importLayerUnknown(path, source, operation, why));
  }
}

export function unknownLayer(source: string, operation: string, why: Text): never {
  throw new UnknownLayer(source, operation, why);
}

/** What an operation of a file is called as that of an opaque node. */
export function plainOperation(operation: string): string {
  const plain = operation.replace(/[^\p{L}\p{N}._:-]+/gu, '_').slice(0, 100);
  return plain === '' ? 'Unknown' : plain;
}

/** The params of a node in the place of what is not understood, with the numbers that it brings along. */
export function opaqueParams(
  operation: string,
  shape: readonly (number | null)[],
  parameters: number,
): { readonly [name: string]: Json } {
  return { operation: plainOperation(operation), shape, ...(parameters === 0 ? {} : { parameters }) };
}

/** What a report says of such a node. */
export function keptOpaque(why: Text): Text {
  return text(
    `Kept as an opaque node, with the shape that the file declares: ${why.en}`,
    `保留为未知运算节点，形状为文件所声明：${why.zh}`,
  );
}

/** The shape of a sample of the file as a map or a list, a list of positions as a map of one column; null for one of more axes. */
export function sampleShape(sizes: readonly (number | null)[]): readonly (number | null)[] | null {
  const [first = null, second = null] = sizes;
  if (sizes.length === 2) return [first, 1, second];
  return sizes.length === 1 || sizes.length === 3 ? sizes : null;
}

/** What the work gives, or the diagnostic of the problem that ended it. */
export function orProblem<T>(path: string, work: () => Result<T>): Result<T> {
  try {
    return work();
  } catch (error) {
    if (error instanceof ImportProblem) return failure(error.diagnosticOf(path));
    throw error;
  }
}
