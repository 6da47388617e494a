import { useCallback, useEffect, useRef } from 'react';
import type { Connection, EdgeChange, FinalConnectionState, NodeChange, OnConnectStartParams } from 'reactflow';
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
} from 'reactflow';
import 'reactflow/dist/base.css';
import { useText } from '../i18n';
import { remember, useProject, useUi } from '../store';
import { ProblemCard } from '../problems/ProblemCard';
import { familyColour } from '../ui/LayerGlyph';
import styles from './Canvas.module.css';
import { CanvasMenu } from './CanvasMenu';
import { ConnectionHint } from './ConnectionHint';
import { EmptyCanvas } from './EmptyCanvas';
import { KeyboardWire } from './KeyboardWire';
import { LayerNode } from './LayerNode';
import { LiveRegion } from './LiveRegion';
import { PulledWire } from './PulledWire';
import { ViewControls } from './ViewControls';
import { Wire } from './Wire';
import { connectNodes, moveIntoWire, moveNodes, reconnectWire } from './actions';
import { edgeFromConnection, portOfHandle } from './connection';
import { dragHandlers } from './dropTarget';
import type { LayerFlowNode, WireFlowEdge } from './flow';
import { selectWires, showAt, useFlow } from './flow';
import { markWireAt, unmarkWire, useWireDrop } from './layerDrag';
import { followProject } from './motion';
import { applySelection } from './selection';
import { adoptCamera, fitAtOnce, fitNetwork, legibleZoom, markZoom } from './view';
import { bestPort, checkWire, edgeBetween, endWire, startWire, useWiring } from './wiring';

const nodeTypes = { layer: LayerNode };
const edgeTypes = { wire: Wire };
/** From here on, nodes out of view leave the page. */
const largeNetwork = 150;

function onNodesChange(changes: NodeChange<LayerFlowNode>[]): void {
  const moved = changes.flatMap((change) =>
    change.type === 'position' && change.position && change.dragging === true
      ? [[change.id, change.position] as const]
      : [],
  );
  if (moved.length > 0) showAt(new Map(moved));
  applySelection(changes);
}

function onEdgesChange(changes: EdgeChange<WireFlowEdge>[]): void {
  const selected = new Set(useFlow.getState().edges.flatMap((edge) => (edge.selected === true ? [edge.id] : [])));
  for (const change of changes) {
    if (change.type !== 'select') continue;
    if (change.selected) selected.add(change.id);
    else selected.delete(change.id);
  }
  selectWires(selected);
}

function onConnect(connection: Connection): void {
  const edge = edgeFromConnection(connection);
  if (edge) connectNodes(edge);
}

function isValidConnection(connection: Connection | WireFlowEdge): boolean {
  const edge = edgeFromConnection(connection);
  return edge !== null && checkWire(edge).ok;
}

function onConnectStart(_event: unknown, { nodeId, handleId }: OnConnectStartParams): void {
  if (nodeId !== null) startWire({ nodeId, port: portOfHandle(handleId) });
}

/** A wire let go on a node's body goes into the port that would take it, or says why none does. */
function onConnectEnd(_event: unknown, connection: FinalConnectionState): void {
  const { start, hoverNode } = useWiring.getState();
  endWire();
  if (connection.isValid === true || start === null) return;
  const { toNode, toHandle } = connection;
  if (toNode && toHandle) {
    const edge = edgeBetween(start, { nodeId: toNode.id, port: portOfHandle(toHandle.id ?? null) });
    if (edge) connectNodes(edge);
    return;
  }
  if (hoverNode === null || hoverNode === start.nodeId) return;
  const target = bestPort(start, hoverNode);
  const edge = target && edgeBetween(start, target);
  if (edge) connectNodes(edge);
}

function onReconnect(before: WireFlowEdge, connection: Connection): void {
  const after = edgeFromConnection(connection);
  if (before.data && after) reconnectWire(before.data.edge, after);
}

function pointerOf(
  event: MouseEvent | TouchEvent | React.MouseEvent,
): { readonly x: number; readonly y: number } | null {
  if ('clientX' in event) return { x: event.clientX, y: event.clientY };
  const [touch] = event.changedTouches;
  return touch ? { x: touch.clientX, y: touch.clientY } : null;
}

function onNodeDrag(
  event: MouseEvent | TouchEvent | React.MouseEvent,
  node: LayerFlowNode,
  nodes: LayerFlowNode[],
): void {
  const point = pointerOf(event);
  const { edges } = useProject.getState().document;
  const isLoose = nodes.length === 1 && !edges.some((edge) => edge.from === node.id || edge.to === node.id);
  if (point && isLoose) markWireAt(point.x, point.y, node.id);
}

