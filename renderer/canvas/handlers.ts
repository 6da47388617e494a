import type { Connection, EdgeChange, FinalConnectionState, NodeChange, OnConnectStartParams } from 'reactflow';
import type { NetworkEdge } from '../../shared/schema/document';
import type { Session } from '../session';
import { chooseFrame } from '../session';
import { connectNodes, moveIntoWire, placeNodes, reconnectWire, removeWire, snap } from './actions';
import { duplicateNodes } from './clipboard';
import { enterNode } from './blocks';
import { edgeFromConnection, portOfHandle } from './connection';
import { markedEdge } from './dropTarget';
import type { LayerFlowNode, WireFlowEdge } from './flow';
import { flowOf } from './flow';
import { pointAtNode } from './field';
import { clearGuides, snapDragged } from './guides';
import { isOverCanvas, markWireAt, unmarkWire } from './layerDrag';
import { clearFrames, selectFramesWithin } from './frameStore';
import { addPlace } from './leading';
import { openQuickInsert } from './quickInsert';
import { toCanvas } from './view';
import { applySelection } from './selection';
import { tapNode, tapPane } from './tapWire';
import { isPinching } from './touch';
import type { WireStart } from './wiring';
import {
  bestPort,
  checkWire,
  edgeBetween,
  endWire,
  isPulledOff,
  moveWire,
  movingWire,
  startWire,
  wiringState,
} from './wiring';

type Point = { readonly x: number; readonly y: number };
type AnyPointerEvent = MouseEvent | TouchEvent | React.MouseEvent;

function pointerOf(event: AnyPointerEvent): Point | null {
  if ('clientX' in event) return { x: event.clientX, y: event.clientY };
  const [touch] = event.changedTouches;
  return touch ? { x: touch.clientX, y: touch.clientY } : null;
}

function onNodesChange(session: Session, changes: NodeChange<LayerFlowNode>[]): void {
  const moved = changes.flatMap((change) =>
    change.type === 'position' && change.position && change.dragging === true
      ? [[change.id, change.position] as const]
      : [],
  );
  if (moved.length > 0) flowOf(session).showAt(snapDragged(session, new Map(moved)));
  applySelection(session, changes);
}

function onEdgesChange(session: Session, changes: EdgeChange<WireFlowEdge>[]): void {
  const flow = flowOf(session);
  const selected = new Set(flow.store.getState().edges.flatMap((edge) => (edge.selected === true ? [edge.id] : [])));
  for (const change of changes) {
    if (change.type !== 'select') continue;
    if (change.selected) selected.add(change.id);
    else selected.delete(change.id);
  }
  flow.selectWires(selected);
}

/** Where a wire was let go: at a port, or on a node's body, which stands for the port that would take it; null over nothing. */
function edgeAtRelease(session: Session, { toNode, toHandle }: FinalConnectionState): NetworkEdge | null {
  const { start, hoverNode } = wiringState(session);
  if (start === null) return null;
  if (toNode && toHandle) return edgeBetween(start, { nodeId: toNode.id, port: portOfHandle(toHandle.id ?? null) });
  if (hoverNode === null || hoverNode === start.nodeId) return null;
  const target = bestPort(session, start, hoverNode);
  return target && edgeBetween(start, target);
}

/** A wire let go on a node's body goes into the port that would take it, or says why none does; a wire's own end over nothing is let go. */
function onConnectEnd(
  session: Session,
  connection: FinalConnectionState,
  released: Point | null,
  isFar: boolean,
): void {
  const { start } = wiringState(session);
  const edge = connection.isValid === true ? null : edgeAtRelease(session, connection);
  const moving = movingWire(session);
  const isOverNothing = connection.isValid !== true && edge === null && wiringState(session).hoverNode === null;
  endWire(session);
  moveWire(session, null);
  if (moving === null) {
    if (edge) connectNodes(session, edge);
    else if (isOverNothing && !connection.toHandle) askWhatFollows(session, start, released, isFar);
  } else if (edge) reconnectWire(session, moving, edge);
  else if (isOverNothing && isFar) removeWire(session, moving);
}

/** A wire from a port that is let go over the bare canvas asks what it should lead to. */
function askWhatFollows(session: Session, start: WireStart | null, released: Point | null, isFar: boolean): void {
  if (start !== null && released !== null && isFar && isOverCanvas(released.x, released.y)) {
    openQuickInsert(session, { point: released, from: start });
  }
}

function onNodeDrag(session: Session, event: AnyPointerEvent, node: LayerFlowNode, nodes: LayerFlowNode[]): void {
  const point = pointerOf(event);
  const { edges } = session.project.getState().document;
  const isLoose = nodes.length === 1 && !edges.some((edge) => edge.from === node.id || edge.to === node.id);
  if (point && isLoose) markWireAt(point.x, point.y, node.id);
}

