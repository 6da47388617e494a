import { builtInLayers } from '../layers';
import type { RawParams } from '../layers/define';
import { paramsOfChoice, type LayerChoice } from '../layers/names';
import { readParams } from '../layers/params';
import type { LayerRegistry } from '../layers/registry';
import type { NetworkDocument, NetworkNode } from '../schema/document';
import type { Edit } from '../schema/edits';
import { edgePort, portCount } from './connect';

/**
 * The edits that put another layer in a node's place. It keeps its id, its wires and the params that both know; what a name implies goes
 * before those, and wires to ports that the new layer has not are taken away.
 */
export function replaceEdits(
  document: NetworkDocument,
  id: string,
  choice: LayerChoice,
  layers: LayerRegistry = builtInLayers,
): readonly Edit[] {
  const node = document.nodes.find((one) => one.id === id);
  if (node === undefined) return [];
  const { kind } = choice.definition;
  const count = portCount(document, { ...node, kind, params: {} }, layers);
  const lost = document.edges.filter((edge) => edge.to === id && edgePort(edge) >= count);
  return [
    ...lost.map((edge): Edit => ({ type: 'disconnect', edge })),
    { type: 'setKind', id, kind, params: { ...paramsOfChoice(choice), ...keptParams(node, choice), ...choice.params } },
  ];
}

/** The params of a node that another kind takes as they are. */
function keptParams(node: NetworkNode, { definition }: LayerChoice): RawParams {
  const known = Object.entries(node.params).filter(([name, value]) => {
    const field = definition.params[name];
    return (
      field !== undefined && readParams({ ...definition, params: { [name]: field } }, { [name]: value }, node.id).ok
    );
  });
  return Object.fromEntries(known);
}
