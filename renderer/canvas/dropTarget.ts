import type { DragEvent } from 'react';
import { findLayer } from '../../shared/layers';
import type { RawParams } from '../../shared/layers/define';
import type { KeptBlock, NetworkEdge, Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { dropLayer, dropLayerOnWire } from './actions';
import { blockMime, endBlockDrag } from './blockDrag';
import { insertBlock } from './blocks';
import { replaceNode } from './building';
import { flowOf } from './flow';
import { nodeHeight, nodeWidth } from './geometry';
import { endLayerDrag, layerMime, markDropAt, unmarkWire, useLayerDrag, useWireDrop } from './layerDrag';
import { focusNode, goToNode, keepAllInView, seesAll, toCanvas } from './view';

/** The wire of a session's canvas that what is dragged would go into. */
export function markedEdge(session: Session): NetworkEdge | undefined {
  const { sessionId, wireId } = useWireDrop.getState();
  if (sessionId !== session.id) return undefined;
  const { edges } = flowOf(session).store.getState();
  return edges.find((candidate) => candidate.id === wireId)?.data?.edge;
}

/** The node of a session's canvas that what is dragged would replace. */
export function markedNode(session: Session): string | undefined {
  const { sessionId, nodeId } = useWireDrop.getState();
  return sessionId === session.id && nodeId !== null ? nodeId : undefined;
}

/** Puts a layer down at a point of the window: in place of the node there, into the wire there, or onto the canvas. */
export function dropAt(session: Session, kind: string, params: RawParams, x: number, y: number): void {
  markDropAt(x, y);
  const edge = markedEdge(session);
  const node = markedNode(session);
  const definition = findLayer(kind);
  endLayerDrag();
  if (node !== undefined && definition !== undefined) {
    replaceNode(session, node, { definition, params });
    return;
  }
  const sawAll = seesAll(session);
  if (edge) dropLayerOnWire(session, kind, edge, params);
  else dropLayer(session, kind, toCanvas(session, { x, y }), params);
  const [added] = session.project.getState().selection;
  if (added === undefined) return;
  if (sawAll) {
    focusNode(session, added);
    keepAllInView(session);
  } else goToNode(session, added);
}

/** Puts a block down at a point of the window. */
export function dropBlockAt(session: Session, block: KeptBlock, point: Position): void {
  const { x, y } = toCanvas(session, point);
  insertBlock(session, block, { x: x - nodeWidth / 2, y: y - nodeHeight(1) / 2 });
}

/** Makes a session's canvas take layers that are dragged with the browser's drag and drop. */
export function dragHandlers(session: Session) {
  return {
    onDragOver: (event: DragEvent): void => {
      const isBlock = event.dataTransfer.types.includes(blockMime);
      if (!isBlock && !event.dataTransfer.types.includes(layerMime)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      if (!isBlock) markDropAt(event.clientX, event.clientY);
    },
    onDragLeave: ({ currentTarget, relatedTarget }: DragEvent): void => {
      // Every node that the drag passes over tells that it was left.
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) unmarkWire();
    },
    onDrop: (event: DragEvent): void => {
      const block = endBlockDrag();
      if (block !== null) {
        event.preventDefault();
        dropBlockAt(session, block, { x: event.clientX, y: event.clientY });
        return;
      }
      const kind = event.dataTransfer.getData(layerMime) || useLayerDrag.getState().drag?.kind;
      if (kind === undefined || kind === '') return;
      event.preventDefault();
      dropAt(session, kind, useLayerDrag.getState().drag?.params ?? {}, event.clientX, event.clientY);
    },
  };
}
