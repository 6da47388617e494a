import type { DragEvent } from 'react';
import { dropLayer, dropLayerOnWire } from './actions';
import { useFlow } from './flow';
import { endLayerDrag, layerMime, markWireAt, unmarkWire, useLayerDrag, useWireDrop } from './layerDrag';
import { focusNode, toCanvas } from './view';
import { useProject } from '../store/project';

/** Puts a layer down at a point of the window: into the wire there, or onto the canvas. */
export function dropAt(kind: string, x: number, y: number): void {
  markWireAt(x, y);
  const { wireId } = useWireDrop.getState();
  const edge = useFlow.getState().edges.find((candidate) => candidate.id === wireId)?.data?.edge;
  endLayerDrag();
  if (edge) dropLayerOnWire(kind, edge);
  else dropLayer(kind, toCanvas({ x, y }));
  const [added] = useProject.getState().selection;
  if (added !== undefined) focusNode(added);
}

/** Makes the canvas take layers that are dragged with the browser's drag and drop. */
export const dragHandlers = {
  onDragOver: (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(layerMime)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    markWireAt(event.clientX, event.clientY);
  },
  onDragLeave: (): void => unmarkWire(),
  onDrop: (event: DragEvent): void => {
    const kind = event.dataTransfer.getData(layerMime) || useLayerDrag.getState().drag?.kind;
    if (kind === undefined || kind === '') return;
    event.preventDefault();
    dropAt(kind, event.clientX, event.clientY);
  },
};
