import { usedWeights } from '../../analysis/sharedWeights';
import type { NodeAnalysis } from '../../analysis/types';
import type { SettledInitializer } from '../../compile/startingLaw';
import type { Maxima, Shape } from '../../layers/define';
import { findPrinter, type PrinterTable } from '../printers';
import type { Context, PrintedCall } from './calls';

/** A node of the flat network that is to be printed, with what its neighbours decide. */
export type NodeToPrint = {
  readonly node: NodeAnalysis;
  /** How its kernel starts; null for a node without one. */
  readonly start: SettledInitializer | null;
  /** Whether a param has its value from the block around the node, and so another one in another copy. */
  readonly isBound: (param: string) => boolean;
  /** The pool that it goes back through; left out for a node that goes through none. */
  readonly maxima?: Maxima | null;
};

/** What reading a network for printing has to know of the language that it is printed in. */
export type CodeLanguage = {
  /** Names that the printed code uses itself: no variable takes one. */
  readonly ownNames: readonly string[];
  /** Those that no param of a block's function takes. */
  readonly ownParams: readonly string[];
  /** A param's name as the language writes such names. */
  readonly paramName: (name: string) => string;
  /** Behind the name of a param that a variable has already; null where params and variables are apart. */
  readonly paramSuffix: string | null;
  /** A param times a number; `isWhole` where that is a whole number in all copies. */
  readonly product: (times: number, param: string, isWhole: boolean) => string;
  /** The calls that make up a node; none for a node that changes nothing. */
  readonly printNode: (node: NodeToPrint) => readonly PrintedCall[];
  /** The call that makes an input of the network. */
  readonly printInput: (shape: Shape) => Pick<PrintedCall, 'callee' | 'fields'>;
  /** A shape as a comment says it. */
  readonly shapeText: (shape: Shape) => string;
  /** The type of a param, from its values in all copies. */
  readonly typeOf: (values: readonly string[]) => string;
  /** Whether a value may stand where a param's default does. */
  readonly canBeDefault: (value: string) => boolean;
  /** The name of a block's function, from the block's name as an identifier. */
  readonly functionName: (block: string) => string;
  /** The network's own function. */
  readonly mainName: string;
  /** What stands in place of a call that does something in some copies only; empty for a language that has no such calls. */
  readonly optionalCallee: string;
};

/**
 * Prints a node by its kind's entry in a target's table. `more` is what that target's printers are told besides. A kind without an entry is a
 * programmer's mistake: `checkPrinters` refuses its nodes.
 */
export function printNodeBy<C extends Context>(
  table: PrinterTable<(context: C) => readonly PrintedCall[]>,
  { node, start, isBound, ...maxima }: NodeToPrint,
  more: Omit<C, keyof Context>,
): readonly PrintedCall[] {
  const printer = findPrinter(table, node.kind);
  if (printer === undefined) throw new Error(`No printer for ${node.kind}: its nodes were to be refused.`);
  const context: Context = {
    params: node.params ?? {},
    inputs: node.inputShapes.filter((shape): shape is Shape => shape !== null),
    output: node.outputShape ?? [],
    weights: usedWeights(node).map(({ name }) => name),
    isBound,
    start,
    ...maxima,
  };
  return printer({ ...context, ...more } as C);
}
