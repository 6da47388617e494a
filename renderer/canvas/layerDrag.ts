import { create } from 'zustand';

/** MIME type of a layer that is dragged from the palette; its data is the kind. */
export const layerMime = 'application/x-convloom-layer';

/** A layer on its way from the palette to the canvas. */
export type LayerDrag = {
  readonly kind: string;
  /** Where the pointer is, in window pixels; null while the browser draws the drag image itself. */
  readonly pointer: { readonly x: number; readonly y: number } | null;
};

/** What is being dragged out of the palette. The browser hides a drag's data until it is dropped, so it is kept here. */
export const useLayerDrag = create<{ readonly drag: LayerDrag | null }>(() => ({ drag: null }));

/** The wire that a dragged layer would be put into. */
export const useWireDrop = create<{ readonly wireId: string | null }>(() => ({ wireId: null }));

export function beginLayerDrag(kind: string, pointer: LayerDrag['pointer']): void {
  useLayerDrag.setState({ drag: { kind, pointer } });
}

export function moveLayerDrag(x: number, y: number): void {
  const { drag } = useLayerDrag.getState();
  if (drag) useLayerDrag.setState({ drag: { ...drag, pointer: { x, y } } });
  useWireDrop.setState({ wireId: wireAt(x, y) });
}

export function endLayerDrag(): void {
  useLayerDrag.setState({ drag: null });
  useWireDrop.setState({ wireId: null });
}

/** Marks the wire under a point, while something that could go into it is dragged. */
export function markWireAt(x: number, y: number, except?: string): void {
  const wireId = wireAt(x, y, except);
  if (useWireDrop.getState().wireId !== wireId) useWireDrop.setState({ wireId });
}

export function unmarkWire(): void {
  if (useWireDrop.getState().wireId !== null) useWireDrop.setState({ wireId: null });
}

/** The id of the wire at a point of the window, looking through the node that is being dragged over it. */
function wireAt(x: number, y: number, except?: string): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const node = element.closest<HTMLElement>('.react-flow__node');
    if (node && node.dataset['id'] !== except) return null;
    const wire = element.closest<SVGElement>('.react-flow__edge');
    if (wire) return wire.dataset['id'] ?? null;
  }
  return null;
}

/** True when a point of the window is on the canvas. */
export function isOverCanvas(x: number, y: number): boolean {
  return document.elementsFromPoint(x, y).some((element) => element.classList.contains('react-flow'));
}
