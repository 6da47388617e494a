import type { NetworkAnalysis } from '../analysis/types';
import { kindNotPrinted, weightsNotPrinted } from '../diagnostics/catalog/printing';
import type { Diagnostic } from '../diagnostics/diagnostic';
import type { LayerKind } from '../layers';

/** What stands for an operation that is not understood has words in no target; nodes of it are findings of {@link checkPrinters}. */
export type PrintedKind = Exclude<LayerKind, 'opaque'>;

/** What a target prints each kind with: a built-in kind without an entry does not compile. */
export type PrinterTable<Printer> = { readonly [K in PrintedKind]: Printer };

/** The printer of a kind; undefined for a kind that is not built in. */
export function findPrinter<Printer>(table: PrinterTable<Printer>, kind: string): Printer | undefined {
  const printers: { readonly [kind: string]: Printer } = table;
  return Object.hasOwn(printers, kind) ? printers[kind] : undefined;
}

/** What keeps a network from being printed: its own errors, else one finding for every node of a kind that the target has no words for. */
export function checkPrinters(
  analysis: NetworkAnalysis,
  table: PrinterTable<unknown>,
  target: string,
): readonly Diagnostic[] {
  const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return errors;
  return [...analysis.nodes.values()]
    .filter(({ kind }) => findPrinter(table, kind) === undefined)
    .map(({ id, kind }) => kindNotPrinted(id, kind, target));
}

/** A printed layer that holds weights: which node's, and their names within it. */
export type PrintedWeights = { readonly nodeId: string; readonly weights: readonly string[] };

/** One finding for every node of which a weight finds no place in what was printed. */
export function checkWeights(
  analysis: NetworkAnalysis,
  printed: readonly PrintedWeights[],
  target: string,
): readonly Diagnostic[] {
  const found = new Map<string, Set<string>>();
  for (const { nodeId, weights } of printed) {
    const own = found.get(nodeId) ?? new Set();
    for (const name of weights) own.add(name);
    found.set(nodeId, own);
  }
  return [...analysis.nodes.values()].flatMap(({ id, kind, weights }) => {
    const own = found.get(id);
    const lost = weights.map(({ name }) => name).filter((name) => own?.has(name) !== true);
    return lost.length === 0 ? [] : [weightsNotPrinted(id, kind, target, lost)];
  });
}