function onNodeDragStop(session: Session, event: AnyPointerEvent, node: LayerFlowNode, nodes: LayerFlowNode[]): void {
  const edge = markedEdge(session);
  unmarkWire();
  clearGuides(session);
  if (isPinching(session)) {
    // A second finger came: the first did not mean to move the node.
    flowOf(session).showAt(new Map());
    return;
  }
  if (event.altKey) {
    leaveCopies(session, node, nodes, event.shiftKey);
    return;
  }
  // Where they are shown, which is in line with others: React Flow knows where the pointer has them.
  const { shownPlace, documentPlace } = flowOf(session);
  const places = Object.fromEntries(
    nodes.map(({ id, position }) => [id, documentPlace(shownPlace(id) ?? position, id)]),
  );
  // The document learns the places first: letting go of the shown ones before would flash the old.
  placeNodes(session, places);
  flowOf(session).showAt(new Map());
  if (edge && nodes.length === 1) moveIntoWire(session, node.id, edge);
}

/** With Alt, copies stay where the nodes were dragged to, and the nodes are back where they came from. */
function leaveCopies(
  session: Session,
  node: LayerFlowNode,
  nodes: readonly LayerFlowNode[],
  keepsSources: boolean,
): void {
  const { document } = session.project.getState();
  const before = document.nodes.find(({ id }) => id === node.id)?.position;
  flowOf(session).showAt(new Map());
  if (before === undefined) return;
  const after = flowOf(session).documentPlace(node.position, node.id);
  const shift = { x: after.x - before.x, y: after.y - before.y };
  duplicateNodes(session, new Set(nodes.map(({ id }) => id)), snap(shift), keepsSources);
}

/** What React Flow reports of a session's canvas, as edits of that session. */
export function flowHandlers(session: Session) {
  let grabbed: Point | null = null;
  let corner: Point | null = null;
  return {
    onSelectionStart: (event: AnyPointerEvent): void => void (corner = pointerOf(event)),
    onSelectionEnd: (event: AnyPointerEvent): void => {
      const end = pointerOf(event);
      if (corner && end) selectFramesWithin(session, toCanvas(session, corner), toCanvas(session, end));
      corner = null;
    },
    onNodesChange: (changes: NodeChange<LayerFlowNode>[]) => onNodesChange(session, changes),
    onEdgesChange: (changes: EdgeChange<WireFlowEdge>[]) => onEdgesChange(session, changes),
    onConnect: (connection: Connection): void => {
      const edge = edgeFromConnection(connection);
      if (edge) connectNodes(session, edge);
    },
    onConnectStart: (event: AnyPointerEvent, { nodeId, handleId }: OnConnectStartParams): void => {
      grabbed = pointerOf(event);
      if (nodeId !== null) startWire(session, { nodeId, port: portOfHandle(handleId) });
    },
    onConnectEnd: (event: AnyPointerEvent, connection: FinalConnectionState) => {
      const released = pointerOf(event);
      const isFar = grabbed !== null && released !== null && isPulledOff(grabbed, released);
      onConnectEnd(session, connection, released, isFar);
    },
    onReconnectStart: (event: AnyPointerEvent, edge: WireFlowEdge): void => {
      grabbed = pointerOf(event);
      moveWire(session, edge.data?.edge ?? null);
    },
    onReconnect: (before: WireFlowEdge, connection: Connection): void => {
      const after = edgeFromConnection(connection);
      if (before.data && after) reconnectWire(session, before.data.edge, after);
    },
    isValidConnection: (connection: Connection | WireFlowEdge): boolean => {
      const edge = edgeFromConnection(connection);
      return edge !== null && checkWire(session, edge).ok;
    },
    // Asked by a pointer that moves: one that lies where a network is opened or scrolled asks nothing, nor does one that drags.
    onNodeMouseMove: ({ movementX, movementY, buttons }: React.MouseEvent, { id }: LayerFlowNode): void => {
      if (buttons === 0 && (movementX !== 0 || movementY !== 0)) pointAtNode(session, id);
    },
    onNodeMouseLeave: (): void => pointAtNode(session, null),
    onNodeDragStart: (): void => pointAtNode(session, null),
    onNodeDrag: (event: AnyPointerEvent, node: LayerFlowNode, nodes: LayerFlowNode[]) =>
      onNodeDrag(session, event, node, nodes),
    // Whoever takes hold of the canvas itself works in no block that is open on it.
    onPaneClick: (event: React.MouseEvent): void => {
      chooseFrame(session, null);
      clearFrames(session);
      tapPane(session, { x: event.clientX, y: event.clientY });
    },
    onEdgeClick: (): void => clearFrames(session),
    onEdgeDoubleClick: (event: React.MouseEvent, { data }: WireFlowEdge): void => {
      if (data) addPlace(session, data.edge, toCanvas(session, { x: event.clientX, y: event.clientY }));
    },
    onNodeClick: (event: React.MouseEvent, node: LayerFlowNode): void => {
      chooseFrame(session, null);
      if (!event.shiftKey && !event.metaKey && !event.ctrlKey) clearFrames(session);
      tapNode(session, node.id);
    },
    onNodeDoubleClick: (_event: unknown, node: LayerFlowNode): void => void enterNode(session, node.id),
    onNodeDragStop: (event: AnyPointerEvent, node: LayerFlowNode, nodes: LayerFlowNode[]) =>
      onNodeDragStop(session, event, node, nodes),
  };
}
