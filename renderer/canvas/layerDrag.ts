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

/** The wire that a dragged layer would be put into, and the session whose canvas it is on. */
export type WireDrop = { readonly sessionId: string | null; readonly wireId: string | null };

const noWire: WireDrop = { sessionId: null, wireId: null };

/** There is one pointer in the window, so there is one such wire. */
export const useWireDrop = create<WireDrop>(() => noWire);

export function beginLayerDrag(kind: string, pointer: LayerDrag['pointer']): void {
  useLayerDrag.setState({ drag: { kind, pointer } });
}

export function moveLayerDrag(x: number, y: number): void {
  const { drag } = useLayerDrag.getState();
  if (drag) useLayerDrag.setState({ drag: { ...drag, pointer: { x, y } } });
  useWireDrop.setState(wireAt(x, y));
}

export function endLayerDrag(): void {
  useLayerDrag.setState({ drag: null });
  useWireDrop.setState(noWire);
}

/** Marks the wire under a point, while something that could go into it is dragged. */
export function markWireAt(x: number, y: number, except?: string): void {
  const wire = wireAt(x, y, except);
  const before = useWireDrop.getState();
  if (before.wireId !== wire.wireId || before.sessionId !== wire.sessionId) useWireDrop.setState(wire);
}

export function unmarkWire(): void {
  if (useWireDrop.getState().wireId !== null) useWireDrop.setState(noWire);
}

/** The id of the session whose canvas an element is on. */
function sessionIdOf(element: Element): string | null {
  return element.closest<HTMLElement>('[data-session]')?.dataset['session'] ?? null;
}

/** The wire at a point of the window, looking through the node that is being dragged over it. */
function wireAt(x: number, y: number, except?: string): WireDrop {
  for (const element of document.elementsFromPoint(x, y)) {
    const node = element.closest<HTMLElement>('.react-flow__node');
    if (node && node.dataset['id'] !== except) return noWire;
    const wire = element.closest<SVGElement>('.react-flow__edge');
    if (wire) return { sessionId: sessionIdOf(wire), wireId: wire.dataset['id'] ?? null };
  }
  return noWire;
}

/** True when a point of the window is on the canvas. */
export function isOverCanvas(x: number, y: number): boolean {
  return document.elementsFromPoint(x, y).some((element) => element.classList.contains('react-flow'));
}
