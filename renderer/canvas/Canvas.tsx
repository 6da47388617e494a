import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Viewport } from 'reactflow';
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
import { ProblemCard } from '../problems/ProblemCard';
import type { Session } from '../session';
import { useSession } from '../session';
import { remember, useUi } from '../store';
import { familyColour } from '../ui/LayerGlyph';
import styles from './Canvas.module.css';
import { CanvasMenu } from './CanvasMenu';
import { ConnectionHint } from './ConnectionHint';
import { EmptyCanvas } from './EmptyCanvas';
import { KeyboardWire } from './KeyboardWire';
import { LayerNode } from './LayerNode';
import { LiveRegion } from './LiveRegion';
import { pointerHandlers } from './pointer';
import { PulledWire } from './PulledWire';
import { ViewControls } from './ViewControls';
import { Wire } from './Wire';
import { dragHandlers } from './dropTarget';
import type { LayerFlowNode, WireFlowEdge } from './flow';
import { useFlow } from './flow';
import { flowHandlers } from './handlers';
import { followProject } from './motion';
import { adoptCamera, fitAtOnce, fitNetwork, legibleZoom, markZoom } from './view';

const nodeTypes = { layer: LayerNode };
const edgeTypes = { wire: Wire };
/** A wire's end is taken hold of this near to it: two ends leave a third of the shortest wire to its middle. */
const reconnectRadius = 18;
/** From here on, nodes out of view leave the page. */
const largeNetwork = 150;

/** Fits the view when a network is shown for the first time; one that was seen before is found as it was left. */
function useFitOnOpen(session: Session): void {
  useEffect(() => {
    if (session.view.getState().viewport !== null) return undefined;
    const frame = requestAnimationFrame(() => fitAtOnce(session));
    return () => cancelAnimationFrame(frame);
  }, [session]);
}

/** Shows the whole network when the canvas gets the window to itself, and when it gives it back. */
function useFitAlone(session: Session): void {
  const isAlone = useUi((state) => state.isCanvasAlone);
  const before = useRef(isAlone);
  useEffect(() => {
    if (before.current === isAlone) return undefined;
    before.current = isAlone;
    // After the panels have gone: React Flow hears of its new size a frame later.
    const timer = setTimeout(() => fitNetwork(session), 60);
    return () => clearTimeout(timer);
  }, [isAlone, session]);
}

function FlowCanvas() {
  const { t } = useText('canvas');
  const session = useSession();
  const handlers = useMemo(() => flowHandlers(session), [session]);
  const pointer = useMemo(() => pointerHandlers(session), [session]);
  const drag = useMemo(() => dragHandlers(session), [session]);
  const nodes = useFlow((state) => state.nodes);
  const edges = useFlow((state) => state.edges);
  const isFar = useStore((state) => state.transform[2] < legibleZoom);
  const isTiny = useStore((state) => state.transform[2] < markZoom);
  const camera = useReactFlow<LayerFlowNode, WireFlowEdge>();
  const hasMinimap = useUi((state) => state.layout['canvas.minimap'] === true);
  useEffect(() => {
    adoptCamera(session, camera);
    return () => adoptCamera(session, null);
  }, [session, camera]);
  useEffect(() => followProject(session), [session]);
  useFitOnOpen(session);
  useFitAlone(session);
  // Only the first is asked for: from then on the camera moves by itself.
  const [start] = useState(() => session.view.getState().viewport);
  const onMoveEnd = useCallback(
    (_event: unknown, viewport: Viewport) => session.view.keepViewport(viewport),
    [session],
  );
  const toggleMinimap = useCallback(() => remember('canvas.minimap', !hasMinimap), [hasMinimap]);
  return (
    <CanvasMenu>
      <div
        className={styles['canvas']}
        data-far={isFar ? true : undefined}
        data-tiny={isTiny ? true : undefined}
        data-session={session.id}
        {...drag}
        {...pointer}
      >
        <ReactFlow<LayerFlowNode, WireFlowEdge>
          // React Flow asks for mutable arrays and does not change them.
          nodes={nodes as LayerFlowNode[]}
          edges={edges as WireFlowEdge[]}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          connectionLineComponent={PulledWire}
          {...handlers}
          {...(start === null ? {} : { defaultViewport: start })}
          onMoveEnd={onMoveEnd}
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
          reconnectRadius={reconnectRadius}
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
                const family = session.project.getState().analysis.nodes.get(node.id)?.definition?.family;
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

/** The network of a session: what the rest of the window is about. */
export function Canvas() {
  const { id } = useSession();
  return (
    // Another session has another drawing and another view: React Flow keeps both by itself, and starts anew with it.
    <ReactFlowProvider key={id}>
      <FlowCanvas />
    </ReactFlowProvider>
  );
}
