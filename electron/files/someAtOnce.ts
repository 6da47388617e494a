/** Enough to keep a disk busy, and far fewer than the files that a process may have open. */
const atOnce = 32;

/** Does the work for each of a list, some at once, and gives the outcomes in its order. */
export async function someAtOnce<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const outcomes = new Array<R>(list.length);
  const entries = list.entries();
  const worker = async (): Promise<void> => {
    // One iterator for all of them: each takes the next one.
    for (const [index, one] of entries) outcomes[index] = await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker));
  return outcomes;
}
