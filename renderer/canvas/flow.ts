import type { Edge, Node } from 'reactflow';
import { Position } from 'reactflow';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { NetworkDocument, NetworkEdge, NetworkNode, Position as Place } from '../../shared/schema/document';
import type { Language } from '../../shared/text';
import { fill, messages } from '../i18n';
import type { ProjectState, Session } from '../session';
import { framedIn, sessionPart, useSession } from '../session';
import { useUi } from '../store/ui';
import { frameOf, makeFrameRoom, type Extent, type Frame, type Room } from './frames';
import { handleSize, nodeHeight, nodeWidth, outputY, portY, shownInputs, wiredPorts } from './geometry';

/** What a node's component is given; everything else it selects from the project by id. */
export type LayerFlowNode = Node<{ readonly node: NetworkNode; readonly inputCount: number }, 'layer'>;
export type WireFlowEdge = Edge<{ readonly edge: NetworkEdge; readonly inputCount: number }, 'wire'>;

/**
 * The document in React Flow's words. Objects are kept while what they were made of has not changed, so that one edit renders
 * again only what it touched. Only renderer/canvas speaks these words.
 */
export type FlowState = {
  readonly nodes: readonly LayerFlowNode[];
  readonly edges: readonly WireFlowEdge[];
  /** Blocks that are open in their places, by id. */
  readonly frames: ReadonlyMap<string, Frame>;
};

/** What one session's drawing was made of the last time, so that the next is made of what changed. */
type FlowCache = {
  nodes: ReadonlyMap<string, LayerFlowNode>;
  edges: ReadonlyMap<string, WireFlowEdge>;
  /** Where nodes are shown while they are dragged or on their way to a new place. */
  shownAt: ReadonlyMap<string, Place>;
  selectedWires: ReadonlySet<string>;
  frames: ReadonlyMap<string, Frame>;
  /** Input counts and edges follow from the document alone: a drag, which comes here at every frame, does not touch them. */
  lastCounts: { readonly document: NetworkDocument; readonly counts: ReadonlyMap<string, number> } | null;
  lastEdges: {
    readonly edges: NetworkDocument['edges'];
    readonly counts: ReadonlyMap<string, number>;
    readonly selected: ReadonlySet<string>;
    readonly language: Language;
    readonly flow: readonly WireFlowEdge[];
  } | null;
};

/** The id of a wire in React Flow. Two equal wires (a broken file) need two ids, hence the count. */
function wireId(edge: NetworkEdge, seen: Map<string, number>): string {
  const id = `${edge.from}→${edge.to}:${edge.toPort ?? 0}`;
  const count = seen.get(id) ?? 0;
  seen.set(id, count + 1);
  return count === 0 ? id : `${id}#${count}`;
}

function layerHandles(inputCount: number, width: number): NonNullable<LayerFlowNode['handles']> {
  const inputs = Array.from({ length: inputCount }, (_, port) => ({
    id: `in${port}`,
    type: 'target' as const,
    position: Position.Left,
    x: -handleSize / 2,
    y: portY(port, inputCount) - handleSize / 2,
    width: handleSize,
    height: handleSize,
  }));
  const output = {
    id: 'out',
    type: 'source' as const,
    position: Position.Right,
    x: width - handleSize / 2,
    y: outputY(inputCount) - handleSize / 2,
    width: handleSize,
    height: handleSize,
  };
  return [...inputs, output];
}

/** What the nodes of a drawing have in common. */
type Drawing = { readonly frames: ReadonlyMap<string, Frame>; readonly room: Room };

function buildNode(
  cache: FlowCache,
  node: NetworkNode,
  inputCount: number,
  isSelected: boolean,
  { frames, room }: Drawing,
): LayerFlowNode {
  const known = cache.nodes.get(node.id);
  const place = cache.shownAt.get(node.id) ?? room.toShown(node.position ?? { x: 0, y: 0 }, node.id);
  const { width, height }: Extent = frames.get(node.id) ?? { width: nodeWidth, height: nodeHeight(inputCount) };
  const isSameSize = known?.width === width && known.height === height;
  const hasSamePorts = isSameSize && known.data.inputCount === inputCount;
  const isSameData = hasSamePorts && known.data.node === node;
  const isSamePlace = known?.position.x === place.x && known.position.y === place.y;
  if (isSameData && isSamePlace && known.selected === isSelected) return known;
  return {
    id: node.id,
    type: 'layer',
    position: place,
    data: isSameData ? known.data : { node, inputCount },
    selected: isSelected,
    width,
    height,
    // Given rather than measured: off-screen nodes then need not be rendered once to be known.
    measured: { width, height },
    handles: hasSamePorts ? (known.handles ?? []) : layerHandles(inputCount, width),
    ariaRole: 'group',
    domAttributes: { 'aria-current': isSelected ? 'true' : undefined },
  };
}

function buildEdges(
  cache: FlowCache,
  document: NetworkDocument,
  inputCounts: ReadonlyMap<string, number>,
  language: Language,
): readonly WireFlowEdge[] {
  const t = messages('canvas', language);
  const seen = new Map<string, number>();
  const next = new Map<string, WireFlowEdge>();
  for (const edge of document.edges) {
    const id = wireId(edge, seen);
    const inputCount = inputCounts.get(edge.to);
    // A dangling wire of a broken file is the analyser's finding; there is nothing to draw it between.
    if (inputCount === undefined || !inputCounts.has(edge.from)) continue;
    const known = cache.edges.get(id);
    const selected = cache.selectedWires.has(id);
    if (known?.data?.edge === edge && known.data.inputCount === inputCount && known.selected === selected) {
      next.set(id, known);
      continue;
    }
    next.set(id, {
      id,
      type: 'wire',
      source: edge.from,
      target: edge.to,
      sourceHandle: 'out',
      targetHandle: `in${edge.toPort ?? 0}`,
      data: { edge, inputCount },
      selected,
      ariaLabel: fill(t.wireName, { from: edge.from, to: edge.to }),
    });
  }
  cache.edges = next;
  return [...next.values()];
}

