import { blockWouldHoldItself } from '../../shared/diagnostics/catalog/blockEditing';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { blockNamed, heldBlocks, isBlockNode } from '../../shared/document/blocks';
import { renamedNode, withoutOwners } from '../../shared/document/sharedWeights';
import { withoutPlaces } from '../../shared/document/version';
import { definitionsOf, withDefinitions, withNames } from '../../shared/editing/blocks/definitions';
import { freshFrameId } from '../../shared/editing/frames';
import { areaAround, areaOfFrame, areOverlapping, cardArea, heldNodes } from '../../shared/layout/frames';
import { freshNodeId, parseNetwork, serializeNetwork } from '../../shared/document';
import { printSketch } from '../../shared/editing/sketch/print';
import type { NetworkDocument, NetworkEdge, NetworkNode, Position } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';
import { fill, messages } from '../i18n';
import type { Session } from '../session';
import { levelOf } from '../session';
import { useUi } from '../store/ui';
import { notify, notifyDiagnostics } from '../ui/notify';
import { deleteSelection } from './actions';
import { announce } from './announce';
import { pasteSketch } from './building';
import { selectBoth, selectedFrameIds } from './frameStore';
import { deleteWithContents, withContents } from './framing';
import { pointedPlace } from './pointer';
import { editLabel, titleById } from './speech';

/** The window's clipboard: what is copied in one network pastes into another. Kept for the menu's Paste: a page may read the system's clipboard only on a key press. */
let copied: string | null = null;
/** A second paste of the same layers at the same place goes further away. */
let pasteCount = 0;
let pastedAt: Position | null = null;

const offset = 32;

/** The selected nodes with the wires between them, as a document of their own; null when nothing is selected. */
function selectedPart(session: Session): NetworkDocument | null {
  const { document, selection } = session.project.getState();
  const frames = selectedFrameIds(session);
  if (selection.size === 0 && frames.size === 0) return null;
  const part = partOf(document, selection, withContents(session, frames));
  // It may be put into another network: what used weights of a node that stays behind has its own.
  const kept = new Set(part.nodes.map(({ id }) => id));
  const left = new Set(document.nodes.flatMap(({ id }) => (kept.has(id) ? [] : [id])));
  return { ...part, nodes: withoutOwners(document.nodes, left) };
}

/** Nodes and frames with what these hold, the wires between them, and the blocks that they use. */
function partOf(
  document: NetworkDocument,
  selection: ReadonlySet<string>,
  framed: ReturnType<typeof withContents>,
): NetworkDocument {
  const { train: _train, frames: _all, ...rest } = document;
  const ids = new Set([...selection, ...framed.nodes]);
  const nodes = document.nodes.filter((node) => ids.has(node.id));
  const blocks = definitionsOf(document, nodes);
  return {
    ...rest,
    ...(document.blocks !== undefined && { blocks }),
    nodes,
    edges: document.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)),
    ...(framed.frames.length > 0 && { frames: framed.frames }),
  };
}

/** The selection as text, which is a network file: it pastes into another window, and into an editor. */
export function copySelection(session: Session): string | null {
  const part = selectedPart(session);
  if (!part) return null;
  copied = serializeNetwork(part);
  pasteCount = 0;
  const t = messages('canvas', useUi.getState().language);
  announce(session, fill(t.announceCopied, { count: part.nodes.length }));
  return copied;
}

/** Copies from the menu, where there is no clipboard event to put the text into. */
export function copyFromMenu(session: Session): void {
  const source = copySelection(session);
  // Denied where the page has no permission; Paste of this window works all the same.
  if (source !== null) void navigator.clipboard.writeText(source).catch(() => undefined);
}

export function cutSelection(session: Session): string | null {
  const source = copySelection(session);
  if (source === null) return null;
  if (selectedFrameIds(session).size > 0) deleteWithContents(session);
  else deleteSelection(session, true);
  return source;
}

