import type { Result } from '../../shared/diagnostics/diagnostic';
import { freshNodeId } from '../../shared/document';
import { freePort, isSameEdge } from '../../shared/editing/connect';
import type { NetworkDocument, NetworkEdge, NetworkNode, Position } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';
import { findLayer } from '../../shared/layers';
import type { RawParams } from '../../shared/layers/define';
import { defaultParams } from '../../shared/layers/params';
import type { Text } from '../../shared/text';
import { text } from '../../shared/text';
import { fill, messages } from '../i18n';
import type { Session } from '../session';
import { useUi } from '../store/ui';
import { notify, notifyDiagnostics } from '../ui/notify';
import { announce } from './announce';
import { flowOf } from './flow';
import { selectBoth, selectedFrames } from './frameStore';
import { deleteLabel, moveFrames } from './framing';
import { nodeHeight, nodeWidth } from './geometry';
import { editLabel, titleById } from './speech';
import { focusNode } from './view';
import { carriedWires } from './wirePlaces';
import { checkWire, displacedBy } from './wiring';

/** Applies edits as one step and says why where it cannot. */
function run(session: Session, label: Text, edits: readonly Edit[]): Result<NetworkDocument> {
  const result = session.project.edit(label, edits);
  if (!result.ok) notifyDiagnostics(result.diagnostics);
  return result;
}

function title(session: Session, id: string): Text {
  const { document, analysis } = session.project.getState();
  return titleById(document, analysis, id);
}

function words() {
  return messages('canvas', useUi.getState().language);
}

function newNode(session: Session, kind: string, params?: RawParams, position?: Position): NetworkNode {
  const { document } = session.project.getState();
  const definition = findLayer(kind);
  return {
    id: freshNodeId(document, kind),
    kind,
    params: { ...(definition ? defaultParams(definition) : {}), ...params },
    ...(position ? { position: snap(position) } : {}),
  };
}

/** Nodes stand on a grid of this many pixels, but where they stand in line with another. */
export const gridSize = 4;

/** To the grid. */
export function snap({ x, y }: Position): Position {
  return { x: Math.round(x / gridSize) * gridSize, y: Math.round(y / gridSize) * gridSize };
}

function layerLabel(kind: string): Text {
  return findLayer(kind)?.label ?? text(kind, kind);
}

function added(session: Session, node: NetworkNode): void {
  session.project.select([node.id]);
  announce(session, fill(words().announceAdded, { node: title(session, node.id)[useUi.getState().language] }));
}

/** Puts a layer where the pointer let it go; its middle is the point. */
export function dropLayer(session: Session, kind: string, at: Position, params?: RawParams): void {
  const node = newNode(session, kind, params, { x: at.x - nodeWidth / 2, y: at.y - nodeHeight(1) / 2 });
  if (run(session, editLabel('insertLabel', { layer: layerLabel(kind) }), [{ type: 'addNode', node }]).ok)
    added(session, node);
}

/** Puts a layer into a wire. */
export function dropLayerOnWire(session: Session, kind: string, edge: NetworkEdge, params?: RawParams): void {
  const node = newNode(session, kind, params);
  const label = editLabel('insertOnWireLabel', { layer: layerLabel(kind) });
  if (run(session, label, [{ type: 'insertOnEdge', edge, node }]).ok) added(session, node);
}

/** A layer that takes no input cannot stand behind another, and nothing can stand behind what has no output. */
function takesInput(kind: string): boolean {
  return findLayer(kind)?.inputs.arity !== 'none';
}

/** The node a layer is inserted after: the only selected one, or the network's only output when nothing is selected. */
export function insertionPoint(session: Session): string | null {
  const { selection, analysis, document } = session.project.getState();
  const [only] = selection;
  if (selection.size === 1 && only !== undefined) return only;
  const [output] = analysis.outputs;
  return selection.size === 0 && analysis.outputs.length === 1 && document.nodes.length > 0 ? (output ?? null) : null;
}

/** Inserts a layer by keyboard: behind the selection, taking over its consumers; on its own where there is no such place. */
export function insertLayer(session: Session, kind: string, params?: RawParams): void {
  const after = insertionPoint(session);
  const node = newNode(session, kind, params);
  if (after === null || !takesInput(kind)) {
    if (run(session, editLabel('insertLabel', { layer: layerLabel(kind) }), [{ type: 'addNode', node }]).ok)
      added(session, node);
    return;
  }
  const label = editLabel('insertAfterLabel', { layer: layerLabel(kind), node: title(session, after) });
  if (run(session, label, [{ type: 'insertAfter', after, node }]).ok) added(session, node);
}

/** Deletes the selected nodes and wires as one step. With `heal`, the chain closes over a node with one source. */
export function deleteSelection(session: Session, heal: boolean): void {
  const { selection } = session.project.getState();
  const ids = [...selection];
  const inSelection = (edge: NetworkEdge): boolean => selection.has(edge.from) || selection.has(edge.to);
  const wires = flowOf(session)
    .selectedEdges()
    .filter((edge) => !inSelection(edge));
  const [only] = ids;
  const frames = selectedFrames(session);
  if (ids.length === 0 && wires.length === 0 && frames.length === 0) return;
  const edits: Edit[] = [...disconnected(wires)];
  if (frames.length > 0) edits.push({ type: 'removeFrames', ids: frames.map(({ id }) => id) });
  if (ids.length > 0) edits.push({ type: 'removeNodes', ids, heal });
  const label =
    only === undefined
      ? frames.length > 0
        ? deleteLabel(frames)
        : editLabel('deleteWireLabel')
      : ids.length === 1
        ? editLabel('deleteLabel', { node: title(session, only) })
        : editLabel('deleteManyLabel', { count: ids.length });
  const next = only === undefined ? null : neighbourOf(session, only);
  if (!run(session, label, edits).ok) return;
  // Only the focus goes on: were its node selected, a second press would delete what nobody chose.
  if (next !== null && ids.length === 1) focusNode(session, next);
  if (ids.length > 0) announce(session, fill(words().announceDeleted, { count: ids.length }));
  else if (frames.length > 0) announce(session, messages('frames', useUi.getState().language).announceDeleted);
}

