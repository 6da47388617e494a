import { useSyncExternalStore } from 'react';

/** As in style sheets: below it nothing stands beside the canvas. */
const narrow = typeof matchMedia === 'function' ? matchMedia('(width < 720px)') : null;

function subscribe(onChange: () => void): () => void {
  narrow?.addEventListener('change', onChange);
  return () => narrow?.removeEventListener('change', onChange);
}

/** Whether the window is as narrow as a telephone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow?.matches === true);
}
