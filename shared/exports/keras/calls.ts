import { numberLiteral, type Field, type Params, type PrintedCall } from '../code/calls';
import { pythonBoolean } from '../python/literals';
import type { LayerName } from './layers';

/** A layer of Keras. */
export function layer(name: string, fields: readonly Field[], step = 'layer'): PrintedCall {
  return { callee: `layers.${name}`, fields, step };
}

/** A layer that the project brings itself. */
export function own(name: LayerName, fields: readonly Field[], step = 'layer'): PrintedCall {
  return { callee: name, fields, step, layer: name };
}

/** A field that is a param of the node under another name; null for none. */
export function feature(name: string, value: string, param: string | null, standard?: string): Field {
  return { name, value, param, ...(value === standard && { isDefault: true }) };
}

/** A field that is a number of the node. */
export function number(name: string, params: Params, param = name, standard?: string): Field {
  return feature(name, numberLiteral(params[param]), param, standard);
}

/** A switch that is on where it is left out. */
export function onSwitch(name: string, params: Params, param = name): Field {
  return feature(name, pythonBoolean(params[param] !== false), param, 'True');
}

/** A field that is written without its name. */
export function positional(field: Field): Field {
  return { ...field, isPositional: true };
}