function onNodeDragStop(_event: unknown, node: LayerFlowNode, nodes: LayerFlowNode[]): void {
  const { wireId } = useWireDrop.getState();
  unmarkWire();
  const edge = useFlow.getState().edges.find((candidate) => candidate.id === wireId)?.data?.edge;
  const places = Object.fromEntries(nodes.map(({ id, position }) => [id, position]));
  // The document learns the places first: letting go of the shown ones before would flash the old.
  moveNodes(places);
  showAt(new Map());
  if (edge && nodes.length === 1) moveIntoWire(node.id, edge);
}

/** Fits the view when another network is opened; what the user builds stays where it was put. */
function useFitOnOpen(): void {
  const projectKey = useProject((state) => state.projectKey);
  useEffect(() => {
    const frame = requestAnimationFrame(fitAtOnce);
    return () => cancelAnimationFrame(frame);
  }, [projectKey]);
}

/** Shows the whole network when the canvas gets the window to itself, and when it gives it back. */
function useFitAlone(): void {
  const isAlone = useUi((state) => state.isCanvasAlone);
  const before = useRef(isAlone);
  useEffect(() => {
    if (before.current === isAlone) return undefined;
    before.current = isAlone;
    // After the panels have gone: React Flow hears of its new size a frame later.
    const timer = setTimeout(fitNetwork, 60);
    return () => clearTimeout(timer);
  }, [isAlone]);
}

function FlowCanvas() {
  const { t } = useText('canvas');
  const nodes = useFlow((state) => state.nodes);
  const edges = useFlow((state) => state.edges);
  const isFar = useStore((state) => state.transform[2] < legibleZoom);
  const isTiny = useStore((state) => state.transform[2] < markZoom);
  const camera = useReactFlow<LayerFlowNode, WireFlowEdge>();
  const hasMinimap = useUi((state) => state.layout['canvas.minimap'] === true);
  useEffect(() => {
    adoptCamera(camera);
    return () => adoptCamera(null);
  }, [camera]);
  useEffect(followProject, []);
  useFitOnOpen();
  useFitAlone();
  const toggleMinimap = useCallback(() => remember('canvas.minimap', !hasMinimap), [hasMinimap]);
  return (
    <CanvasMenu>
      <div
        className={styles['canvas']}
        data-far={isFar ? true : undefined}
        data-tiny={isTiny ? true : undefined}
        {...dragHandlers}
      >
        <ReactFlow<LayerFlowNode, WireFlowEdge>
          // React Flow asks for mutable arrays and does not change them.
          nodes={nodes as LayerFlowNode[]}
          edges={edges as WireFlowEdge[]}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          connectionLineComponent={PulledWire}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onConnect={onConnect}
          onConnectStart={onConnectStart}
          onConnectEnd={onConnectEnd}
          onReconnect={onReconnect}
          isValidConnection={isValidConnection}
          onNodeDrag={onNodeDrag}
          onNodeDragStop={onNodeDragStop}
          onlyRenderVisibleElements={nodes.length > largeNetwork}
          connectionRadius={22}
          connectOnClick={false}
          minZoom={0.08}
          maxZoom={2}
          panOnScroll
          zoomOnDoubleClick={false}
          selectionMode={SelectionMode.Partial}
          multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
          deleteKeyCode={null}
          disableKeyboardA11y
          edgesFocusable={false}
          edgesReconnectable
          nodeDragThreshold={3}
          elevateNodesOnSelect={false}
          proOptions={{ hideAttribution: true }}
          aria-label={t.canvas}
          role="application"
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--dot)" bgColor="var(--ground)" />
          <KeyboardWire />
          <ProblemCard />
          {hasMinimap ? (
            <MiniMap<LayerFlowNode>
              className={styles['minimap'] ?? ''}
              ariaLabel={t.minimap}
              position="bottom-left"
              pannable
              zoomable
              nodeBorderRadius={12}
              nodeColor={(node) => {
                const family = useProject.getState().analysis.nodes.get(node.id)?.definition?.family;
                return family ? familyColour(family) : 'var(--wire)';
              }}
            />
          ) : null}
        </ReactFlow>
        <ConnectionHint />
        <EmptyCanvas />
        <ViewControls hasMinimap={hasMinimap} onToggleMinimap={toggleMinimap} />
        <LiveRegion />
      </div>
    </CanvasMenu>
  );
}

/** The network: what the rest of the window is about. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <FlowCanvas />
    </ReactFlowProvider>
  );
}
