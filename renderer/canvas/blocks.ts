import type { BlockStep } from '../../shared/analysis/inside';
import { leaveBlock } from '../../shared/analysis/inside';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { blockNamed, findBlock, isBlockNode, isPort } from '../../shared/document/blocks';
import {
  addDefinitions,
  freshBlockName,
  newBlockNode,
  unusedBlocks,
  usesOf,
  withoutUnusedBlocks,
} from '../../shared/editing/blocks/definitions';
import { groupNodes } from '../../shared/editing/blocks/group';
import { ungroupNode } from '../../shared/editing/blocks/ungroup';
import { keepAround } from '../../shared/layout/frames';
import { layoutCell } from '../../shared/layout/layoutNetwork';
import { tidyNetwork } from '../../shared/layout/tidy';
import type { KeptBlock, NetworkDocument, NetworkNode, Position } from '../../shared/schema/document';
import type { Language, Text } from '../../shared/text';
import { text } from '../../shared/text';
import { fill, messages, type MessageKey } from '../i18n';
import type { Capture, Session } from '../session';
import { focusOf, frameBlock, framedIn, goTo, levelOf, levelsOf, rootOf } from '../session';
import { useUi } from '../store/ui';
import { notifyDiagnostics } from '../ui/notify';
import { announce } from './announce';
import { titleById } from './speech';
import { isTidy, withPositions } from './placement';
import { focusNode } from './view';

type Values = Readonly<Record<string, Text | string | number>>;

/** A message of the blocks in both languages, as the history keeps it. */
export function blockLabel(key: MessageKey<'blocks'>, values: Values): Text {
  const inLanguage = (language: Language): string =>
    fill(
      messages('blocks', language)[key],
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? value[language] : value]),
      ),
    );
  return text(inLanguage('en'), inLanguage('zh'));
}

function say(session: Session, message: Text): void {
  announce(session, message[useUi.getState().language]);
}

/** Puts another document in place of the session's, as one step, and says why where it cannot be had. */
export function replaceWith(session: Session, label: Text, made: Result<NetworkDocument>, how?: Capture): boolean {
  const result = made.ok ? session.project.edit(label, [{ type: 'replaceDocument', document: made.value }], how) : made;
  if (!result.ok) notifyDiagnostics(result.diagnostics);
  return result.ok;
}

/** What was tidy is laid out again around new nodes; what was arranged by hand keeps its places. Frames go on around either. */
function tidied(before: NetworkDocument, made: NetworkDocument, newIds: readonly string[]): NetworkDocument {
  const after = keepAround(before, made);
  if (!isTidy(before)) return after;
  if (after.frames !== undefined && after.frames.length > 0) {
    const { positions, frames } = tidyNetwork(after);
    return { ...withPositions(after, positions), frames };
  }
  const nodes = after.nodes.map((node): NetworkNode => {
    if (!newIds.includes(node.id)) return node;
    const { position: _place, ...rest } = node;
    return rest;
  });
  return { ...after, nodes };
}

/** Makes the selected nodes a block, under a name that is free. */
export function groupSelection(session: Session): void {
  const { document, selection } = session.project.getState();
  const name = freshBlockName(document, messages('blocks', useUi.getState().language).defaultName);
  const params = findBlock(document, levelOf(session).block)?.params;
  const made = groupNodes(document, selection, { name, ...(params === undefined ? {} : { params }) });
  if (!made.ok) {
    notifyDiagnostics(made.diagnostics);
    return;
  }
  const { nodeId } = made.value;
  const count = selection.size;
  const after = tidied(document, made.value.document, [nodeId]);
  if (!replaceWith(session, blockLabel('groupLabel', { count, block: name }), { ok: true, value: after })) return;
  session.project.select([nodeId]);
  focusNode(session, nodeId);
  say(session, blockLabel('announceGrouped', { count, block: name }));
}

/** The whole network, with another document in place of what a session is about. */
export function wholeWith(session: Session, document: NetworkDocument): NetworkDocument {
  const levels = levelsOf(session);
  const at = levels.findIndex((level) => level.session === session);
  return levels.slice(0, at).reduceRight((inside, outer, index) => {
    const block = levels[index + 1]?.block ?? null;
    return block === null ? inside : leaveBlock(outer.document, block, inside);
  }, document);
}

/** Puts what the selected block stands for in its place. */
export function ungroupSelection(session: Session): void {
  const { document, analysis, selection } = session.project.getState();
  const [only] = selection;
  if (only === undefined) return;
  const node = titleById(document, analysis, only);
  const made = ungroupNode(document, only, (inlined, block) => usesOf(wholeWith(session, inlined), block) > 0);
  if (!made.ok) {
    notifyDiagnostics(made.diagnostics);
    return;
  }
  const { nodeIds } = made.value;
  const after = tidied(document, made.value.document, nodeIds);
  if (!replaceWith(session, blockLabel('ungroupLabel', { node }), { ok: true, value: after })) return;
  session.project.select(nodeIds);
  const [first] = nodeIds;
  if (first !== undefined) focusNode(session, first);
  say(session, blockLabel('announceUngrouped', { node, count: nodeIds.length }));
}

