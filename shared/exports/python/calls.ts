import type { Size2 } from '../../layers/define';
import type { Field, Operation, Params, PrintedCall } from '../code/calls';
import { pythonBoolean } from './literals';

/** A module of the framework. */
export function layer(callee: string, fields: readonly Field[]): PrintedCall {
  return { callee, fields, step: 'layer' };
}

/** A function, called with the inputs and the fields. */
export function operation(callee: string, fields: readonly Field[], step = 'value'): PrintedCall {
  return { callee, fields, step, operation: true };
}

/** An expression that is no call. `about` tells it from all others. */
export function bare(about: string, fields: readonly Field[], write: Operation, step = 'value'): PrintedCall {
  return { callee: about, fields, step, operation: write };
}

/** A field that is a param of the node under another name; null for none. */
export function feature(name: string, value: string, param: string | null): Field {
  return { name, value, param };
}

/** A field that is left out where it has the module's default. */
export function optional(name: string, value: string, param: string | null, standard: string): Field {
  return { ...feature(name, value, param), isDefault: value === standard };
}

/** A switch that is on where it is left out. */
export function onSwitch(name: string, params: Params, param: string): Field {
  return optional(name, pythonBoolean(params[param] !== false), param, 'True');
}

/** A field that is written without its name. */
export function positional(field: Field, param?: string): Field {
  return { ...field, isPositional: true, ...(param !== undefined && { param }) };
}

/** A size param as `[height, width]`. */
export function sizeOf(value: unknown): Size2 {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [height, width] = pair;
  return [typeof height === 'number' ? height : 1, typeof width === 'number' ? width : 1];
}
