import { blockWouldHoldItself, notABlock, wrongBlockName } from '../../diagnostics/catalog/blockEditing';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { blockNamed, findBlock, heldBlocks, isBlockNode } from '../../document/blocks';
import { freshNodeId } from '../../document/ids';
import { inOldestVersion } from '../../document/version';
import type { BlockDefinition, KeptBlock, NetworkDocument, NetworkNode } from '../../schema/document';
import { deepEqual } from '../equal';
import { inSecondVersion } from '../secondVersion';

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

/** Nodes under other names of blocks. */
export function withNames(nodes: readonly NetworkNode[], names: ReadonlyMap<string, string>): readonly NetworkNode[] {
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
  const added = withDefinitions(document, blocks);
  return { document: added.document, name: added.names.get(name) ?? name };
}

/**
 * The document with further definitions, and what each is called there. One that the document has already, under this name or with a
 * number behind it, is used again; one whose name another has gets a number.
 */
export function withDefinitions(
  document: NetworkDocument,
  blocks: Blocks,
): { readonly document: NetworkDocument; readonly names: ReadonlyMap<string, string> } {
  const names = new Map<string, string>();
  const known = new Map(Object.entries(document.blocks ?? {}));
  for (const name of innermostFirst(blocks)) {
    const definition = findBlock({ blocks }, name);
    if (definition === undefined) continue;
    const own = { ...definition, nodes: withNames(definition.nodes, names) };
    const same = [...known].find(([other, one]) => isNumbered(other, name) && deepEqual(one, own));
    const free = same?.[0] ?? freshBlockName({ blocks: Object.fromEntries(known) }, name);
    names.set(name, free);
    known.set(free, own);
  }
  if (known.size === Object.keys(document.blocks ?? {}).length) return { document, names };
  const upgraded = inSecondVersion(document);
  return { document: { ...upgraded, blocks: Object.fromEntries(known) }, names };
}

/** Blocks behind those that they hold, so that these have their names first. */
function innermostFirst(blocks: Blocks): readonly string[] {
  const depth = (name: string): number => heldBlocks({ blocks }, name).length;
  return Object.keys(blocks).sort((a, b) => depth(a) - depth(b));
}

/** True for the name itself, and for it with a number behind, as {@link freshBlockName} gives. */
function isNumbered(name: string, of: string): boolean {
  return name === of || (name.startsWith(`${of} `) && /^[0-9]+$/.test(name.slice(of.length + 1)));
}

/** Definitions that no node of the network uses, nor any block that one uses. */
export function unusedBlocks(document: NetworkDocument): readonly string[] {
  const used = new Set(
    document.nodes.flatMap((node) => {
      const name = isBlockNode(node) ? blockNamed(node) : null;
      return name === null ? [] : heldBlocks(document, name);
    }),
  );
  return Object.keys(document.blocks ?? {}).filter((name) => !used.has(name));
}

/** The document without the definitions that nothing uses. */
export function withoutUnusedBlocks(document: NetworkDocument): NetworkDocument {
  const unused = unusedBlocks(document);
  if (unused.length === 0) return document;
  return inOldestVersion(unused.reduce(withoutBlock, document));
}

/** The definitions that nodes use, with all that these hold. */
export function definitionsOf(document: NetworkDocument, nodes: readonly NetworkNode[]): Blocks {
  const names = new Set(
    nodes.flatMap((node) => {
      const name = isBlockNode(node) ? blockNamed(node) : null;
      return name === null ? [] : heldBlocks(document, name);
    }),
  );
  return Object.fromEntries(Object.entries(document.blocks ?? {}).filter(([name]) => names.has(name)));
}

/** A node that uses a block, not yet in the document; refused inside of the block itself. */
export function newBlockNode(document: NetworkDocument, name: string, inside: string | null): Result<NetworkNode> {
  if (inside !== null && heldBlocks(document, name).includes(inside)) return failure(blockWouldHoldItself(name));
  return success({ id: freshNodeId(document, 'block'), kind: 'block', params: { block: name } });
}
