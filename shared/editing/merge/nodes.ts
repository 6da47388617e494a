import type { Json, NetworkNode } from '../../schema/document';
import { deepEqual } from '../equal';
import { conflicting, type Findings } from './conflict';
import { agreed, fieldOf, mergedFields, type Sides } from './threeWay';

/** True when two nodes are the same but for where they are drawn. */
export function isSameLayer(a: NetworkNode | undefined, b: NetworkNode | undefined): boolean {
  return deepEqual(withoutPlace(a), withoutPlace(b));
}

function withoutPlace(node: NetworkNode | undefined): object | undefined {
  if (node === undefined) return undefined;
  const { position: _place, ...rest } = node;
  return rest;
}

/** A node of both sides. Where it is drawn is never a conflict. */
export function mergedNode(
  sides: Sides<NetworkNode>,
  block: string | null,
  findings: Findings,
): NetworkNode | undefined {
  const settled = agreed(sides);
  if (settled !== null) return settled.value;
  const { ours, theirs } = sides;
  if (ours === undefined || theirs === undefined) return ours;
  const conflict = (field: string, values: Sides<Json>): void => {
    findings.conflicts.push({ what: 'node', block, id: ours.id, field, ...conflicting(values) });
  };
  const own = <T extends Json>(name: string, values: Sides<T>): T | undefined => {
    const value = agreed(values);
    if (value === null) conflict(name, values);
    return value === null ? values.ours : value.value;
  };
  const { kind, params } = mergedKind(sides, ours, theirs, conflict);
  const position = (agreed(fieldOf(sides, 'position')) ?? { value: ours.position }).value;
  const label = own('label', fieldOf(sides, 'label'));
  const note = own('note', fieldOf(sides, 'note'));
  const bypass = own('bypass', fieldOf(sides, 'bypass'));
  const weightsOf = own('weightsOf', fieldOf(sides, 'weightsOf'));
  return {
    id: ours.id,
    kind,
    params,
    ...(position !== undefined && { position }),
    ...(label !== undefined && { label }),
    ...(note !== undefined && { note }),
    ...(bypass !== undefined && { bypass }),
    ...(weightsOf !== undefined && { weightsOf }),
  };
}

/** The params of another kind are others, so where one side changed the kind it settles both, unless the other changed the params. */
function mergedKind(
  sides: Sides<NetworkNode>,
  ours: NetworkNode,
  theirs: NetworkNode,
  conflict: (field: string, values: Sides<Json>) => void,
): Pick<NetworkNode, 'kind' | 'params'> {
  const { base } = sides;
  if (ours.kind === theirs.kind) return { kind: ours.kind, params: mergedFields(fieldOf(sides, 'params'), conflict) };
  const isAsBefore = (node: NetworkNode): boolean => node.kind === base?.kind && deepEqual(node.params, base.params);
  if (isAsBefore(ours)) return theirs;
  if (!isAsBefore(theirs)) conflict('kind', fieldOf(sides, 'kind'));
  return ours;
}
