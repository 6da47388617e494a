import type { FocusEvent } from 'react';
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Viewport } from 'reactflow';
import { ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow, useStore, useStoreApi } from 'reactflow';
import 'reactflow/dist/base.css';
import { useText } from '../i18n';
import { ProblemCard } from '../problems/ProblemCard';
import type { Session } from '../session';
import { ChosenProvider, chooseFrame, useSession, rootOf, useWorkspace } from '../session';
import { remember, useUi } from '../store';
import styles from './Canvas.module.css';
import { Breadcrumbs } from './Breadcrumbs';
import { CanvasMenu } from './CanvasMenu';
import { ConnectionHint } from './ConnectionHint';
import { DetailContext, hasDots, useDetailOfView } from './detail';
import { EmptyCanvas } from './EmptyCanvas';
import { FarWires } from './FarWires';
import { FieldCard } from './FieldCard';
import { FindBar } from './FindBar';
import { Frames } from './Frames';
import { Ground } from './Ground';
import { Guides } from './Guides';
import { SharedWeightLines } from './SharedWeightLines';
import { HeatLegend } from './HeatLegend';
import { KeyboardWire } from './KeyboardWire';
import { LayerNode } from './LayerNode';
import { LiveRegion } from './LiveRegion';
import { pointerHandlers } from './pointer';
import { Overview } from './Overview';
import { PulledWire } from './PulledWire';
import { QuickInsert } from './QuickInsert';
import { doubleClickHandler } from './quickInsert';
import { ReplaceRing } from './ReplaceRing';
import { ViewControls } from './ViewControls';
import { CanvasViewSwitch } from '../volumes/ViewSwitch';
import { watchFingers } from './touch';
import { Wire } from './Wire';
import { dragHandlers } from './dropTarget';
import type { LayerFlowNode, WireFlowEdge } from './flow';
import { flowOf, useFlow } from './flow';
import { followWindow } from './followWindow';
import { flowHandlers } from './handlers';
import { followProject } from './motion';
import { isUnreadableWhole, largeNetwork, openingViewport, takeKeyboard } from './opening';
import type { Pane } from './view';
import { useDrawing } from './useDrawing';
import { adoptCamera, fitNetwork, shownFrames, zoomRange } from './view';

const nodeTypes = { layer: LayerNode };
const edgeTypes = { wire: Wire };
/** A wire's end is taken hold of this near to it: two ends leave a third of the shortest wire to its middle. */
const reconnectRadius = 18;
// Made once: React Flow renders its whole view again where it is given another array or object.
const addKeys = ['Shift', 'Meta', 'Control'];
const proOptions = { hideAttribution: true };

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

/** Sizes and ports are given (`flow.ts`): reading them from the page would render every node a second time, and finds no port in a mark. */
function measureNothing(): void {
  // Nothing to do: what is given is right.
}

/**
 * Tells React Flow what it looks at before it draws anything: the view as it was left, else that of opening. What is drawn first is then
 * what is seen first; a view that is set afterwards would have a large network drawn twice.
 */
function useFirstView(pane: Pane): Viewport | undefined {
  const session = useSession();
  const store = useStoreApi();
  // Only the first is asked for: from then on the camera moves by itself.
  const [start] = useState(() => {
    const drawn = flowOf(session).store.getState();
    const view = session.view.getState().viewport ?? openingViewport(drawn, pane, shownFrames(session));
    store.setState({ updateNodeInternals: measureNothing });
    if (view) store.setState({ transform: [view.x, view.y, view.zoom] });
    return view;
  });
  return start;
}

/** Whether a network is opened in a part: then its overview stands beside it, in a room of the size that the canvas has. */
function useNeedsOverview(): boolean {
  const session = useSession();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  return useMemo(
    () => isUnreadableWhole(flowOf(session).store.getState(), { width, height }, shownFrames(session)),
    [session, width, height],
  );
}

