/** A step in a file takes far less; a damaged one may keep the library for ever. */
const stepMs = 1000;

/**
 * Says of work in a thread whether it hangs: it has taken more of the processor than a step may, beside what its progress has earned it.
 * `usedMs`: processor time of the whole process, which is at least that of the thread; time of the clock would count what other programs
 * do. To be asked now and again; an answer that is on its way is given one more time to arrive.
 */
export function createHangWatch(usedMs: () => number, earnedMs: () => number): () => boolean {
  const from = usedMs();
  let wasOver = false;
  return () => {
    const isOver = usedMs() - from > stepMs + earnedMs();
    const isHung = isOver && wasOver;
    wasOver = isOver;
    return isHung;
  };
}
