import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { framesIn, type Area } from '../../shared/layout/frames';
import type { Frame, Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { sessionPart, useSession } from '../session';
import { flowOf } from './flow';

/** What of a frame is being written where it stands. */
export type FrameField = 'title' | 'note';

type FrameState = {
  /** Ids of the selected frames. They are not nodes, and most of what is done to a selection is done to nodes alone. */
  readonly selected: ReadonlySet<string>;
  /** Where frames are shown while they are dragged or resized. */
  readonly shownAt: ReadonlyMap<string, Area>;
  readonly edited: { readonly id: string; readonly field: FrameField } | null;
};

const nothing: ReadonlySet<string> = new Set();

/** What the canvas keeps of a session's frames besides the document. Selecting nodes lets go of the frames, as a click on one does. */
export const framesOf = sessionPart(({ project }) => {
  const store = createStore<FrameState>(() => ({ selected: nothing, shownAt: new Map(), edited: null }));
  project.store.subscribe((state, previous) => {
    const { selected } = store.getState();
    if (selected.size === 0) return;
    if (state.selection !== previous.selection && state.selection.size > 0) store.setState({ selected: nothing });
    else if (state.document.frames !== previous.document.frames) {
      const ids = new Set((state.document.frames ?? []).map(({ id }) => id));
      if ([...selected].some((id) => !ids.has(id))) {
        store.setState({ selected: new Set([...selected].filter((id) => ids.has(id))) });
      }
    }
  });
  return store;
});

/** A value of the frames of this component's session. */
export function useFrameState<T>(selector: (state: FrameState) => T): T {
  return useStore(framesOf(useSession()), selector);
}

export function selectedFrameIds(session: Session): ReadonlySet<string> {
  return framesOf(session).getState().selected;
}

/** The selected frames, as the document has them. */
export function selectedFrames(session: Session): readonly Frame[] {
  const selected = selectedFrameIds(session);
  return (session.project.getState().document.frames ?? []).filter(({ id }) => selected.has(id));
}

/** Selects frames in the place of all else, or besides the frames that are selected. */
export function selectFrames(session: Session, ids: Iterable<string>, isFurther = false): void {
  const before = selectedFrameIds(session);
  if (!isFurther) session.project.select([]);
  flowOf(session).selectWires(new Set());
  framesOf(session).setState({ selected: new Set([...(isFurther ? before : []), ...ids]) });
}

/** Selects nodes and frames together. */
export function selectBoth(session: Session, nodes: Iterable<string>, frames: Iterable<string>): void {
  session.project.select(nodes);
  framesOf(session).setState({ selected: new Set(frames) });
}

/** Selects the frames that lie wholly between two places of the document, besides the nodes that are selected. */
export function selectFramesWithin(session: Session, a: Position, b: Position): void {
  const area = {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
  const { document, selection } = session.project.getState();
  const within = framesIn(area, document.frames ?? []).map(({ id }) => id);
  if (within.length > 0) selectBoth(session, selection, within);
}

export function clearFrames(session: Session): void {
  if (selectedFrameIds(session).size > 0) framesOf(session).setState({ selected: nothing });
}

/** Shows frames elsewhere than the document says, for the length of a gesture. */
export function showFramesAt(session: Session, areas: ReadonlyMap<string, Area>): void {
  framesOf(session).setState({ shownAt: areas });
}

/** Begins to write a frame's title or note where it stands; null ends it. */
export function editFrame(session: Session, edited: FrameState['edited']): void {
  framesOf(session).setState({ edited });
}