function FlowCanvas({ pane }: { readonly pane: Pane }) {
  const workspace = useWorkspace();
  const start = useFirstView(pane);
  const needsOverview = useNeedsOverview();
  const { t } = useText('canvas');
  const session = useSession();
  const handlers = useMemo(() => flowHandlers(session), [session]);
  const pointer = useMemo(() => pointerHandlers(session), [session]);
  const drag = useMemo(() => dragHandlers(session), [session]);
  const search = useMemo(() => doubleClickHandler(session), [session]);
  const isLarge = useFlow(({ nodes }) => nodes.length > largeNetwork);
  const detail = useDetailOfView();
  useDrawing(detail);
  const camera = useReactFlow<LayerFlowNode, WireFlowEdge>();
  // What cannot be read whole has its overview beside it, until somebody wants it otherwise.
  const hasMinimap = useUi((state) => (state.layout['canvas.minimap'] ?? needsOverview) === true);
  useEffect(() => {
    adoptCamera(session, camera);
    return () => adoptCamera(session, null);
  }, [session, camera]);
  useEffect(() => followProject(session), [session]);
  // Beside another network, the one in front keeps the keyboard.
  useEffect(() => (workspace.active() === rootOf(session) ? takeKeyboard(session) : undefined), [session, workspace]);
  useFitAlone(session);
  const drawingId = useId();
  const canvas = useRef<HTMLDivElement>(null);
  useEffect(() => (canvas.current ? watchFingers(session, canvas.current) : undefined), [session]);
  useEffect(() => (canvas.current ? followWindow(session, canvas.current) : undefined), [session]);
  /** Ports keep the size of what takes the pointer. Told when a movement ends: each change is one for the styles of all nodes. */
  const tellZoom = useCallback((zoom: number) => canvas.current?.style.setProperty('--zoom', zoom.toFixed(2)), []);
  useEffect(() => tellZoom(start?.zoom ?? 1), [start, tellZoom]);
  const onMoveEnd = useCallback(
    (_event: unknown, viewport: Viewport) => {
      session.view.keepViewport(viewport);
      tellZoom(viewport.zoom);
    },
    [session, tellZoom],
  );
  const leaveFrame = useCallback(() => chooseFrame(session, null), [session]);
  const onFocus = useCallback(
    ({ target }: FocusEvent) => {
      // The search builds on what was chosen when it was opened.
      if (target.closest('[data-framed-id], [cmdk-root]') === null) leaveFrame();
    },
    [leaveFrame],
  );
  const toggleMinimap = useCallback(() => remember('canvas.minimap', !hasMinimap), [hasMinimap]);
  return (
    <DetailContext value={detail}>
      <CanvasMenu>
        <div
          className={styles['canvas']}
          data-detail={detail}
          data-session={session.id}
          onFocus={onFocus}
          {...drag}
          {...pointer}
          {...search}
          ref={canvas}
        >
          <ReactFlow<LayerFlowNode, WireFlowEdge>
            // Two may be side by side: what they define in the page needs names of its own.
            id={drawingId}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            connectionLineComponent={PulledWire}
            {...handlers}
            {...(start === undefined ? {} : { defaultViewport: start })}
            onMoveEnd={onMoveEnd}
            onlyRenderVisibleElements={isLarge}
            connectionRadius={22}
            connectOnClick={false}
            // A tap is no wire that is pulled, however the finger trembles.
            connectionDragThreshold={4}
            {...zoomRange}
            panOnScroll
            zoomOnDoubleClick={false}
            // Space searches; the canvas is dragged without it.
            panActivationKeyCode={null}
            // A click on the bare canvas gives it the keyboard.
            tabIndex={-1}
            selectionMode={SelectionMode.Partial}
            multiSelectionKeyCode={addKeys}
            deleteKeyCode={null}
            disableKeyboardA11y
            edgesFocusable={false}
            edgesReconnectable
            reconnectRadius={reconnectRadius}
            nodeDragThreshold={3}
            elevateNodesOnSelect={false}
            proOptions={proOptions}
            aria-label={t.canvas}
            role="application"
          >
            {hasDots(detail) ? <Ground /> : null}
            <Frames />
            {detail === 'mark' ? <FarWires /> : null}
            <KeyboardWire />
            <Guides />
            <SharedWeightLines />
            <ReplaceRing />
            <ProblemCard />
            {hasMinimap ? <Overview /> : null}
          </ReactFlow>
          <Breadcrumbs />
          <ConnectionHint />
          <ChosenProvider>
            <QuickInsert />
          </ChosenProvider>
          <EmptyCanvas />
          <FindBar />
          <CanvasViewSwitch />
          <ViewControls hasMinimap={hasMinimap} onToggleMinimap={toggleMinimap} />
          <HeatLegend />
          <FieldCard />
          <LiveRegion />
        </div>
      </CanvasMenu>
    </DetailContext>
  );
}

/** The canvas of a session, in a room that is known before anything is drawn. */
function FirstCanvas({ pane }: { readonly pane: Pane }) {
  const flow = flowOf(useSession());
  const [nodes] = useState(() => {
    flow.refresh();
    return flow.store.getState().nodes;
  });
  return (
    // React Flow asks for a mutable array and does not change it.
    <ReactFlowProvider initialNodes={nodes as LayerFlowNode[]} initialWidth={pane.width} initialHeight={pane.height}>
      <FlowCanvas pane={pane} />
    </ReactFlowProvider>
  );
}

/** The network of a session: what the rest of the window is about. */
export function Canvas() {
  const { id } = useSession();
  const frame = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<(Pane & { readonly id: string }) | null>(null);
  useLayoutEffect(() => {
    if (frame.current) setPane({ id, width: frame.current.clientWidth, height: frame.current.clientHeight });
  }, [id]);
  return (
    <div ref={frame} className={styles['frame']}>
      {pane?.id === id ? (
        // Another session has another drawing and another view: React Flow keeps both by itself, and starts anew with it.
        <FirstCanvas key={id} pane={pane} />
      ) : null}
    </div>
  );
}
