import type { Shape } from '../../layers/define';
import type { CustomLayer } from './customLayers';

/** One layer call: `callee({ name, ...fields })`. `step` names the variable of a call that is not the node's last. */
export type PrintedCall = {
  readonly callee: string;
  readonly fields: readonly string[];
  readonly step: string;
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
};
/** Prints a node of one kind. */
export type Printer = (context: Context) => readonly PrintedCall[];

/** A layer of tfjs. */
export function native(name: string, fields: readonly string[], step = name): PrintedCall {
  return { callee: `tf.layers.${name}`, fields, step };
}

/** A layer that the project brings itself. */
export function custom(layer: CustomLayer, fields: readonly string[], step = layer.toLowerCase()): PrintedCall {
  return { callee: `new ${layer}`, fields, step, layer };
}

/** A number as code writes it. */
export function number(value: unknown): string {
  return typeof value === 'number' && Number.isFinite(value) ? String(value).replace('e+', 'e') : '0';
}
