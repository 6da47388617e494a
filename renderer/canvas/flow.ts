import type { Edge, Node } from 'reactflow';
import { useStore } from 'zustand';
import type { NetworkDocument, NetworkEdge, NetworkNode, Position as Place } from '../../shared/schema/document';
import type { Area } from '../../shared/layout/frames';
import type { DrawnNode, DrawnWire, Drawing, NodePorts } from '../../shared/layout/drawing';
import { drawnNode, drawWires, isSameNode } from '../../shared/layout/drawing';
import type { Care } from '../../shared/layout/router';
import type { NodeFrame, Port } from '../../shared/layout/geometry';
import { framesOf } from '../../shared/layout/geometry';
import type { Language } from '../../shared/text';
import { fill, messages } from '../i18n';
import type { ProjectState, Session } from '../session';
import { createLeanStore, framedIn, sessionPart, useSession } from '../session';
import { useUi } from '../store/ui';
import { handleOf, positionOf } from './connection';
import { areaIn, frameOf, makeFrameRoom, type Frame, type Room } from './frames';
import { handleSize } from './geometry';
import { shownPlaces } from './wirePlaces';

/** What a node's component is given; everything else it selects from the project by id. */
export type LayerFlowNode = Node<{ readonly node: NetworkNode; readonly ports: NodePorts }, 'layer'>;
export type WireFlowEdge = Edge<{ readonly edge: NetworkEdge }, 'wire'>;

/**
 * The document in React Flow's words. Objects are kept while what they were made of has not changed, so that one edit renders
 * again only what it touched. Only renderer/canvas speaks these words.
 */
export type FlowState = {
  readonly nodes: readonly LayerFlowNode[];
  readonly edges: readonly WireFlowEdge[];
  /** Where each wire of the document runs. */
  readonly wires: ReadonlyMap<NetworkEdge, DrawnWire>;
  /** Blocks that are open in their places, by id. */
  readonly frames: ReadonlyMap<string, Frame>;
  /** How places of the document are shown beside them. */
  readonly room: Room;
};

/** What one session's drawing was made of the last time, so that the next is made of what changed. */
type FlowCache = {
  nodes: ReadonlyMap<string, LayerFlowNode>;
  /** The same, as a list. */
  flowNodes: readonly LayerFlowNode[];
  edges: ReadonlyMap<string, WireFlowEdge>;
  /** Where nodes are shown while they are dragged or on their way to a new place. */
  shownAt: ReadonlyMap<string, Place>;
  selectedWires: ReadonlySet<string>;
  frames: ReadonlyMap<string, Frame>;
  /** The same object while nothing changes it: titled frames are drawn again with it. */
  room: { readonly nodes: NetworkDocument['nodes']; readonly frames: ReadonlyMap<string, Frame>; readonly room: Room };
  /** What a node has ports for follows from the document alone: a drag, which comes here at every frame, does not touch it. */
  lastNodes: { readonly document: NetworkDocument; readonly nodes: ReadonlyMap<string, NodeFrame> } | null;
  lastDrawing: { readonly edges: NetworkDocument['edges']; readonly care: Care; readonly drawing: Drawing } | null;
  /** The wires of a large network are sketched until its nodes have been seen. */
  care: Care;
  /** The ids of the wires follow from the document alone, too. */
  lastIds: { readonly edges: NetworkDocument['edges']; readonly ids: ReadonlyMap<NetworkEdge, string> } | null;
  lastEdges: {
    readonly drawing: Drawing;
    readonly selected: ReadonlySet<string>;
    readonly language: Language;
    readonly flow: readonly WireFlowEdge[];
  } | null;
};

/** The ids of wires in React Flow. Two equal wires (a broken file) need two ids, hence the count. */
function wireIds(edges: NetworkDocument['edges']): ReadonlyMap<NetworkEdge, string> {
  const seen = new Map<string, number>();
  return new Map(
    edges.map((edge) => {
      const id = `${edge.from}→${edge.to}:${edge.toPort ?? 0}`;
      const count = seen.get(id) ?? 0;
      seen.set(id, count + 1);
      return [edge, count === 0 ? id : `${id}#${count}`];
    }),
  );
}

function idsIn(cache: FlowCache, { edges }: NetworkDocument): ReadonlyMap<NetworkEdge, string> {
  if (cache.lastIds?.edges !== edges) cache.lastIds = { edges, ids: wireIds(edges) };
  return cache.lastIds.ids;
}

