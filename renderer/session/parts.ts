import type { Session } from './session';

/**
 * State that a room keeps for each session (the canvas its drawn nodes, the head lab its results): made when it is first asked for,
 * gone with the session. So a room's own state needs no place in the session's type, and nothing at module level holds a network.
 * @example const headRaceOf = sessionPart(() => createStore(() => ({ current: null, results: {} })));
 */
export function sessionPart<T extends object>(create: (session: Session) => T): (session: Session) => T {
  const parts = new WeakMap<Session, T>();
  return (session) => {
    const known = parts.get(session);
    if (known !== undefined) return known;
    const part = create(session);
    parts.set(session, part);
    return part;
  };
}
