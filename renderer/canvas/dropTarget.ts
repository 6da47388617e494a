import type { DragEvent } from 'react';
import type { NetworkEdge } from '../../shared/schema/document';
import type { Session } from '../session';
import { dropLayer, dropLayerOnWire } from './actions';
import { blockMime, endBlockDrag } from './blockDrag';
import { insertBlock } from './blocks';
import { flowOf } from './flow';
import { nodeHeight, nodeWidth } from './geometry';
import { endLayerDrag, layerMime, markWireAt, unmarkWire, useLayerDrag, useWireDrop } from './layerDrag';
import { focusNode, goToNode, keepAllInView, seesAll, toCanvas } from './view';

/** The wire of a session's canvas that what is dragged would go into. */
export function markedEdge(session: Session): NetworkEdge | undefined {
  const { sessionId, wireId } = useWireDrop.getState();
  if (sessionId !== session.id) return undefined;
  const { edges } = flowOf(session).store.getState();
  return edges.find((candidate) => candidate.id === wireId)?.data?.edge;
}

/** Puts a layer down at a point of the window: into the wire there, or onto the canvas. */
export function dropAt(session: Session, kind: string, x: number, y: number): void {
  markWireAt(x, y);
  const edge = markedEdge(session);
  endLayerDrag();
  const sawAll = seesAll(session);
  if (edge) dropLayerOnWire(session, kind, edge);
  else dropLayer(session, kind, toCanvas(session, { x, y }));
  const [added] = session.project.getState().selection;
  if (added === undefined) return;
  if (sawAll) {
    focusNode(session, added);
    keepAllInView(session);
  } else goToNode(session, added);
}

/** Makes a session's canvas take layers that are dragged with the browser's drag and drop. */
export function dragHandlers(session: Session) {
  return {
    onDragOver: (event: DragEvent): void => {
      const isBlock = event.dataTransfer.types.includes(blockMime);
      if (!isBlock && !event.dataTransfer.types.includes(layerMime)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      if (isBlock) return;
      markWireAt(event.clientX, event.clientY);
    },
    onDragLeave: (): void => unmarkWire(),
    onDrop: (event: DragEvent): void => {
      const block = endBlockDrag();
      if (block !== null) {
        event.preventDefault();
        const { x, y } = toCanvas(session, { x: event.clientX, y: event.clientY });
        insertBlock(session, block, { x: x - nodeWidth / 2, y: y - nodeHeight(1) / 2 });
        return;
      }
      const kind = event.dataTransfer.getData(layerMime) || useLayerDrag.getState().drag?.kind;
      if (kind === undefined || kind === '') return;
      event.preventDefault();
      dropAt(session, kind, event.clientX, event.clientY);
    },
  };
}
