import type { SettledInitializer } from '../../compile/startingLaw';
import type { Maxima, Shape } from '../../layers/define';
import type { CustomLayer } from './customLayers';

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
};

/** One layer call: `callee({ name, ...fields })`. `step` names the variable of a call that is not the node's last. */
export type PrintedCall = {
  readonly callee: string;
  readonly fields: readonly Field[];
  readonly step: string;
  /** Left out, unless a function is printed in which it does something at another place. */
  readonly changesNothing?: boolean;
  /** Set where the callee is a class of `layers.ts`. */
  readonly layer?: CustomLayer;
  /** Those of the node's weights that this call's layer holds, in its order. Together the calls of a node hold all of them. */
  readonly weights?: readonly string[];
};

/** A node's params as the analysis has read them. */
export type Params = { readonly [name: string]: unknown };

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

/** A layer of tfjs. */
export function native(name: string, fields: readonly Field[], step = name): PrintedCall {
  return { callee: `tf.layers.${name}`, fields, step };
}

/** A layer that the project brings itself. */
export function custom(layer: CustomLayer, fields: readonly Field[], step = layer.toLowerCase()): PrintedCall {
  return { callee: `new ${layer}`, fields, step, layer };
}

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

/** A param that is a choice, under the layer's own name for it. */
export function choiceField(param: string, params: Params, name = param): Field {
  return { ...field(name, `'${String(params[param])}'`), param };
}

/** A switch that is on where it is left out. */
export function switchField(name: string, params: Params): Field {
  return field(name, String(params[name] !== false), 'true');
}
