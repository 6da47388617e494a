import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Position } from '../../shared/schema/document';
import { remember, useUi } from '../store/ui';
import { sessionPart, useSession } from '../session';
import type { Session } from '../session';
import type { Box, Guide } from './arrange';
import { boxAround, snapTo } from './arrange';
import type { LayerFlowNode } from './flow';
import { flowOf } from './flow';
import { nodeHeight, nodeWidth } from './geometry';
import { gridSize } from './actions';
import { zoomOf } from './view';

/** Where snapping on and off is remembered. */
const key = 'canvas.noSnap';

/** How near a line must be to be snapped to, in pixels of the window. */
const reachPx = 6;

const none: readonly Guide[] = [];
const guidesOf = sessionPart(() => createStore<{ readonly guides: readonly Guide[] }>(() => ({ guides: none })));

/** The lines that what is being dragged has snapped to. */
export function useGuides(): readonly Guide[] {
  return useStore(guidesOf(useSession()), (state) => state.guides);
}

export function clearGuides(session: Session): void {
  if (guidesOf(session).getState().guides.length > 0) guidesOf(session).setState({ guides: none });
}

/** Whether dragged nodes snap to others. */
export function isSnapping({ layout }: ReturnType<typeof useUi.getState>): boolean {
  return layout[key] !== true;
}

export function toggleSnapping(): void {
  remember(key, isSnapping(useUi.getState()));
}

function boxOf({ position, data, width = nodeWidth, height }: LayerFlowNode): Box {
  return { x: position.x, y: position.y, width, height: height ?? nodeHeight(data.ports.inputs.length) };
}

/** The boxes of some nodes as they are shown now, by id. */
export function boxesOf(session: Session, ids: ReadonlySet<string>): ReadonlyMap<string, Box> {
  const nodes = flowOf(session).store.getState().nodes;
  return new Map(nodes.flatMap((node) => (ids.has(node.id) ? [[node.id, boxOf(node)]] : [])));
}

/** Where dragged nodes go: into line with others that are near, else onto the grid. Shows the lines. */
export function snapDragged(session: Session, places: ReadonlyMap<string, Position>): ReadonlyMap<string, Position> {
  const nodes = flowOf(session).store.getState().nodes;
  const moved: Box[] = [];
  const others: Box[] = [];
  for (const node of nodes) {
    const place = places.get(node.id);
    if (place === undefined) others.push(boxOf(node));
    else moved.push({ ...boxOf(node), ...place });
  }
  const box = boxAround(moved);
  if (box === undefined) return places;
  const near = isSnapping(useUi.getState()) ? others : [];
  const { dx, dy, guides } = snapTo(box, near, reachPx / zoomOf(session));
  guidesOf(session).setState({ guides });
  const onGrid = (at: number): number => Math.round(at / gridSize) * gridSize - at;
  const [x, y] = [dx ?? onGrid(box.x), dy ?? onGrid(box.y)];
  return new Map([...places].map(([id, place]) => [id, { x: place.x + x, y: place.y + y }]));
}
