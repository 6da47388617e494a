import { blockWouldHoldItself, notABlock, wrongBlockName } from '../../diagnostics/catalog/blockEditing';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { blockNamed, findBlock, heldBlocks, isBlockNode } from '../../document/blocks';
import { freshNodeId } from '../../document/ids';
import type { BlockDefinition, KeptBlock, NetworkDocument, NetworkNode } from '../../schema/document';
import { deepEqual } from '../equal';

type Blocks = { readonly [name: string]: BlockDefinition };

/** True for what a new block may be called. */
export function isBlockNameFree(document: NetworkDocument, name: string): boolean {
  return name !== '' && name !== '__proto__' && findBlock(document, name) === undefined;
}

/** The name itself, or with the smallest number that makes it free. */
export function freshBlockName({ blocks = {} }: { readonly blocks?: Blocks }, name: string): string {
  let free = name;
  for (let number = 2; Object.hasOwn(blocks, free); number++) free = `${name} ${number}`;
  return free;
}

/** How many nodes use a block, in the network and in its blocks. */
export function usesOf(document: NetworkDocument, name: string): number {
  const lists = [document, ...Object.values(document.blocks ?? {})];
  return lists.flatMap(({ nodes }) => nodes.filter((node) => isBlockNode(node) && blockNamed(node) === name)).length;
}

/** The document without a definition. */
export function withoutBlock(document: NetworkDocument, name: string): NetworkDocument {
  const { [name]: _gone, ...blocks } = document.blocks ?? {};
  return { ...document, blocks };
}

/** Calls a block something else, wherever it is used. */
export function renameBlock(document: NetworkDocument, name: string, next: string): Result<NetworkDocument> {
  if (findBlock(document, name) === undefined) return failure(notABlock(name));
  if (name === next) return success(document);
  if (!isBlockNameFree(document, next)) return failure(wrongBlockName(next, findBlock(document, next) !== undefined));
  return success(renamed(document, new Map([[name, next]])));
}

/** The same document under other names of blocks. */
function renamed(document: NetworkDocument, names: ReadonlyMap<string, string>): NetworkDocument {
  const blocks = Object.entries(document.blocks ?? {}).map(([name, definition]): [string, BlockDefinition] => [
    names.get(name) ?? name,
    { ...definition, nodes: withNames(definition.nodes, names) },
  ]);
  return { ...document, nodes: withNames(document.nodes, names), blocks: Object.fromEntries(blocks) };
}

function withNames(nodes: readonly NetworkNode[], names: ReadonlyMap<string, string>): readonly NetworkNode[] {
  return nodes.map((node) => {
    const next = isBlockNode(node) ? names.get(blockNamed(node) ?? '') : undefined;
    return next === undefined ? node : { ...node, params: { ...node.params, block: next } };
  });
}

/** Gives a node a block of its own, to be changed without changing the others. */
export function makeBlockUnique(document: NetworkDocument, id: string): Result<NetworkDocument> {
  const at = document.nodes.findIndex((node) => node.id === id);
  const node = document.nodes[at];
  const name = node === undefined || !isBlockNode(node) ? null : blockNamed(node);
  const definition = findBlock(document, name);
  if (node === undefined || name === null || definition === undefined) return failure(notABlock(id));
  const own = freshBlockName(document, name);
  return success({
    ...document,
    blocks: { ...document.blocks, [own]: definition },
    nodes: document.nodes.with(at, { ...node, params: { ...node.params, block: own } }),
  });
}

/** A block of a document with all that it holds. */
export function keptBlock(document: NetworkDocument, name: string): KeptBlock {
  const held = heldBlocks(document, name).flatMap((one): [string, BlockDefinition][] => {
    const definition = findBlock(document, one);
    return definition === undefined ? [] : [[one, definition]];
  });
  return { name, blocks: Object.fromEntries(held) };
}

/** The document with the definitions of a kept block, and what the block is called there: it is renamed where another has its name. */
export function addDefinitions(
  document: NetworkDocument,
  { name, blocks }: KeptBlock,
): { readonly document: NetworkDocument; readonly name: string } {
  const names = new Map<string, string>();
  const known: { [name: string]: BlockDefinition } = { ...document.blocks };
  const isKnown = Object.entries(blocks).every(([one, definition]) => deepEqual(findBlock(document, one), definition));
  if (isKnown) return { document, name };
  for (const [one, definition] of Object.entries(blocks)) {
    const free = freshBlockName({ blocks: known }, one);
    names.set(one, free);
    known[free] = definition;
  }
  const added = [...names].map(([one, free]): [string, BlockDefinition] => {
    const definition = blocks[one] ?? { params: {}, nodes: [], edges: [] };
    return [free, { ...definition, nodes: withNames(definition.nodes, names) }];
  });
  return {
    document: { ...document, version: 2, blocks: { ...document.blocks, ...Object.fromEntries(added) } },
    name: names.get(name) ?? name,
  };
}

/** A node that uses a block, not yet in the document; refused inside of the block itself. */
export function newBlockNode(document: NetworkDocument, name: string, inside: string | null): Result<NetworkNode> {
  if (inside !== null && heldBlocks(document, name).includes(inside)) return failure(blockWouldHoldItself(name));
  return success({ id: freshNodeId(document, 'block'), kind: 'block', params: { block: name } });
}
