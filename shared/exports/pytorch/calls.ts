import type { Shape, Size2 } from '../../layers/define';
import type { Context, Field, Operation, Params, PrintedCall } from '../code/calls';
import type { HelperName } from './layers';

/** Whether the values of a map may lie in another order than Convloom's where a node makes a list of them. */
export type FlattenOrder = 'torch' | 'convloom';

/** What a printer of PyTorch is given. */
export type TorchContext = Context & {
  /** Of a layer that takes a list that was a map: the map, where its values lie as PyTorch lays them. */
  readonly flattened: Shape | null;
  /** Of a flatten: whose order its values have. */
  readonly order: FlattenOrder;
};

export type TorchPrinter = (context: TorchContext) => readonly PrintedCall[];

/** A module of PyTorch. */
export function layer(callee: string, fields: readonly Field[]): PrintedCall {
  return { callee, fields, step: 'layer' };
}

/** A function of PyTorch, called with the inputs and the fields. */
export function operation(callee: string, fields: readonly Field[], step = 'value'): PrintedCall {
  return { callee, fields, step, operation: true };
}

/** An expression that is no call. `about` tells it from all others. */
export function bare(about: string, fields: readonly Field[], write: Operation, step = 'value'): PrintedCall {
  return { callee: about, fields, step, operation: write };
}

/** Something that the project brings itself: a function, or a module. */
export function helper(
  name: HelperName,
  fields: readonly Field[],
  form: 'function' | 'layer' = 'function',
): PrintedCall {
  return { callee: name, fields, step: 'value', layer: name, ...(form === 'function' && { operation: true as const }) };
}

/** A field that is a param of the node under another name; null for none. */
export function feature(name: string, value: string, param: string | null): Field {
  return { name, value, param };
}

/** A field that is written without its name. */
export function positional(field: Field, param?: string): Field {
  return { ...field, isPositional: true, ...(param !== undefined && { param }) };
}

/** What is said to a layer whose weights stay. */
export function frozen(params: Params): Pick<PrintedCall, 'setup'> {
  return params['trainable'] === false ? { setup: ['requires_grad_(False)'] } : {};
}

/** In which order PyTorch has the axes of Convloom's weights. */
export const conversions = {
  plain: [],
  kernel: [3, 2, 0, 1],
  dense: [1, 0],
  denseOfMap: [3, 2, 0, 1],
  map: [2, 0, 1],
} as const;

/** A size param as `[height, width]`. */
export function sizeOf(value: unknown): Size2 {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [height, width] = pair;
  return [typeof height === 'number' ? height : 1, typeof width === 'number' ? width : 1];
}