function inputCountsOf(cache: FlowCache, document: NetworkDocument): ReadonlyMap<string, number> {
  if (cache.lastCounts?.document === document) return cache.lastCounts.counts;
  const wired = wiredPorts(document);
  const counts = new Map(document.nodes.map((node) => [node.id, shownInputs(document, node, wired.get(node.id) ?? 0)]));
  cache.lastCounts = { document, counts };
  return counts;
}

function edgesOf(
  cache: FlowCache,
  document: NetworkDocument,
  counts: ReadonlyMap<string, number>,
  language: Language,
): readonly WireFlowEdge[] {
  const { lastEdges, selectedWires } = cache;
  const isSaid = lastEdges?.language === language;
  const isSame = lastEdges?.edges === document.edges && lastEdges.selected === selectedWires;
  if (lastEdges && isSaid && isSame && lastEdges.counts === counts) return lastEdges.flow;
  if (!isSaid) cache.edges = new Map();
  const flow = buildEdges(cache, document, counts, language);
  cache.lastEdges = { edges: document.edges, counts, selected: selectedWires, language, flow };
  return flow;
}

/** The frames of a session's open blocks; the same map while they are the same. */
function framesOf(
  session: Session,
  counts: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, Frame>,
): ReadonlyMap<string, Frame> {
  const levels = framedIn(session);
  const isSame = levels.size === before.size && [...levels].every(([id, level]) => before.get(id)?.level === level);
  return isSame ? before : new Map([...levels].map(([id, level]) => [id, frameOf(level, counts.get(id) ?? 1)]));
}

function build(cache: FlowCache, session: Session): FlowState {
  const { document, selection }: ProjectState = session.project.getState();
  const { language } = useUi.getState();
  const counts = inputCountsOf(cache, document);
  cache.frames = framesOf(session, counts, cache.frames);
  const drawing: Drawing = { frames: cache.frames, room: makeFrameRoom(document.nodes, cache.frames) };
  const next = new Map<string, LayerFlowNode>();
  for (const node of document.nodes) {
    next.set(node.id, buildNode(cache, node, counts.get(node.id) ?? 0, selection.has(node.id), drawing));
  }
  cache.nodes = next;
  return { nodes: [...next.values()], edges: edgesOf(cache, document, counts, language), frames: cache.frames };
}

/** The drawing of one session's network. */
export type Flow = ReturnType<typeof createFlow>;

function createFlow(session: Session) {
  const { project } = session;
  const cache: FlowCache = {
    nodes: new Map(),
    edges: new Map(),
    shownAt: new Map(),
    selectedWires: new Set(),
    lastCounts: null,
    lastEdges: null,
    frames: new Map(),
  };
  const store = createStore<FlowState>(() => build(cache, session));
  /** Builds what changed since the last time. */
  const refresh = (): void => store.setState(build(cache, session));
  const room = (): Room => makeFrameRoom(project.getState().document.nodes, cache.frames);
  return {
    store,
    refresh,
    /** Shows nodes elsewhere than the document says, for the length of a drag or a motion. */
    showAt: (places: ReadonlyMap<string, Place>): void => {
      cache.shownAt = places;
      refresh();
    },
    /** Where a node is shown now. */
    shownPlace: (id: string): Place | undefined => cache.nodes.get(id)?.position,
    /** Where a node of a document is to be shown, with room made for what is open. */
    placeIn: (document: NetworkDocument, { id, position }: NetworkNode): Place | undefined =>
      position && makeFrameRoom(document.nodes, cache.frames).toShown(position, id),
    /** The place in the document of what is shown somewhere: of a node, or of anything else with null. */
    documentPlace: (place: Place, id: string | null): Place => room().toDocument(place, id),
    /** Where the zero of a block that is open here lies on the canvas, by its session; undefined where it is not open. */
    frameOf: (inside: Session): Place | undefined => {
      const [id, frame] = [...cache.frames].find(([, { level }]) => level.session === inside) ?? [];
      const place = id === undefined ? undefined : cache.nodes.get(id)?.position;
      return frame && place && { x: place.x + frame.origin.x, y: place.y + frame.origin.y };
    },
    /** Selects wires by their React Flow ids. */
    selectWires: (ids: ReadonlySet<string>): void => {
      if (ids.size === 0 && cache.selectedWires.size === 0) return;
      cache.selectedWires = ids;
      refresh();
    },
    /** The React Flow ids of the selected wires. */
    selectedWireIds: (): ReadonlySet<string> => cache.selectedWires,
    /** The selected wires, as the document has them. */
    selectedEdges: (): readonly NetworkEdge[] =>
      store.getState().edges.flatMap((edge) => (edge.selected === true && edge.data ? [edge.data.edge] : [])),
  };
}

/** What React Flow shows of a session. */
export const flowOf = sessionPart(createFlow);

/** A value of the drawing of this component's session. */
export function useFlow<T>(selector: (state: FlowState) => T): T {
  return useStore(flowOf(useSession()).store, selector);
}