/** Pastes what was copied in this window. */
export function pasteFromMenu(session: Session): void {
  if (copied === null) notify(messages('canvas', useUi.getState().language).nothingToPaste);
  else pasteText(session, copied, 'menu');
}

/** Pastes layers from text, where the user points. True when the text was a network (and so was dealt with). */
export function pasteText(session: Session, source: string, by: 'pointer' | 'menu' = 'pointer'): boolean {
  if (!source.includes('convloom.network')) return pasteSketch(session, source, by);
  const parsed = parseNetwork(source);
  if (!parsed.ok) {
    notifyDiagnostics(parsed.diagnostics);
    return true;
  }
  const place = pointedPlace(session, by);
  if (place?.x !== pastedAt?.x || place?.y !== pastedAt?.y) pasteCount = place === null ? 0 : -1;
  pastedAt = place;
  pasteCount += 1;
  const shift = shiftTo(parsed.value, place, pasteCount * offset);
  const { document } = session.project.getState();
  insertPart(session, parsed.value, place === null ? clearOf(document, parsed.value, shift) : shift, 'pasteLabel');
  return true;
}

/** Copies the selected chain as a sketch, or says why it is none. */
export function copySketch(session: Session): void {
  const { document, selection } = session.project.getState();
  const sketch = printSketch(document, selection);
  if (!sketch.ok) {
    notifyDiagnostics(sketch.diagnostics);
    return;
  }
  copied = sketch.value;
  // Denied where the page has no permission; Paste of this window works all the same.
  void navigator.clipboard.writeText(copied).catch(() => undefined);
  const t = messages('building', useUi.getState().language);
  notify(fill(t.announceSketchCopied, { sketch: sketch.value }));
}

/** Copies the selection a little aside; with `keepsSources`, the copies also hang on what feeds the originals. */
export function duplicateSelection(session: Session, keepsSources = false): void {
  const { selection } = session.project.getState();
  if (selection.size > 0 || selectedFrameIds(session).size > 0) {
    duplicateNodes(session, selection, { x: offset, y: offset }, keepsSources);
  }
}

/** Copies nodes, and the selected frames with what they hold, with the wires between them, so far from where they are. */
export function duplicateNodes(
  session: Session,
  ids: ReadonlySet<string>,
  shift: Position,
  keepsSources: boolean,
): void {
  const { document } = session.project.getState();
  const part = partOf(document, ids, withContents(session, selectedFrameIds(session)));
  const copies = new Set(part.nodes.map(({ id }) => id));
  const incoming = document.edges.filter((edge) => copies.has(edge.to) && !copies.has(edge.from));
  insertPart(session, part, clearOf(document, part, shift), 'duplicate', keepsSources ? incoming : []);
}

/** So many steps down are tried for a free place; on a canvas that is full for longer, the copy lies over something. */
const placeTries = 400;

/**
 * A shift further down, if need be, at which the frames of a part lie over no card that is there already: a copy that took hold of the
 * originals would move and delete them.
 */
export function clearOf(
  { nodes }: Pick<NetworkDocument, 'nodes'>,
  part: Pick<NetworkDocument, 'frames'>,
  { x, y }: Position,
): Position {
  const frames = (part.frames ?? []).map(areaOfFrame);
  const cards = nodes.flatMap(({ position }) => (position ? [cardArea(position)] : []));
  const isClear = (by: Position): boolean =>
    frames.every((frame) => !cards.some((card) => areOverlapping({ ...frame, ...shifted(frame, by) }, card)));
  const tried = Array.from({ length: placeTries }, (_, step) => ({ x, y: y + step * offset }));
  return tried.find(isClear) ?? { x, y };
}