function layerHandles({ inputs, outputs }: NodePorts): NonNullable<LayerFlowNode['handles']> {
  const place = ({ x, y, side }: Port) => ({
    position: positionOf[side],
    x: x - handleSize / 2,
    y: y - handleSize / 2,
    width: handleSize,
    height: handleSize,
  });
  return [
    ...inputs.map((port, index) => ({ id: handleOf(index), type: 'target' as const, ...place(port) })),
    ...outputs.map((port) => ({ id: handleOf('output', port.side), type: 'source' as const, ...place(port) })),
  ];
}

function buildNode(
  cache: FlowCache,
  node: NetworkNode,
  { x, y, width, height }: DrawnNode,
  ports: NodePorts,
  isSelected: boolean,
): LayerFlowNode {
  const known = cache.nodes.get(node.id);
  const hasSamePorts = known?.data.ports === ports && known.width === width && known.height === height;
  const isSameData = hasSamePorts && known.data.node === node;
  const isSamePlace = known?.position.x === x && known.position.y === y;
  if (isSameData && isSamePlace && known.selected === isSelected) return known;
  return {
    id: node.id,
    type: 'layer',
    position: { x, y },
    data: isSameData ? known.data : { node, ports },
    selected: isSelected,
    width,
    height,
    // Given rather than measured: off-screen nodes then need not be rendered once to be known.
    measured: { width, height },
    handles: hasSamePorts ? (known.handles ?? []) : layerHandles(ports),
    ariaRole: 'group',
    domAttributes: { 'aria-current': isSelected ? 'true' : undefined },
  };
}

function buildEdges(
  cache: FlowCache,
  document: NetworkDocument,
  drawing: Drawing,
  language: Language,
): readonly WireFlowEdge[] {
  const t = messages('canvas', language);
  const next = new Map<string, WireFlowEdge>();
  for (const [edge, id] of idsIn(cache, document)) {
    const wire = drawing.wires.get(edge);
    // A dangling wire of a broken file is the analyser's finding; there is nothing to draw it between.
    if (wire === undefined) continue;
    const sourceHandle = handleOf('output', wire.from.side);
    const known = cache.edges.get(id);
    const selected = cache.selectedWires.has(id);
    if (known?.data?.edge === edge && known.sourceHandle === sourceHandle && known.selected === selected) {
      next.set(id, known);
      continue;
    }
    next.set(id, {
      id,
      type: 'wire',
      source: edge.from,
      target: edge.to,
      sourceHandle,
      targetHandle: handleOf(edge.toPort ?? 0),
      data: { edge },
      selected,
      ariaLabel: fill(t.wireName, { from: edge.from, to: edge.to }),
    });
  }
  cache.edges = next;
  return [...next.values()];
}

function nodesIn(cache: FlowCache, document: NetworkDocument): ReadonlyMap<string, NodeFrame> {
  if (cache.lastNodes?.document === document) return cache.lastNodes.nodes;
  const nodes = framesOf(document);
  cache.lastNodes = { document, nodes };
  return nodes;
}

/** The frames of a session's open blocks; the same map while they are the same. */
function openFrames(
  session: Session,
  nodes: ReadonlyMap<string, NodeFrame>,
  before: ReadonlyMap<string, Frame>,
): ReadonlyMap<string, Frame> {
  const levels = framedIn(session);
  const isSame = levels.size === before.size && [...levels].every(([id, level]) => before.get(id)?.level === level);
  return isSame ? before : new Map([...levels].map(([id, level]) => [id, frameOf(level, nodes.get(id)?.inputs ?? 1)]));
}

function roomIn(cache: FlowCache, { nodes }: NetworkDocument): Room {
  const isSame = cache.room.frames === cache.frames && (cache.frames.size === 0 || cache.room.nodes === nodes);
  if (!isSame) cache.room = { nodes, frames: cache.frames, room: makeFrameRoom(nodes, cache.frames) };
  return cache.room.room;
}

/** Nodes and wires where they are shown, with room made for what is open; the same object while nothing has moved. */
function drawingOf(cache: FlowCache, document: NetworkDocument, session: Session): Drawing {
  const known = nodesIn(cache, document);
  cache.frames = openFrames(session, known, cache.frames);
  const room = roomIn(cache, document);
  const nodes = new Map<string, DrawnNode>();
  for (const { id, position } of document.nodes) {
    const frame = known.get(id);
    if (!frame) continue;
    const drawn = drawnNode(cache.shownAt.get(id) ?? room.toShown(position ?? { x: 0, y: 0 }, id), frame);
    const open = cache.frames.get(id);
    nodes.set(id, open ? { ...drawn, width: open.width, height: open.height } : drawn);
  }
  const last = cache.lastDrawing;
  const before = last?.drawing.nodes;
  const isStill =
    last?.edges === document.edges &&
    last.care === cache.care &&
    before?.size === nodes.size &&
    [...nodes].every(([id, node]) => isSameNode(before.get(id), node));
  if (isStill) return last.drawing;
  const own = new Map(document.nodes.map(({ id, position }) => [id, position]));
  const viaOf = (edge: NetworkEdge): readonly Place[] => {
    const end = (id: string) => ({ shown: nodes.get(id), own: own.get(id) });
    return shownPlaces(edge, end(edge.from), end(edge.to), (place) => room.toShown(place, null));
  };
  const base = last?.care === 'sketched' ? { ...last.drawing, wires: new Map() } : last?.drawing;
  const drawing = drawWires(nodes, document.edges, base, viaOf, cache.care);
  cache.lastDrawing = { edges: document.edges, care: cache.care, drawing };
  return drawing;
}

