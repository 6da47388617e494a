import { freshNodeId, parseNetwork, serializeNetwork } from '../../shared/document';
import type { NetworkDocument, NetworkNode } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';
import { fill, messages } from '../i18n';
import type { Session } from '../session';
import { useUi } from '../store/ui';
import { notify, notifyDiagnostics } from '../ui/notify';
import { deleteSelection } from './actions';
import { announce } from './announce';
import { editLabel, titleById } from './speech';

/** The window's clipboard: what is copied in one network pastes into another. Kept for the menu's Paste: a page may read the system's clipboard only on a key press. */
let copied: string | null = null;
/** A second paste of the same layers goes further away. */
let pasteCount = 0;

const offset = 32;

/** The selected nodes with the wires between them, as a document of their own; null when nothing is selected. */
function selectedPart(session: Session): NetworkDocument | null {
  const { document, selection } = session.project.getState();
  if (selection.size === 0) return null;
  const { train: _train, ...rest } = document;
  return {
    ...rest,
    nodes: document.nodes.filter((node) => selection.has(node.id)),
    edges: document.edges.filter((edge) => selection.has(edge.from) && selection.has(edge.to)),
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
  if (source !== null) deleteSelection(session, true);
  return source;
}

/** Pastes what was copied in this window. */
export function pasteFromMenu(session: Session): void {
  if (copied === null) notify(messages('canvas', useUi.getState().language).nothingToPaste);
  else pasteText(session, copied);
}

/** Pastes layers from text. True when the text was a network (and so was dealt with). */
export function pasteText(session: Session, source: string): boolean {
  if (!source.includes('convloom.network')) return false;
  const parsed = parseNetwork(source);
  if (!parsed.ok) {
    notifyDiagnostics(parsed.diagnostics);
    return true;
  }
  pasteCount += 1;
  insertPart(session, parsed.value, pasteCount * offset, 'pasteLabel');
  return true;
}

/** Copies the selection in place, a little aside. */
export function duplicateSelection(session: Session): void {
  const part = selectedPart(session);
  if (part) insertPart(session, part, offset, 'duplicate');
}

function insertPart(session: Session, part: NetworkDocument, distance: number, what: 'pasteLabel' | 'duplicate'): void {
  const { document, analysis } = session.project.getState();
  const renamed = new Map<string, string>();
  const taken = new Set<string>();
  const edits: Edit[] = [];
  for (const node of part.nodes) {
    const id = freshNodeId(document, node.kind, taken);
    taken.add(id);
    renamed.set(node.id, id);
    edits.push({ type: 'addNode', node: moved({ ...node, id }, distance) });
  }
  for (const edge of part.edges) {
    const from = renamed.get(edge.from);
    const to = renamed.get(edge.to);
    if (from !== undefined && to !== undefined) edits.push({ type: 'connect', edge: { ...edge, from, to } });
  }
  const [first] = part.nodes;
  const count = part.nodes.length;
  const label =
    what === 'duplicate' && count === 1 && first
      ? editLabel('duplicateLabel', { node: titleById(document, analysis, first.id) })
      : editLabel(what === 'duplicate' ? 'duplicateManyLabel' : 'pasteLabel', { count });
  const result = session.project.edit(label, edits);
  if (result.ok) session.project.select(renamed.values());
  else notifyDiagnostics(result.diagnostics);
}

function moved(node: NetworkNode, distance: number): NetworkNode {
  const { position } = node;
  return position ? { ...node, position: { x: position.x + distance, y: position.y + distance } } : node;
}
