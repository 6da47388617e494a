import type { Tidied } from '../../shared/layout/islands';
import { tidyNetwork } from '../../shared/layout/tidy';
import type { NetworkDocument } from '../../shared/schema/document';

/** What the layout worker is asked: a network, and which of its nodes to place; null for all. */
export type LayoutQuestion = { readonly document: NetworkDocument; readonly ids: readonly string[] | null };
export type LayoutAnswer = { readonly tidied: Tidied };

/** Up to so many nodes are laid out within a frame: sooner than a worker has started. */
const quickLimit = 100;

/**
 * Lays a network out and hands the places over: at once for a small one, from a worker for one that would hold up the page. Gives back
 * what calls it off.
 */
export function layOut(question: LayoutQuestion, done: (tidied: Tidied) => void): () => void {
  const { document, ids } = question;
  const here = (): void => done(tidyNetwork(document, ids === null ? undefined : new Set(ids)));
  if (document.nodes.length <= quickLimit || typeof Worker === 'undefined') {
    here();
    return () => undefined;
  }
  const worker = new Worker(new URL('./layoutWorker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>): void => {
    worker.terminate();
    done(data.tidied);
  };
  // Where a worker cannot start, a page that waits is better than a key that does nothing.
  worker.onerror = (): void => {
    worker.terminate();
    here();
  };
  worker.postMessage(question);
  return () => worker.terminate();
}
