import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

const waiting: (() => Promise<unknown>)[] = [];

/**
 * A component that the first paint does without. Its code comes when the page has nothing else to do ({@link fetchLater}), or when it is
 * first shown, if that is sooner.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  waiting.push(load);
  return lazy(async () => ({ default: await load() }));
}

/** Fetches what was left for later, one after the other, so that none of it is waited for when it is asked for. */
export async function fetchLater(): Promise<void> {
  for (const load of waiting.splice(0)) {
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 5000 }));
    // Whoever shows it asks again, and is told.
    await load().catch(() => undefined);
  }
}
