import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';

/**
 * A store that lets its first state go. Zustand keeps that of every store for as long as the store is there, for pages that a server
 * draws first: of a large network, the analysis and the drawing that it was opened with would be held beside those that are shown.
 */
export function createLeanStore<T extends object>(first: T): StoreApi<T> {
  const nothing = {};
  // Replaced before anybody can read it.
  const store = createStore<T>(() => nothing as T);
  store.setState(first, true);
  return { ...store, getInitialState: store.getState };
}
