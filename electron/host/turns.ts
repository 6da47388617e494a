/** Does what is asked under one name in the order in which it was asked. */
export type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Starts with nobody waiting. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const next = (last.get(name) ?? Promise.resolve()).then(work);
    const settled = next
      .catch(() => undefined)
      .then(() => {
        if (last.get(name) === settled) last.delete(name);
      });
    last.set(name, settled);
    return next;
  };
}
