import type { SettledInitializer } from '../../compile/startingLaw';
import type { Maxima, Shape } from '../../layers/define';

/** A field of a layer's config. `value` is code. */
export type Field = {
  readonly name: string;
  readonly value: string;
  /** The layer takes this value also where the field is left out. */
  readonly isDefault?: boolean;
  /** The param that it is, where that has another name; null for none. */
  readonly param?: string | null;
  /** Never a param of a printed function: copies in which it differs have functions of their own. */
  readonly isFixed?: boolean;
  /** Set where it is a number of channels: those that the call gives, or those of an input, by its place. */
  readonly channels?: Channels;
  /** Written without its name. */
  readonly isPositional?: boolean;
};

/** Whose channels a field counts. */
export type Channels = 'out' | { readonly of: number };

/** One layer call: `callee({ name, ...fields })`. `step` names the variable of a call that is not the node's last. */
export type PrintedCall = {
  readonly callee: string;
  readonly fields: readonly Field[];
  readonly step: string;
  /** Left out, unless a function is printed in which it does something at another place. */
  readonly changesNothing?: boolean;
  /** Set where the callee is something that the project brings itself. */
  readonly layer?: string;
  /** An expression of the inputs rather than a layer; how it is written, where that is no call with the inputs in front. */
  readonly operation?: true | Operation;
  /** Statements behind the making of a layer, of `layer` in place of its variable. */
  readonly setup?: readonly string[];
  /** Those of the node's weights that this call's layer holds, in its order. Together the calls of a node hold all of them. */
  readonly weights?: readonly string[];
  /** Where each of these weights is in the layer, for a language that names them otherwise or lays them out in another order. */
  readonly places?: readonly WeightPlace[];
};

/**
 * A weight of a node and its place in a layer: its values, seen as of the shape `sizes` (its own if left out), with their axes in
 * `order`, fill the layer's tensor.
 */
export type WeightPlace = {
  readonly weight: string;
  readonly name: string;
  readonly order: readonly number[];
  readonly sizes?: readonly number[];
};

/** A node's params as the analysis has read them. */
export type Params = { readonly [name: string]: unknown };

/** Writes an expression of its inputs and of fields by their name. */
export type Operation = (inputs: readonly string[], field: (name: string) => string) => string;

/** What a printer is given. */
export type Context = {
  readonly params: Params;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
  /** Names of the node's weights, in the order of its definition, which is that of tfjs' layers. */
  readonly weights: readonly string[];
  /** Whether a param has its value from the block around the node, and so another one in another copy. */
  readonly isBound: (param: string) => boolean;
  /** The pool that it goes back through; left out for a node that goes through none. */
  readonly maxima?: Maxima | null;
  /** How its kernel starts; null for a node without one. */
  readonly start: SettledInitializer | null;
};

/** Prints a node of one kind. */
export type Printer = (context: Context) => readonly PrintedCall[];

/** A number in code; 0 for what is none. */
export function numberLiteral(value: unknown): string {
  return typeof value === 'number' && Number.isFinite(value) ? String(value).replace('e+', 'e') : '0';
}

/** A field that may be left out where it has the layer's default. */
export function field(name: string, value: string, defaultValue?: string): Field {
  return value === defaultValue ? { name, value, isDefault: true } : { name, value };
}

/** A field that is a param of numbers. */
export function numberField(name: string, params: Params): Field {
  return field(name, numberLiteral(params[name]));
}