/** Whether two lists have the very same in them. */
export function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

/** The list from before where the new one has nothing else in it. */
function sameOr<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return isSameList(before, now) ? before : now;
}

function edgesOf(
  cache: FlowCache,
  document: NetworkDocument,
  drawing: Drawing,
  language: Language,
): readonly WireFlowEdge[] {
  const { lastEdges, selectedWires } = cache;
  const isSaid = lastEdges?.language === language;
  if (lastEdges && isSaid && lastEdges.drawing === drawing && lastEdges.selected === selectedWires)
    return lastEdges.flow;
  if (!isSaid) cache.edges = new Map();
  const flow = sameOr(lastEdges?.flow ?? [], buildEdges(cache, document, drawing, language));
  cache.lastEdges = { drawing, selected: selectedWires, language, flow };
  return flow;
}

function build(cache: FlowCache, session: Session): FlowState {
  const { document, selection }: ProjectState = session.project.getState();
  const { language } = useUi.getState();
  const drawing = drawingOf(cache, document, session);
  const next = new Map<string, LayerFlowNode>();
  for (const node of document.nodes) {
    const [drawn, ports] = [drawing.nodes.get(node.id), drawing.ports.get(node.id)];
    if (drawn && ports) next.set(node.id, buildNode(cache, node, drawn, ports, selection.has(node.id)));
  }
  cache.nodes = next;
  cache.flowNodes = sameOr(cache.flowNodes, [...next.values()]);
  return {
    nodes: cache.flowNodes,
    edges: edgesOf(cache, document, drawing, language),
    wires: drawing.wires,
    frames: cache.frames,
    room: cache.room.room,
  };
}

/** With more nodes than this, finding a way for each wire would be seen as a pause before the first picture. */
const routedAtOnce = 400;

/** The drawing of one session's network. */
export type Flow = ReturnType<typeof createFlow>;

function createFlow(session: Session) {
  const { project } = session;
  const cache: FlowCache = {
    nodes: new Map(),
    flowNodes: [],
    edges: new Map(),
    shownAt: new Map(),
    selectedWires: new Set(),
    frames: new Map(),
    room: { nodes: [], frames: new Map(), room: makeFrameRoom([], new Map()) },
    lastNodes: null,
    lastDrawing: null,
    care: project.getState().document.nodes.length > routedAtOnce ? 'sketched' : 'routed',
    lastIds: null,
    lastEdges: null,
  };
  const store = createLeanStore(build(cache, session));
  /** Builds what changed since the last time. */
  const refresh = (): void => store.setState(build(cache, session));
  const room = (): Room => roomIn(cache, project.getState().document);
  return {
    store,
    refresh,
    /** Finds the ways of wires that were sketched so far. */
    route: (): void => {
      if (cache.care === 'routed') return;
      cache.care = 'routed';
      refresh();
    },
    /** Shows nodes elsewhere than the document says, for the length of a drag or a motion. */
    showAt: (places: ReadonlyMap<string, Place>): void => {
      cache.shownAt = places;
      refresh();
    },
    /** Where a node is shown now. */
    shownPlace: (id: string): Place | undefined => cache.nodes.get(id)?.position,
    /** Where a node's wires end, from its top left corner. */
    portsOf: (id: string): NodePorts | undefined => cache.nodes.get(id)?.data.ports,
    /** Where a node of a document is to be shown, with room made for what is open. */
    placeIn: (document: NetworkDocument, { id, position }: NetworkNode): Place | undefined =>
      position && makeFrameRoom(document.nodes, cache.frames).toShown(position, id),
    /** The place in the document of what is shown somewhere: of a node, or of anything else with null. */
    documentPlace: (place: Place, id: string | null): Place => room().toDocument(place, id),
    /** Where an area of the document is shown, with room for what is open in it. */
    shownArea: (area: Area): Area => areaIn(room().toShown, area),
    /** The area of the document that is shown somewhere. */
    documentArea: (area: Area): Area => areaIn(room().toDocument, area),
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
