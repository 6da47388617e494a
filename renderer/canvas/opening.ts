import type { Viewport } from 'reactflow';
import { getNodesBounds } from 'reactflow';
import { areaAround, type Area } from '../../shared/layout/frames';
import type { Session } from '../session';
import { readableFrom } from './detail';
import type { LayerFlowNode, WireFlowEdge } from './flow';
import { flowOf } from './flow';
import { nodeHeight, nodeWidth } from './geometry';
import type { Pane } from './view';
import {
  fitNetwork,
  fittedViewport,
  focusPane,
  isOnScreen,
  motionMs,
  paneOf,
  seesAll,
  setView,
  shownFrames,
  toolsMargin,
  viewMargin,
} from './view';

/** From here on, nodes out of view leave the page; and of so many, their shape as a whole says more than the few that can be read at once. */
export const largeNetwork = 150;
/** Of a network that is not shown whole, names and shapes are read without effort. */
const openingZoom = 0.33;

/** A change of the panels has come to the canvas by then, also on a machine that is busy. */
const settlingMs = 500;

type Drawn = { readonly nodes: readonly LayerFlowNode[]; readonly edges: readonly WireFlowEdge[] };

/** Whether a network that is shown whole would be marks without names. */
export function isUnreadableWhole({ nodes }: Pick<Drawn, 'nodes'>, pane: Pane, frames: readonly Area[] = []): boolean {
  const whole = fittedViewport(nodes, pane, frames);
  return whole !== undefined && nodes.length <= largeNetwork && whole.zoom < readableFrom;
}

/** Where along an axis a part is shown: from the beginning on, or as far along as the input is; what fits is in the middle. */
function shift(from: number, size: number, room: number, input: readonly [number, number]): number {
  const spare = room - 2 * viewMargin - size;
  if (spare >= 0) return viewMargin + spare / 2 - from;
  const hidden = Math.max(0, input[1] - from - (room - 2 * viewMargin));
  return viewMargin - from - hidden;
}

/** What a network is seen in when it is opened: all of it, or as much as can be read, from its input on. Undefined where there is nothing. */
export function openingViewport(drawn: Drawn, pane: Pane, frames: readonly Area[] = []): Viewport | undefined {
  const { nodes, edges } = drawn;
  if (!isUnreadableWhole(drawn, pane, frames)) return fittedViewport(nodes, pane, frames);
  const bounds = areaAround([getNodesBounds([...nodes]), ...frames]);
  if (bounds === undefined) return undefined;
  const fed = new Set(edges.map(({ target }) => target));
  const { x, y } = (nodes.find(({ id }) => !fed.has(id)) ?? nodes[0])?.position ?? bounds;
  const zoom = openingZoom;
  const along = (from: number, size: number, room: number, at: number, length: number): number =>
    shift(from * zoom, size * zoom, room, [at * zoom, (at + length) * zoom]);
  return {
    x: along(bounds.x, bounds.width, pane.width, x, nodeWidth),
    y: along(bounds.y, bounds.height, pane.height - toolsMargin + viewMargin, y, nodeHeight(1)),
    zoom,
  };
}

/** Shows a network as it is when it is opened: all of it where that can be read. */
export function showOpening(session: Session): void {
  // The canvas may have gone while nodes were on their way.
  if (!isOnScreen(session)) return;
  const pane = paneOf(session)?.getBoundingClientRect();
  const { nodes, edges } = flowOf(session).store.getState();
  const frames = shownFrames(session);
  // A legend is heard of by the fit alone.
  if (pane === undefined || !isUnreadableWhole({ nodes }, pane, frames)) {
    fitNetwork(session);
    return;
  }
  const view = openingViewport({ nodes, edges }, pane, frames);
  if (view) setView(session, view);
}

/**
 * Gives the canvas of a network that was just opened the keyboard, where that lies with what opened it: a menu of the top bar, to which it went
 * back. Else its keys would be unheard until the first click. Whoever types keeps it, and at the start it is nowhere, where keys are heard.
 */
export function takeKeyboard(session: Session): () => void {
  if (session.view.getState().viewport !== null) return () => undefined;
  const frame = requestAnimationFrame(() => {
    if (document.activeElement?.matches('header button') === true) focusPane(session);
  });
  return () => cancelAnimationFrame(frame);
}

/** Does something at each size that a pane comes to, until it has settled. Gives back what ends it. */
function whileSettling(pane: HTMLElement, show: () => void): () => void {
  // React Flow observes its size from before, so it knows it by the time that this hears of it.
  const observer = new ResizeObserver(show);
  observer.observe(pane);
  const timer = setTimeout(() => observer.disconnect(), settlingMs);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}

/** As {@link showOpening}, while a canvas comes to another size: panes side by side find theirs in steps. Gives back what ends it. */
export function showInNewRoom(session: Session): () => void {
  const pane = paneOf(session);
  return pane === null ? () => undefined : whileSettling(pane, () => showOpening(session));
}

/** As {@link showOpening}, once nodes that are on their way have arrived. */
export function showWhenSettled(session: Session): void {
  setTimeout(() => showOpening(session), motionMs + 20);
}

/** Changes the room that the canvas has. What was seen whole before is so afterwards; what nobody has moved yet is seen to by `followWindow`. */
export function keepWhole(session: Session, change: () => void): void {
  const isWhole = session.view.getState().viewport !== null && seesAll(session);
  const pane = paneOf(session);
  change();
  if (!isWhole || pane === null) return;
  whileSettling(pane, () => fitNetwork(session));
}
