import type { KeptBlock } from '../../shared/schema/document';

/** MIME type of a block that is dragged from the palette; its data is the name. */
export const blockMime = 'application/x-convloom-block';

/** The block that is being dragged: there is one pointer in the window, and a browser hides a drag's data until it is dropped. */
let dragged: KeptBlock | null = null;

export function beginBlockDrag(block: KeptBlock): void {
  dragged = block;
}

/** Ends the drag, and gives what was dragged. */
export function endBlockDrag(): KeptBlock | null {
  const block = dragged;
  dragged = null;
  return block;
}
