import { cannotBind, wrongParamName } from '../../diagnostics/catalog/blockEditing';
import { unknownNode } from '../../diagnostics/catalog/graph';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { bindingOf, blockNodeParams, boundValue, readBinding } from '../../document/blocks';
import type { BlockDefinition, Json, NetworkNode, ParamBinding } from '../../schema/document';
import { text } from '../../text';

/** A param of a node that is to follow a param of its block. */
export type BindRequest = {
  readonly nodeId: string;
  /** The node's param. */
  readonly param: string;
  /** Its present value, which a new param takes as its default. */
  readonly value: Json;
  /** The block's param; made where the block has none of the name. */
  readonly name: string;
};

const noFactor = text('Only a number can be a multiple of another param.', '只有数值才能是另一个参数的倍数。');

/**
 * Has a param of a node follow a param of its block. The value stays the same: a new param starts with it, and one that is there
 * already is multiplied by what makes it so.
 */
export function bindParam(definition: BlockDefinition, request: BindRequest): Result<BlockDefinition> {
  const { nodeId, param, value, name } = request;
  if (name === '' || name === '__proto__' || blockNodeParams.includes(name)) return failure(wrongParamName(name));
  const given = Object.hasOwn(definition.params, name) ? definition.params[name] : undefined;
  if (given === undefined) {
    const params = { ...definition.params, [name]: value };
    return withParam({ ...definition, params }, nodeId, param, { param: name });
  }
  if (JSON.stringify(given) === JSON.stringify(value)) return withParam(definition, nodeId, param, { param: name });
  if (typeof given !== 'number' || typeof value !== 'number' || given === 0) {
    return failure(cannotBind(nodeId, param, noFactor));
  }
  return withParam(definition, nodeId, param, { param: name, times: value / given });
}

/** Gives a bound param the value itself again; a param of the block that nothing else follows goes. */
export function unbindParam(
  definition: BlockDefinition,
  nodeId: string,
  param: string,
  given: ReadonlyMap<string, Json>,
): Result<BlockDefinition> {
  const raw = bindingOf(definition.nodes.find(({ id }) => id === nodeId)?.params[param]);
  const binding = raw === undefined ? null : readBinding(raw);
  const value = binding === null ? undefined : boundValue(binding, given);
  if (binding === null || value === undefined) {
    return failure(
      cannotBind(
        nodeId,
        param,
        text('It is not bound, or its binding gives no value.', '它没有绑定，或绑定得不到值。'),
      ),
    );
  }
  const changed = withParam(definition, nodeId, param, value);
  if (!changed.ok || followers(changed.value, binding.param) > 0) return changed;
  const { [binding.param]: _gone, ...params } = changed.value.params;
  return success({ ...changed.value, params });
}

function withParam(
  definition: BlockDefinition,
  nodeId: string,
  param: string,
  value: Json | ParamBinding,
): Result<BlockDefinition> {
  const at = definition.nodes.findIndex(({ id }) => id === nodeId);
  const node = definition.nodes[at];
  if (node === undefined) return failure(unknownNode(nodeId));
  const params: NetworkNode['params'] = { ...node.params, [param]: value };
  return success({ ...definition, nodes: definition.nodes.with(at, { ...node, params }) });
}

/** How many params of nodes follow a param of their block. */
function followers({ nodes }: BlockDefinition, name: string): number {
  return nodes.flatMap(({ params }) => Object.values(params)).filter((value) => bindingOf(value)?.['param'] === name)
    .length;
}
