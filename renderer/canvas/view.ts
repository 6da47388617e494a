import type { ReactFlowInstance, Viewport } from 'reactflow';
import { getNodesBounds, getViewportForBounds } from 'reactflow';
import { areaAround, areaOfFrame, type Area } from '../../shared/layout/frames';
import type { Frame, Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { canvasOf, sessionPart } from '../session';
import type { LayerFlowNode, WireFlowEdge } from './flow';
import { flowOf } from './flow';
import { nodeHeight, nodeWidth } from './geometry';

type Camera = ReactFlowInstance<LayerFlowNode, WireFlowEdge>;

/** A session's camera while its canvas is mounted. Commands outside the canvas move it through the functions below. */
const cameraSlotOf = sessionPart((): { camera: Camera | null } => ({ camera: null }));

function cameraOf(session: Session): Camera | null {
  return cameraSlotOf(canvasOf(session)).camera;
}

/** Whether a session's canvas is mounted. */
export function isOnScreen(session: Session): boolean {
  return cameraOf(session) !== null;
}

/** The session's canvas in the page: two may be side by side, with nodes of equal ids. */
export function paneOf(session: Session): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-session="${CSS.escape(canvasOf(session).id)}"] .react-flow`);
}

/** How long a change of place is shown. */
export const motionMs = 150;

const wantsStillness = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null;

function duration(): number {
  return wantsStillness?.matches === true ? 0 : motionMs;
}

export function adoptCamera(session: Session, next: Camera | null): void {
  cameraSlotOf(session).camera = next;
}

/** How far and how near the canvas is seen. */
export const zoomRange = { minZoom: 0.08, maxZoom: 2 } as const;

/** The room that a canvas has, in window pixels. */
export type Pane = { readonly width: number; readonly height: number };

/** Room around a network that is shown whole; below it the tools of the view have theirs. */
const fitting = { padding: { top: 0.08, left: 0.08, right: 0.08, bottom: '60px' }, maxZoom: 1 } as const;

/** Shows the whole network, no larger than life, and all frames and notes. */
export function fitNetwork(session: Session): void {
  const camera = cameraOf(session);
  // The canvas may have gone while nodes were on their way.
  if (!camera) return;
  // React Flow may hear of a new size later than this does.
  const pane = paneOf(session)?.getBoundingClientRect();
  if (pane === undefined) return;
  const { nodes } = flowOf(session).store.getState();
  const viewport = fittedViewport(nodes, pane, shownFrames(session), legendIn(session));
  if (viewport) void camera.setViewport(viewport, { duration: duration() });
}

/** Shows exactly this. */
export function setView(session: Session, view: Viewport): void {
  void cameraOf(session)?.setViewport(view, { duration: duration() });
}

/** Where a legend lies over a session's canvas, from its corner; null while there is none. */
function legendIn(session: Session): Area | null {
  const pane = paneOf(session);
  const legend = pane?.closest('[data-session]')?.querySelector('[data-legend]')?.getBoundingClientRect();
  const outer = pane?.getBoundingClientRect();
  if (!legend || !outer) return null;
  return { x: legend.x - outer.x, y: legend.y - outer.y, width: legend.width, height: legend.height };
}

/** Whether a node is shown below an area of the pane. */
function isCovered(nodes: readonly LayerFlowNode[], { x, y, zoom }: Viewport, area: Area): boolean {
  return nodes.some(({ position, width, height }) => {
    const [left, top] = [position.x * zoom + x, position.y * zoom + y];
    const isBeside = left > area.x + area.width || left + (width ?? nodeWidth) * zoom < area.x;
    return !isBeside && top <= area.y + area.height && top + (height ?? nodeHeight(1)) * zoom >= area.y;
  });
}

/** Shows a network that is seen whole anew where its legend has come to lie over a node; a view that was chosen stays. */
export function clearLegend(session: Session): void {
  const viewport = cameraOf(session)?.getViewport();
  const legend = legendIn(session);
  if (viewport === undefined || legend === null || !seesAll(session)) return;
  if (isCovered(flowOf(session).store.getState().nodes, viewport, legend)) fitNetwork(session);
}

/** Where a session's frames, or some frames, are shown, blocks that are open in them included. */
export function shownFrames(
  session: Session,
  frames = session.project.getState().document.frames ?? [],
): readonly Area[] {
  return frames.map((frame) => flowOf(session).shownArea(areaOfFrame(frame)));
}

/**
 * The view that shows nodes whole in a pane; where the legend would cover one, above or beside it, where they are larger. Undefined where there
 * are none: a fit of nothing is no view.
 */
export function fittedViewport(
  nodes: readonly LayerFlowNode[],
  { width, height }: Pane,
  frames: readonly Area[] = [],
  legend: Area | null = null,
): Viewport | undefined {
  const drawn = nodes.length === 0 ? [] : [getNodesBounds([...nodes])];
  const bounds = areaAround([...drawn, ...frames]);
  if (bounds === undefined) return undefined;
  const { padding, maxZoom } = fitting;
  const fit = (room: Parameters<typeof getViewportForBounds>[5]): Viewport =>
    getViewportForBounds(bounds, width, height, zoomRange.minZoom, maxZoom, room);
  const whole = fit(padding);
  if (legend === null || !isCovered(nodes, whole, legend)) return whole;
  const above = fit({ ...padding, bottom: `${Math.ceil(height - legend.y) + 8}px` });
  const beside = fit({ ...padding, right: `${Math.ceil(width - legend.x) + 8}px` });
  return above.zoom >= beside.zoom ? above : beside;
}

export function zoomIn(session: Session): void {
  void cameraOf(session)?.zoomIn({ duration: duration() });
}

export function zoomOut(session: Session): void {
  void cameraOf(session)?.zoomOut({ duration: duration() });
}

/** Moves a point of the pane to another one and scales around it, as two fingers do. */
export function moveView(session: Session, from: Position, to: Position, scale: number): void {
  const camera = cameraOf(session);
  if (!camera) return;
  const { x, y, zoom } = camera.getViewport();
  const next = Math.min(zoomRange.maxZoom, Math.max(zoomRange.minZoom, zoom * scale));
  const grown = next / zoom;
  void camera.setViewport({ x: to.x - (from.x - x) * grown, y: to.y - (from.y - y) * grown, zoom: next });
}

/** A point of the window as a place of the document. */
export function toCanvas(session: Session, point: Position): Position {
  const shown = cameraOf(session)?.screenToFlowPosition(point);
  if (shown === undefined) return point;
  const canvas = flowOf(canvasOf(session));
  const frame = canvasOf(session) === session ? undefined : canvas.frameOf(session);
  if (frame === undefined) return canvas.documentPlace(shown, null);
  return { x: shown.x - frame.x, y: shown.y - frame.y };
}

/** Where a node is shown on the canvas, also one of a block that is open there. */
export function placeOnCanvas(session: Session, id: string): Position | undefined {
  const place = flowOf(session).shownPlace(id);
  const canvas = canvasOf(session);
  if (canvas === session || place === undefined) return place;
  const frame = flowOf(canvas).frameOf(session);
  return frame && { x: place.x + frame.x, y: place.y + frame.y };
}

/** A place of the canvas in window pixels; a third into the pane for none. */
export function toWindow(session: Session, place: Position | null): Position {
  const point = place && cameraOf(session)?.flowToScreenPosition(place);
  if (point) return point;
  const pane = paneOf(session)?.getBoundingClientRect();
  return pane ? { x: pane.x + pane.width / 3, y: pane.y + pane.height / 3 } : { x: 0, y: 0 };
}

/** A network that is at least this large when it all fits is shown whole rather than panned. */
const readableZoom = 0.7;
export const viewMargin = 24;
/** Below, the tools of the view lie over the canvas. */
export const toolsMargin = 60;

/** How far to move the view along one axis, so that a node from `near` to `far` lies between the margins of the pane. */
function shortfall(near: number, far: number, size: number, farMargin = viewMargin): number {
  if (near < viewMargin) return viewMargin - near;
  return far > size - farMargin ? size - farMargin - far : 0;
}

/** Shows some nodes whole, no larger than life. */
export function fitNodes(session: Session, ids: Iterable<string>): void {
  const nodes = [...ids].map((id) => ({ id }));
  void cameraOf(session)?.fitView({ ...fitting, nodes, duration: duration() });
}

/** Shows the network in its own size, around the middle of what is seen. */
export function zoomToFullSize(session: Session): void {
  void cameraOf(session)?.zoomTo(1, { duration: duration() });
}

/** The canvas's scale; 1 is life-size. */
export function zoomOf(session: Session): number {
  return cameraOf(session)?.getZoom() ?? 1;
}

/** Brings a node into view if it is not: the whole network where that stays readable, else by the shortest way. */
export function revealNode(session: Session, id: string): void {
  const camera = cameraOf(session);
  const place = placeOnCanvas(session, id);
  const pane = paneOf(session)?.getBoundingClientRect();
  if (!place || !camera || !pane) return;
  const { x, y, zoom } = camera.getViewport();
  const left = place.x * zoom + x;
  const top = place.y * zoom + y;
  const dx = shortfall(left, left + nodeWidth * zoom, pane.width);
  const dy = shortfall(top, top + nodeHeight(1) * zoom, pane.height, toolsMargin);
  if (dx === 0 && dy === 0) return;
  const bounds = camera.getNodesBounds(camera.getNodes());
  const fittingZoom = Math.min(pane.width / bounds.width, pane.height / bounds.height) * 0.9;
  if (fittingZoom >= readableZoom) fitNetwork(canvasOf(session));
  else void camera.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: duration() });
}

/** True when every node lies in the pane, or in one of a size that it had: then the user sees the whole network. */
export function seesAll(session: Session, size?: { readonly width: number; readonly height: number }): boolean {
  const camera = cameraOf(session);
  if (!camera) return false;
  const pane = size ?? paneOf(session)?.getBoundingClientRect();
  if (!pane) return false;
  const { x, y, zoom } = camera.getViewport();
  // A block that is open is larger than a card.
  return camera.getNodes().every(({ position, width, height }) => {
    const [left, top] = [position.x * zoom + x, position.y * zoom + y];
    const [right, bottom] = [left + (width ?? nodeWidth) * zoom, top + (height ?? nodeHeight(1)) * zoom];
    return left >= 0 && top >= 0 && right <= pane.width && bottom <= pane.height;
  });
}

/** Once nodes have arrived where an edit moved them, shows the whole network again if that took some out of view. */
export function keepAllInView(session: Session): void {
  setTimeout(() => {
    if (!seesAll(session)) fitNetwork(session);
  }, motionMs + 20);
}

/** Brings a node into view and gives it the focus. */
export function goToNode(session: Session, id: string): void {
  // A frame later: a node that was just inserted may be on its way to its place.
  requestAnimationFrame(() => revealNode(session, id));
  focusNode(session, id);
}

/** A node of a block that is open in its place: its session has a frame rather than a canvas. */
function framedNode(session: Session, id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(
    `[data-session="${CSS.escape(session.id)}"] [data-framed-id="${CSS.escape(id)}"]`,
  );
}

/** Gives a frame the focus once it is in the page. */
export function focusFrame(session: Session, id: string): void {
  requestAnimationFrame(() => {
    paneOf(session)
      ?.querySelector<HTMLElement>(`[data-frame="${CSS.escape(id)}"]`)
      ?.focus({ preventScroll: true });
  });
}

/** Brings a frame into view. */
export function revealFrame(session: Session, frame: Frame): void {
  const camera = cameraOf(session);
  const pane = paneOf(session)?.getBoundingClientRect();
  const viewport = pane === undefined ? undefined : fittedViewport([], pane, shownFrames(session, [frame]));
  if (viewport) void camera?.setViewport(viewport, { duration: duration() });
}

/** Gives a node the focus once it is in the page (a large network shows only what is in view). */
export function focusNode(session: Session, id: string): void {
  const tryFocus = (attempts: number): void => {
    const element =
      paneOf(session)?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`) ??
      framedNode(session, id);
    if (element) element.focus({ preventScroll: true });
    else if (attempts > 0) requestAnimationFrame(() => tryFocus(attempts - 1));
  };
  requestAnimationFrame(() => tryFocus(12));
}

/** Gives the keyboard to the canvas: to the node that is selected, else to the first; to the bare canvas while there is none. */
export function focusCanvas(session: Session): void {
  const { selection, document: network } = session.project.getState();
  const [id = network.nodes[0]?.id] = selection;
  if (id !== undefined) {
    goToNode(session, id);
    return;
  }
  focusPane(session);
}

/** Gives the keyboard to the bare canvas. */
export function focusPane(session: Session): void {
  const pane = paneOf(session);
  pane?.setAttribute('tabindex', '-1');
  pane?.focus({ preventScroll: true });
}
