import type { Session } from './session';

/** Which networks are open in a window, and which of them are on the screen. */
export type OpenTabs = {
  /** In the order of their tabs; never empty. */
  readonly sessions: readonly Session[];
  /** Those on the screen, from left to right: one, or two side by side. */
  readonly shown: readonly [Session] | readonly [Session, Session];
  /** The one of those on the screen that the window's panels, menus and keys are about. */
  readonly active: Session;
};

function exchange(shown: OpenTabs['shown'], before: Session, after: Session): OpenTabs['shown'] {
  const put = (session: Session): Session => (session === before ? after : session);
  const [left, right] = shown;
  return right === undefined ? [put(left)] : [put(left), put(right)];
}

/** Brings a tab to the front: in the place of the active one, unless it is on the screen already. */
export function activated<S extends OpenTabs>(state: S, session: Session): S {
  const { shown, active } = state;
  return { ...state, active: session, shown: shown.includes(session) ? shown : exchange(shown, active, session) };
}

/** Puts a tab in the place of another. */
export function replaced<S extends OpenTabs>(state: S, before: Session, after: Session): S {
  const { sessions, shown, active } = state;
  return {
    ...state,
    sessions: sessions.map((other) => (other === before ? after : other)),
    shown: exchange(shown, before, after),
    active: active === before ? after : active,
  };
}

/** Adds a tab behind the others. */
export function added<S extends OpenTabs>(state: S, session: Session): S {
  return { ...state, sessions: [...state.sessions, session] };
}

/** Takes a tab away; its neighbour takes its place on the screen. `fresh` gives what is left when it was the last. */
export function closed<S extends OpenTabs>(state: S, gone: Session, fresh: () => Session): S {
  const place = state.sessions.indexOf(gone);
  const rest = state.sessions.filter((session) => session !== gone);
  const [left, right] = state.shown;
  if (right !== undefined && state.shown.includes(gone)) {
    const other = left === gone ? right : left;
    return { ...state, sessions: rest, shown: [other], active: other };
  }
  const next = rest[Math.min(place, rest.length - 1)] ?? fresh();
  const after = { ...state, sessions: rest.length === 0 ? [next] : rest };
  return state.active === gone ? { ...after, shown: [next], active: next } : after;
}

/** Puts a tab at a place in the order, counted from 0. */
export function moved<S extends OpenTabs>(state: S, session: Session, place: number): S {
  const rest = state.sessions.filter((other) => other !== session);
  return { ...state, sessions: [...rest.slice(0, place), session, ...rest.slice(place)] };
}

/** Shows the active network alone, or with the next one beside it. `fresh` gives that where there is no other. */
export function splitOrJoined<S extends OpenTabs>(state: S, fresh: () => Session): S {
  const { sessions, shown, active } = state;
  if (shown.length === 2) return { ...state, shown: [active] };
  const place = sessions.indexOf(active);
  const [before, after] = [sessions[place - 1], sessions[place + 1]];
  if (after !== undefined) return { ...state, shown: [active, after] };
  if (before !== undefined) return { ...state, shown: [before, active] };
  const empty = fresh();
  return { ...added(state, empty), shown: [active, empty], active: empty };
}

/** The tab that is `by` places after the active one, round the ends. */
export function neighbourOf({ sessions, active }: OpenTabs, by: number): Session {
  const place = sessions.indexOf(active) + by;
  return sessions[((place % sessions.length) + sessions.length) % sessions.length] ?? active;
}
