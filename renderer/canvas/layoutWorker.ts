import { tidyNetwork } from '../../shared/layout/tidy';
import type { LayoutAnswer, LayoutQuestion } from './layoutJob';

/** Lays networks out beside the page, so that it stays alive meanwhile. */
self.onmessage = ({ data: { document, ids } }: MessageEvent<LayoutQuestion>): void => {
  const answer: LayoutAnswer = { tidied: tidyNetwork(document, ids === null ? undefined : new Set(ids)) };
  self.postMessage(answer);
};
