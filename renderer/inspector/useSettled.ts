import { useDeferredValue } from 'react';

/** What follows from more nodes than this would hold up the first picture of the network. */
const largeNetwork = 150;

/** A value that is followed once the edit that changed it is on the screen; null in the first picture of a large network. */
export function useSettled<T>(value: T, nodeCount: number): T | null {
  return useDeferredValue<T | null>(value, nodeCount > largeNetwork ? null : undefined);
}