/** Goes into a block node. False where the node is none. */
export function enterNode(session: Session, nodeId: string, copy = 1): boolean {
  const { document } = session.project.getState();
  const node = document.nodes.find(({ id }) => id === nodeId);
  if (node === undefined || !isBlockNode(node) || findBlock(document, blockNamed(node)) === undefined) return false;
  session.project.select([nodeId]);
  showLevel(session, [...levelOf(session).path, { nodeId, copy }]);
  return true;
}

/** Opens a block node in its place, or closes it again. False where the node is none. */
export function toggleInPlace(session: Session, nodeId: string): boolean {
  const { document, analysis } = session.project.getState();
  const node = document.nodes.find(({ id }) => id === nodeId);
  if (node === undefined || !isBlockNode(node) || findBlock(document, blockNamed(node)) === undefined) return false;
  const isOpen = !framedIn(session).has(nodeId);
  frameBlock(session, nodeId, isOpen);
  say(
    session,
    blockLabel(isOpen ? 'announceOpened' : 'announceClosed', { block: titleById(document, analysis, nodeId) }),
  );
  return true;
}

/** Goes out of the block on the canvas. False in the network itself. */
export function leaveToOuter(session: Session): boolean {
  const { path } = levelOf(session);
  if (path.length === 0) return false;
  showLevel(session, path.slice(0, -1));
  return true;
}

/** Puts a level on the canvas, and the keyboard where it goes on: at the node that was left, or the first inside. */
export function showLevel(session: Session, path: readonly BlockStep[], keepsFocus = false): void {
  const left = levelOf(session).path[path.length];
  goTo(session, path);
  const { block, document, session: inner } = levelOf(session);
  const target = left?.nodeId ?? document.nodes[0]?.id;
  if (left !== undefined) inner.project.select([left.nodeId]);
  if (target !== undefined && !keepsFocus) focusNode(inner, target);
  if (block === null)
    say(inner, blockLabel('announceLeft', { place: document.name === '' ? blockLabel('network', {}) : document.name }));
  else say(inner, blockLabel('announceEntered', { block, count: document.nodes.length }));
}

/** Gives the block on the canvas a further input, last in order, below the others; the nodes that use it get it, too. */
export function addPort(session: Session): void {
  const { document } = session.project.getState();
  const { block } = levelOf(session);
  if (block === null) return;
  const ports = document.nodes.filter(isPort);
  const taken = new Set(document.nodes.map(({ id }) => id));
  let id = 'in';
  for (let number = 2; taken.has(id); number++) id = `in${number}`;
  const lowest = ports.flatMap(({ position }) => position ?? []).sort((a, b) => b.y - a.y)[0];
  const place = lowest && { x: lowest.x, y: lowest.y + layoutCell.pitchY };
  const node: NetworkNode = { id, kind: 'port', params: {}, ...(place && { position: place }) };
  // Before the layers, where the other ports are, so that a file reads in the order of the block.
  const nodes = document.nodes.toSpliced(ports.length, 0, node);
  if (!replaceWith(session, blockLabel('portLabel', { block }), { ok: true, value: { ...document, nodes } })) return;
  session.project.select([id]);
  focusNode(session, id);
  say(session, blockLabel('announcePort', { block, count: ports.length + 1 }));
}

/** Removes the definitions that no node of the network uses. */
export function removeUnusedBlocks(session: Session): void {
  const root = rootOf(session);
  const { document } = root.project.getState();
  const names = unusedBlocks(document);
  const label = blockLabel('removeUnusedLabel', { count: names.length });
  if (names.length > 0 && replaceWith(root, label, { ok: true, value: withoutUnusedBlocks(document) })) {
    say(session, blockLabel('announceRemoved', { blocks: names.join(', ') }));
  }
}

/** Puts a use of a block onto the canvas: where the pointer let it go, else behind what is selected. */
export function insertBlock(session: Session, kept: KeptBlock, at?: Position): void {
  const focus = focusOf(session);
  const { document, selection } = focus.project.getState();
  const added = addDefinitions(document, kept);
  const made = newBlockNode(added.document, added.name, levelOf(focus).block);
  if (!made.ok) {
    notifyDiagnostics(made.diagnostics);
    return;
  }
  const [after] = selection;
  const node: NetworkNode = {
    ...made.value,
    ...(at === undefined ? {} : { position: { x: Math.round(at.x / 4) * 4, y: Math.round(at.y / 4) * 4 } }),
  };
  const result = focus.project.edit(blockLabel('insertLabel', { block: added.name }), [
    { type: 'replaceDocument', document: added.document },
    selection.size === 1 && after !== undefined && at === undefined
      ? { type: 'insertAfter', after, node }
      : { type: 'addNode', node },
  ]);
  if (!result.ok) {
    notifyDiagnostics(result.diagnostics);
    return;
  }
  focus.project.select([node.id]);
  focusNode(focus, node.id);
}
