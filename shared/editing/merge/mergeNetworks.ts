import { heldBlocks, isBlockNode, blockNamed } from '../../document/blocks';
import { inOldestVersion } from '../../document/version';
import type { BlockDefinition, Json, NetworkDocument } from '../../schema/document';
import { inSecondVersion } from '../secondVersion';
import { conflicting, type Findings, type MergeConflict, type MergeRename } from './conflict';
import { mergedScope } from './scope';
import { agreed, fieldOf, mergedFields, mergedOrder, type Sides } from './threeWay';

/** Two changes of one network in one document. Whatever both changed is in it as ours has it, and is among the conflicts. */
export type Merged = {
  readonly document: NetworkDocument;
  readonly conflicts: readonly MergeConflict[];
  readonly renamed: readonly MergeRename[];
};

/**
 * Merges two changes of one network by what they mean: nodes by id, params one by one, wires by their ends, blocks and settings. Where
 * things are drawn, frames, and the places that wires are led through are never a conflict. Without a `base`, each side made the network by
 * itself. The result always parses.
 */
export function mergeNetworks(
  base: NetworkDocument | undefined,
  ours: NetworkDocument,
  theirs: NetworkDocument,
): Merged {
  const settled = agreed({ base, ours, theirs });
  if (settled?.value !== undefined) return { document: settled.value, conflicts: [], renamed: [] };
  const isSecond = [base, ours, theirs].some((document) => document?.version === 2);
  const upgraded = (document: NetworkDocument): NetworkDocument => (isSecond ? inSecondVersion(document) : document);
  return merged({ base: base && upgraded(base), ours: upgraded(ours), theirs: upgraded(theirs) });
}

type Whole = {
  readonly base: NetworkDocument | undefined;
  readonly ours: NetworkDocument;
  readonly theirs: NetworkDocument;
};

function merged(sides: Whole): Merged {
  const { base, ours, theirs } = sides;
  const findings: Findings = { conflicts: [], renamed: [] };
  const note = (what: 'network' | 'training', field: string, values: Sides<Json>): void => {
    findings.conflicts.push({ what, block: null, id: '', field, ...conflicting(values) });
  };
  const name = agreed(fieldOf<NetworkDocument, 'name'>(sides, 'name'));
  if (name === null) note('network', 'name', fieldOf<NetworkDocument, 'name'>(sides, 'name'));
  const train = mergedFields(
    { base: base?.train ?? {}, ours: ours.train ?? {}, theirs: theirs.train ?? {} },
    (field, values) => note('training', field, values),
  );
  const scope = mergedScope(sides, null, findings);
  const blocks = withUsed(mergedBlocks(sides, findings), scope, sides);
  const document: NetworkDocument = {
    format: ours.format,
    version: ours.version,
    name: name?.value ?? ours.name,
    ...(Object.keys(train).length > 0 && { train }),
    ...(Object.keys(blocks).length > 0 && { blocks }),
    ...scope,
  };
  return { document: inOldestVersion(document), ...findings };
}

type Blocks = { readonly [name: string]: BlockDefinition };

function mergedBlocks(sides: Whole, findings: Findings): Blocks {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(
    (side) => new Map(Object.entries(side?.blocks ?? {})),
  );
  const names = mergedOrder({
    base: [...(base?.keys() ?? [])],
    ours: [...(ours?.keys() ?? [])],
    theirs: [...(theirs?.keys() ?? [])],
  });
  const blocks = names.flatMap((name): [string, BlockDefinition][] => {
    const block = mergedBlock(
      name,
      { base: base?.get(name), ours: ours?.get(name), theirs: theirs?.get(name) },
      findings,
    );
    return block === undefined ? [] : [[name, block]];
  });
  return Object.fromEntries(blocks);
}

function mergedBlock(name: string, sides: Sides<BlockDefinition>, findings: Findings): BlockDefinition | undefined {
  const settled = agreed(sides);
  if (settled !== null) return settled.value;
  const { base, ours, theirs } = sides;
  const conflict = (field: string | null, values: Sides<Json>): void => {
    findings.conflicts.push({ what: 'block', block: name, id: name, field, ...conflicting(values) });
  };
  if (ours === undefined || theirs === undefined) {
    const there = (side: BlockDefinition | undefined): Json => (side === undefined ? null : 'block');
    conflict(null, { base: there(base), ours: there(ours), theirs: there(theirs) });
    return ours;
  }
  const params = mergedFields(fieldOf(sides, 'params'), conflict);
  return { params, ...mergedScope(sides, name, findings) };
}

/** With the definitions that one side removed as nothing used them, and that a node of the other side uses. */
function withUsed(blocks: Blocks, { nodes }: Pick<NetworkDocument, 'nodes'>, { base, ours, theirs }: Whole): Blocks {
  const known = { ...base?.blocks, ...theirs.blocks, ...ours.blocks, ...blocks };
  const used = nodes.flatMap((node) => (isBlockNode(node) ? (blockNamed(node) ?? []) : []));
  const held = new Set([...used, ...Object.keys(blocks)].flatMap((name) => heldBlocks({ blocks: known }, name)));
  const missing = [...held].filter((name) => !Object.hasOwn(blocks, name) && Object.hasOwn(known, name));
  const restored = missing.flatMap((name): [string, BlockDefinition][] => {
    const definition = known[name];
    return definition === undefined ? [] : [[name, definition]];
  });
  return { ...blocks, ...Object.fromEntries(restored) };
}
