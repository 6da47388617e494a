import type { ReactFlowInstance } from 'reactflow';
import type { Position } from '../../shared/graph/document';
import type { LayerFlowNode, WireFlowEdge } from './flow';
import { shownPlace } from './flow';
import { nodeHeight, nodeWidth } from './geometry';

/** The canvas' camera while it is mounted. Commands outside the canvas move it through the functions below. */
let camera: ReactFlowInstance<LayerFlowNode, WireFlowEdge> | null = null;

const wantsStillness = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null;

function duration(): number {
  return wantsStillness?.matches === true ? 0 : 150;
}

export function adoptCamera(next: ReactFlowInstance<LayerFlowNode, WireFlowEdge> | null): void {
  camera = next;
}

/** Shows the whole network, no larger than life. */
export function fitNetwork(): void {
  void camera?.fitView({ padding: 0.08, maxZoom: 1, duration: duration() });
}

/** As {@link fitNetwork}, at once: for a network that was just opened. React Flow would keep a fit of nothing for the first node. */
export function fitAtOnce(): void {
  if (camera && camera.getNodes().length > 0) void camera.fitView({ padding: 0.08, maxZoom: 1 });
}

export function zoomIn(): void {
  void camera?.zoomIn({ duration: duration() });
}

export function zoomOut(): void {
  void camera?.zoomOut({ duration: duration() });
}

/** A point of the window, in canvas pixels. */
export function toCanvas(point: Position): Position {
  return camera?.screenToFlowPosition(point) ?? point;
}

/** A point of the canvas, in window pixels. */
export function toWindow(point: Position): Position {
  return camera?.flowToScreenPosition(point) ?? point;
}

/** Brings a node into view if it is not, and gives it the focus. */
export function goToNode(id: string): void {
  const place = shownPlace(id);
  if (!place || !camera) return;
  const pane = document.querySelector('.react-flow')?.getBoundingClientRect();
  const corner = camera.flowToScreenPosition(place);
  const far = camera.flowToScreenPosition({ x: place.x + nodeWidth, y: place.y + nodeHeight(1) });
  const isInView =
    pane !== undefined && corner.x > pane.left && corner.y > pane.top && far.x < pane.right && far.y < pane.bottom;
  if (!isInView) {
    const zoom = Math.max(0.8, camera.getZoom());
    void camera.setCenter(place.x + nodeWidth / 2, place.y + nodeHeight(1) / 2, { zoom, duration: duration() });
  }
  focusNode(id);
}

/** Gives a node the focus once it is in the page (a large network shows only what is in view). */
export function focusNode(id: string): void {
  const tryFocus = (attempts: number): void => {
    const element = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
    if (element) element.focus({ preventScroll: true });
    else if (attempts > 0) requestAnimationFrame(() => tryFocus(attempts - 1));
  };
  requestAnimationFrame(() => tryFocus(12));
}