/** The node that has the focus after another is gone, so that the keyboard goes on from there. */
function neighbourOf(session: Session, id: string): string | null {
  const { edges } = session.project.getState().document;
  return edges.find((edge) => edge.to === id)?.from ?? edges.find((edge) => edge.from === id)?.to ?? null;
}

/**
 * Adds a wire, in place of the one in its port if there is one, as one step. `from` may be given backwards by the pointer; the caller has
 * sorted that out.
 */
export function connectNodes(session: Session, edge: NetworkEdge): boolean {
  const { document, analysis } = session.project.getState();
  const refused = checkWire(session, edge);
  if (!refused.ok) {
    // The whole reason stood beside the pointer; this is what remains of it.
    for (const { summary } of refused.diagnostics) notify(summary[useUi.getState().language], 'error');
    return false;
  }
  const displaced = displacedBy(session, edge);
  // The same wire again: it is there already.
  if (displaced.some(({ from }) => from === edge.from)) return true;
  const label = editLabel(displaced.length > 0 ? 'rewireLabel' : 'connectLabel', {
    from: titleById(document, analysis, edge.from),
    to: titleById(document, analysis, edge.to),
  });
  const isDone = run(session, label, [...disconnected(displaced), { type: 'connect', edge }]).ok;
  const { language } = useUi.getState();
  if (isDone)
    announce(
      session,
      fill(words().announceWired, { from: title(session, edge.from)[language], to: title(session, edge.to)[language] }),
    );
  return isDone;
}

function disconnected(edges: Iterable<NetworkEdge>): readonly Edit[] {
  return [...edges].map((edge) => ({ type: 'disconnect', edge }));
}

/** Moves one end of a wire elsewhere, in place of a wire that is there. */
export function reconnectWire(session: Session, before: NetworkEdge, after: NetworkEdge): void {
  if (isSameEdge(before, after)) return;
  const refused = checkWire(session, after);
  if (!refused.ok) {
    notifyDiagnostics(refused.diagnostics);
    return;
  }
  const gone = [before, ...displacedBy(session, after).filter((edge) => !isSameEdge(edge, before))];
  // Its node has such a wire already: what is left to do is to take this one away.
  const isThere = gone.some((edge) => isSameEdge(edge, after));
  const label = editLabel('rewireLabel', { from: title(session, after.from), to: title(session, after.to) });
  run(session, label, isThere ? disconnected([before]) : [...disconnected(gone), { type: 'connect', edge: after }]);
}

/** Takes a wire away whose end was let go over nothing. */
export function removeWire(session: Session, edge: NetworkEdge): void {
  if (run(session, editLabel('deleteWireLabel'), disconnected([edge])).ok) announce(session, words().announceUnwired);
}

/** Keeps where nodes were put, as one step: to the pixel, as what is in line with something stays so. */
export function placeNodes(session: Session, positions: Readonly<Record<string, Position>>, given?: Text): void {
  const ids = Object.keys(positions);
  const [only] = ids;
  if (only === undefined) return;
  const label =
    given ??
    (ids.length === 1
      ? editLabel('moveLabel', { node: title(session, only) })
      : editLabel('moveManyLabel', { count: ids.length }));
  const whole = Object.entries(positions).map(([id, { x, y }]): [string, Position] => [
    id,
    { x: Math.round(x), y: Math.round(y) },
  ]);
  const places = Object.fromEntries(whole);
  const { document } = session.project.getState();
  run(session, label, [{ type: 'moveNodes', positions: places }, ...carriedWires(document, places)]);
}

/** Keeps where nodes were moved to, on the grid, as one step. */
export function moveNodes(session: Session, positions: Readonly<Record<string, Position>>): void {
  placeNodes(session, Object.fromEntries(Object.entries(positions).map(([id, position]) => [id, snap(position)])));
}

/** Moves the selection by keyboard. */
export function nudgeSelection(session: Session, dx: number, dy: number): void {
  if (selectedFrames(session).length > 0) {
    moveFrames(session, { x: dx, y: dy });
    return;
  }
  const { document, selection } = session.project.getState();
  const moved = document.nodes.flatMap((node): [string, Position][] => {
    const { position } = node;
    return selection.has(node.id) && position ? [[node.id, { x: position.x + dx, y: position.y + dy }]] : [];
  });
  moveNodes(session, Object.fromEntries(moved));
}

/** Puts a node that hangs loose into the wire it was dropped on. */
export function moveIntoWire(session: Session, id: string, edge: NetworkEdge): boolean {
  const { document } = session.project.getState();
  const isLoose = !document.edges.some((wire) => wire.from === id || wire.to === id);
  const port = freePort(document, id);
  if (!isLoose || port === null) return false;
  return run(session, editLabel('insertOnWireLabel', { layer: title(session, id) }), [
    { type: 'disconnect', edge },
    { type: 'connect', edge: { from: edge.from, to: id, ...(port === 0 ? {} : { toPort: port }) } },
    { type: 'connect', edge: { ...edge, from: id } },
  ]).ok;
}

export function selectAll(session: Session): void {
  const { nodes, frames = [] } = session.project.getState().document;
  selectBoth(
    session,
    nodes.map(({ id }) => id),
    frames.map(({ id }) => id),
  );
}
