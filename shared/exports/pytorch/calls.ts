import type { Shape } from '../../layers/define';
import type { Context, Field, Params, PrintedCall } from '../code/calls';
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

/** Something that the project brings itself: a function, or a module. */
export function helper(
  name: HelperName,
  fields: readonly Field[],
  form: 'function' | 'layer' = 'function',
): PrintedCall {
  return { callee: name, fields, step: 'value', layer: name, ...(form === 'function' && { operation: true as const }) };
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
