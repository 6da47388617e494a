import type { MouseEvent } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { sessionPart, useSession } from '../session';
import type { BuildSite } from './building';
import { nodeWidth } from './geometry';
import { pointedAt } from './pointer';
import { focusCanvas, placeOnCanvas, toCanvas, toWindow } from './view';
import type { WireStart } from './wiring';

/** The search on the canvas: where it stands in the window, and what it builds on. */
export type QuickInsert = { readonly point: Position; readonly site: BuildSite };

const quickInsertOf = sessionPart(() => createStore<{ readonly open: QuickInsert | null }>(() => ({ open: null })));

/** The search on the canvas of this component's session; null while it is closed. */
export function useQuickInsert(): QuickInsert | null {
  return useStore(quickInsertOf(useSession()), ({ open }) => open);
}

/** Opens the search at a point of the window: for what a pulled wire leads to, or for a new layer there. */
export function openQuickInsert(
  session: Session,
  { point, from = null }: { readonly point: Position; readonly from?: WireStart | null },
): void {
  const site: BuildSite = { from, replaces: null, place: toCanvas(session, point) };
  quickInsertOf(session).setState({ open: { point, site } });
}

/** Opens the search by key: under the pointer where it is over the canvas, else beside what is selected. */
export function searchHere(session: Session): void {
  const over = pointedAt(session);
  if (over !== null) openQuickInsert(session, { point: over });
  else {
    const [id] = session.project.getState().selection;
    const site: BuildSite = { from: null, replaces: null, place: null };
    quickInsertOf(session).setState({ open: { point: besideNode(session, id), site } });
  }
}

/** Opens the search for what shall replace the selected node. */
export function searchReplacement(session: Session): void {
  const [id] = session.project.getState().selection;
  if (id === undefined) return;
  const site: BuildSite = { from: null, replaces: id, place: null };
  quickInsertOf(session).setState({ open: { point: besideNode(session, id), site } });
}

/** A point of the window beside a node; of the canvas, where there is none. */
function besideNode(session: Session, id: string | undefined): Position {
  const place = id === undefined ? undefined : placeOnCanvas(session, id);
  return toWindow(session, place ? { x: place.x + nodeWidth + 12, y: place.y } : null);
}

/** Closes the search, and gives the keyboard back to the canvas if it was left by Escape. */
export function closeQuickInsert(session: Session, givesFocusBack: boolean): void {
  if (quickInsertOf(session).getState().open === null) return;
  quickInsertOf(session).setState({ open: null });
  if (givesFocusBack) focusCanvas(session);
}

/** A double click on the bare canvas searches there. */
export function doubleClickHandler(session: Session) {
  return {
    onDoubleClick: ({ target, clientX: x, clientY: y }: MouseEvent): void => {
      if (target instanceof Element && target.classList.contains('react-flow__pane')) {
        openQuickInsert(session, { point: { x, y } });
      }
    },
  };
}