/** How far a part goes: its middle to the place that is pointed at, or a little aside where none is. */
export function shiftTo(part: NetworkDocument, place: Position | null, aside: number): Position {
  const cards = part.nodes.flatMap(({ position }) => (position ? [cardArea(position)] : []));
  const all = areaAround([...cards, ...(part.frames ?? []).map(areaOfFrame)]);
  if (place === null || all === undefined) return { x: aside, y: aside };
  const toGrid = (value: number): number => Math.round(value / 4) * 4;
  return {
    x: toGrid(place.x - all.x - all.width / 2) + aside,
    y: toGrid(place.y - all.y - all.height / 2) + aside,
  };
}

function insertPart(
  session: Session,
  part: NetworkDocument,
  shift: Position,
  what: 'pasteLabel' | 'duplicate',
  incoming: readonly NetworkEdge[] = [],
): void {
  const { document: before, analysis } = session.project.getState();
  const defined = withDefinitions(before, part.blocks ?? {});
  const { document } = defined;
  const nodes = withNames(part.nodes, defined.names);
  const refused = whyNotHere(session, document, nodes);
  if (refused !== null) {
    notifyDiagnostics(refused);
    return;
  }
  const renamed = new Map<string, string>();
  const taken = new Set<string>();
  const edits: Edit[] = document === before ? [] : [{ type: 'replaceDocument', document }];
  for (const node of nodes) {
    const id = freshNodeId(document, node.kind, taken);
    taken.add(id);
    renamed.set(node.id, id);
  }
  for (const node of nodes) {
    const named = renamedNode(node, (id) => renamed.get(id) ?? id);
    edits.push({ type: 'addNode', node: moved(named, shift) });
  }
  for (const edge of part.edges) {
    const from = renamed.get(edge.from);
    const to = renamed.get(edge.to);
    if (from !== undefined && to !== undefined) edits.push({ type: 'connect', edge: { ...edge, from, to } });
    if (from !== undefined && to !== undefined && edge.via !== undefined) {
      edits.push({
        type: 'leadEdge',
        edge: { ...edge, from, to },
        via: edge.via.map((place) => shifted(place, shift)),
      });
    }
  }
  for (const edge of incoming) {
    const to = renamed.get(edge.to);
    if (to !== undefined) edits.push({ type: 'connect', edge: { ...withoutPlaces(edge), to } });
  }
  const frameIds = new Set<string>();
  for (const frame of part.frames ?? []) {
    const id = freshFrameId(document, frameIds);
    frameIds.add(id);
    edits.push({ type: 'addFrame', frame: { ...frame, id, position: shifted(frame.position, shift) } });
  }
  const [first] = part.nodes;
  const count = part.nodes.length + frameIds.size;
  const label =
    what === 'duplicate' && count === 1 && first
      ? editLabel('duplicateLabel', { node: titleById(document, analysis, first.id) })
      : editLabel(what === 'duplicate' ? 'duplicateManyLabel' : 'pasteLabel', { count });
  const result = session.project.edit(label, edits);
  if (!result.ok) {
    notifyDiagnostics(result.diagnostics);
    return;
  }
  // What a frame holds goes with it: the copy is selected as what was copied.
  const inFrames = new Set((part.frames ?? []).flatMap((frame) => heldNodes(frame, part.nodes)));
  const beside = [...renamed].flatMap(([old, id]) => (inFrames.has(old) ? [] : [id]));
  selectBoth(session, beside, frameIds);
}

/** Why nodes cannot be put where the canvas is: a block in itself; null where they can. */
function whyNotHere(
  session: Session,
  document: NetworkDocument,
  nodes: readonly NetworkNode[],
): readonly Diagnostic[] | null {
  const { block } = levelOf(session);
  const name = nodes
    .flatMap((node) => (isBlockNode(node) ? (blockNamed(node) ?? []) : []))
    .find((one) => block !== null && heldBlocks(document, one).includes(block));
  return name === undefined ? null : [blockWouldHoldItself(name)];
}

function shifted({ x, y }: Position, by: Position): Position {
  return { x: x + by.x, y: y + by.y };
}

function moved(node: NetworkNode, shift: Position): NetworkNode {
  return node.position ? { ...node, position: shifted(node.position, shift) } : node;
}
