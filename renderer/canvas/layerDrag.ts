import { create } from 'zustand';
import type { RawParams } from '../../shared/layers/define';
import type { KeptBlock } from '../../shared/schema/document';

/** MIME type of a layer that is dragged from the palette; its data is the kind. */
export const layerMime = 'application/x-convloom-layer';

/** A layer on its way from the palette to the canvas. */
export type LayerDrag = {
  readonly kind: string;
  /** The params that the name implies under which it was found: ReLU is an activation with that function. */
  readonly params: RawParams;
  /** Where the pointer is, in window pixels; null while the browser draws the drag image itself. */
  readonly pointer: { readonly x: number; readonly y: number } | null;
  /** The block that the layer stands for. */
  readonly block?: KeptBlock;
};

/** What is being dragged out of the palette. The browser hides a drag's data until it is dropped, so it is kept here. */
export const useLayerDrag = create<{ readonly drag: LayerDrag | null }>(() => ({ drag: null }));

/** The wire that a dragged layer would be put into or the node that it would replace, and the session whose canvas that is on. */
export type WireDrop = {
  readonly sessionId: string | null;
  readonly wireId: string | null;
  readonly nodeId: string | null;
};

const noWire: WireDrop = { sessionId: null, wireId: null, nodeId: null };

/** There is one pointer in the window, so there is one such place. */
export const useWireDrop = create<WireDrop>(() => noWire);

export function beginLayerDrag(kind: string, params: RawParams, pointer: LayerDrag['pointer']): void {
  useLayerDrag.setState({ drag: { kind, params, pointer } });
}

/** A block is dragged by a finger or a pen. */
export function beginBlockPull(block: KeptBlock, pointer: LayerDrag['pointer']): void {
  useLayerDrag.setState({ drag: { kind: 'block', params: {}, pointer, block } });
}

export function moveLayerDrag(x: number, y: number): void {
  const { drag } = useLayerDrag.getState();
  if (drag) useLayerDrag.setState({ drag: { ...drag, pointer: { x, y } } });
  // A block takes no other node's place, and goes into no wire.
  if (drag?.block === undefined) markDropAt(x, y);
}

export function endLayerDrag(): void {
  useLayerDrag.setState({ drag: null });
  useWireDrop.setState(noWire);
}

/** Marks the wire under a point, while a node that could go into it is dragged. */
export function markWireAt(x: number, y: number, except?: string): void {
  mark(dropAt(x, y, except));
}

/** Marks the wire or the node under a point, while a layer is dragged out of the palette. */
export function markDropAt(x: number, y: number): void {
  mark(dropAt(x, y));
}

function mark(drop: WireDrop): void {
  const before = useWireDrop.getState();
  if (before.wireId !== drop.wireId || before.nodeId !== drop.nodeId || before.sessionId !== drop.sessionId) {
    useWireDrop.setState(drop);
  }
}

export function unmarkWire(): void {
  mark(noWire);
}

/** The id of the session whose canvas an element is on. */
function sessionIdOf(element: Element): string | null {
  return element.closest<HTMLElement>('[data-session]')?.dataset['session'] ?? null;
}

/** The wire or the node at a point of the window; while a node is dragged, a wire alone, looked at through that node. */
function dropAt(x: number, y: number, dragged?: string): WireDrop {
  for (const element of document.elementsFromPoint(x, y)) {
    const node = element.closest<HTMLElement>('.react-flow__node');
    if (node && dragged === undefined)
      return { sessionId: sessionIdOf(node), wireId: null, nodeId: node.dataset['id'] ?? null };
    if (node && node.dataset['id'] !== dragged) return noWire;
    const wire = element.closest<SVGElement>('.react-flow__edge');
    if (wire) return { sessionId: sessionIdOf(wire), wireId: wire.dataset['id'] ?? null, nodeId: null };
  }
  return noWire;
}

/** True when a point of the window is on the canvas. */
export function isOverCanvas(x: number, y: number): boolean {
  return document.elementsFromPoint(x, y).some((element) => element.classList.contains('react-flow'));
}
