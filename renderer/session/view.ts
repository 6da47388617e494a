import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';

/** What the canvas of a session looks at: a shift in pixels and a scale. */
export type Viewport = { readonly x: number; readonly y: number; readonly zoom: number };

export type ViewState = {
  /** Key (`problemKey`) of the problem whose card is open on the canvas. */
  readonly openProblem: string | null;
  /** The user opened the card, so it takes the focus; one that opened by itself leaves it where the work is. */
  readonly isProblemCalled: boolean;
  /** Where the canvas was left; null until it has been shown, so that it fits the network at first. */
  readonly viewport: Viewport | null;
};

/** What a session shows of its network, apart from the network itself. */
export type View = {
  readonly store: Omit<StoreApi<ViewState>, 'setState'>;
  readonly getState: () => ViewState;
  /** Opens the card of a problem on the canvas; null closes it. */
  readonly openProblemCard: (key: string | null) => void;
  /** Opens the card of a problem that a wire has just made, without taking the focus. */
  readonly showProblemCard: (key: string) => void;
  readonly keepViewport: (viewport: Viewport) => void;
  /** The network is seen anew, as when it is opened: its canvas gets another room. */
  readonly forgetViewport: () => void;
};

export function createView(): View {
  const store = createStore<ViewState>(() => ({ openProblem: null, isProblemCalled: false, viewport: null }));
  return {
    store,
    getState: store.getState,
    openProblemCard: (key) => store.setState({ openProblem: key, isProblemCalled: key !== null }),
    showProblemCard: (key) => store.setState({ openProblem: key, isProblemCalled: false }),
    keepViewport: (viewport) => store.setState({ viewport }),
    forgetViewport: () => store.setState({ viewport: null }),
  };
}
