import { field, type Field, type Params, type PrintedCall } from '../code/calls';
import type { CustomLayer } from './customLayers';

/** A layer of tfjs. */
export function native(name: string, fields: readonly Field[], step = name): PrintedCall {
  return { callee: `tf.layers.${name}`, fields, step };
}

/** A layer that the project brings itself. */
export function custom(layer: CustomLayer, fields: readonly Field[], step = layer.toLowerCase()): PrintedCall {
  return { callee: `new ${layer}`, fields, step, layer };
}

/** A param that is a choice, under the layer's own name for it. */
export function choiceField(param: string, params: Params, name = param): Field {
  return { ...field(name, `'${String(params[param])}'`), param };
}

/** A switch that is on where it is left out. */
export function switchField(name: string, params: Params): Field {
  return field(name, String(params[name] !== false), 'true');
}
