import type { AnyLayerDefinition, ParamField } from '../../shared/layers/define';
import type { Json, NetworkNode } from '../../shared/schema/document';

/** One of several selected nodes. */
export type SharedNode = { readonly node: NetworkNode; readonly definition: AnyLayerDefinition | null };

/** A param that several nodes have. `value` is theirs where all have the same, as the document writes it or by default. */
export type SharedParam = {
  readonly name: string;
  readonly field: ParamField;
  readonly value: Json | undefined;
  readonly isMixed: boolean;
  /** None of them says its value. */
  readonly isDefault: boolean;
};

/** Params that can be changed in all of these nodes at once. `definition` is their kind, where they are not the whole selection. */
export type SharedGroup = {
  readonly definition: AnyLayerDefinition | null;
  readonly nodes: readonly NetworkNode[];
  readonly params: readonly SharedParam[];
};

/** The default of a param as a document writes it; undefined where it has none. */
export function defaultOf(field: ParamField): Json | undefined {
  if (field.type === 'choice' && field.off !== undefined) return false;
  const value = 'default' in field ? field.default : undefined;
  return Array.isArray(value) ? value.map((item: Json) => item) : value;
}

/** A param that means the same in both: it is called alike, and takes the same values. */
function isSameField(a: ParamField, b: ParamField | undefined): boolean {
  if (a === b) return true;
  if (a.type !== b?.type) return false;
  return a.type !== 'choice' || b.type !== 'choice' || a.values.join() === b.values.join();
}

function readParam(name: string, field: ParamField, nodes: readonly NetworkNode[]): SharedParam {
  const values = nodes.map(({ params }) => params[name] ?? defaultOf(field));
  const isMixed = new Set(values.map((value) => JSON.stringify(value))).size > 1;
  return {
    name,
    field,
    value: isMixed ? undefined : values[0],
    isMixed,
    isDefault: nodes.every(({ params }) => params[name] === undefined),
  };
}

/** The params that all of these nodes have and show, in the order of the first one's form. */
function commonParams(nodes: readonly SharedNode[]): readonly SharedParam[] {
  const [first] = nodes;
  if (first?.definition == null) return [];
  return Object.entries(first.definition.params).flatMap(([name, field]) => {
    const isShared = nodes.every(({ node, definition }) => {
      const own = definition?.params[name];
      return isSameField(field, own) && own?.visible?.(node.params) !== false;
    });
    return isShared
      ? [
          readParam(
            name,
            field,
            nodes.map(({ node }) => node),
          ),
        ]
      : [];
  });
}

/** The kind that most of the nodes are of, two at least; of equals the first. */
function majority(nodes: readonly SharedNode[]): readonly SharedNode[] {
  const kinds = new Map<AnyLayerDefinition, SharedNode[]>();
  for (const one of nodes) {
    if (one.definition === null) continue;
    const list = kinds.get(one.definition);
    if (list === undefined) kinds.set(one.definition, [one]);
    else list.push(one);
  }
  const [most = []] = [...kinds.values()].sort((a, b) => b.length - a.length);
  return most.length > 1 ? most : [];
}

/** What can be changed in several nodes at once: what all of them have, then what else those of the most frequent kind have. */
export function sharedParams(nodes: readonly SharedNode[]): readonly SharedGroup[] {
  const common = commonParams(nodes);
  const groups: SharedGroup[] = [];
  if (common.length > 0) groups.push({ definition: null, nodes: nodes.map(({ node }) => node), params: common });
  const most = majority(nodes);
  if (most.length === nodes.length) return groups;
  const own = commonParams(most).filter(({ name }) => !common.some((param) => param.name === name));
  const definition = most[0]?.definition ?? null;
  if (own.length > 0) groups.push({ definition, nodes: most.map(({ node }) => node), params: own });
  return groups;
}
