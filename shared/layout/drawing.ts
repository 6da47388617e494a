import type { LayerRegistry } from '../layers/registry';
import type { NetworkDocument, NetworkEdge, Position } from '../schema/document';
import { extentOf, extentOfBox, indexBoxes, overlap, type Box, type BoxIndex, type Extent } from './boxes';
import {
  framesOf,
  layoutCell,
  leftPorts,
  nodeHeight,
  outputY,
  wireGap,
  type NodeFrame,
  type Port,
  type Side,
} from './geometry';
import type { Route } from './route';
import { chooseSides, createRouter, wireRegion, type Care, type WireSides } from './router';
import { ledRoute, type Ends } from './throughPoints';

/** A node as it is drawn. */
export type DrawnNode = Box & NodeFrame;

/** Where a node's wires end. */
export type NodePorts = {
  readonly inputs: readonly Port[];
  /** On the right always, so that there is one place to pull from; above and below where wires leave there. */
  readonly outputs: readonly Port[];
};

/** A network as it is drawn: the one answer to where nodes, ports and wires are, for canvas, pictures and measures. */
export type Drawing = {
  readonly nodes: ReadonlyMap<string, DrawnNode>;
  readonly ports: ReadonlyMap<string, NodePorts>;
  /** A dangling wire has none. */
  readonly wires: ReadonlyMap<NetworkEdge, DrawnWire>;
};

/** A wire as it is drawn. */
export type DrawnWire = {
  readonly route: Route;
  readonly sides: WireSides;
  readonly from: Port;
  readonly to: Port;
  /** Where it begins and ends, beside the ports' rings, and the places that it is led through. */
  readonly ends: Ends;
  readonly via: readonly Position[];
  /** Whatever moves outside of this does not change the wire. */
  readonly reach: Extent;
};

/** A node of a frame at a place. */
export function drawnNode({ x, y }: Position, { inputs, isOpen }: NodeFrame): DrawnNode {
  return { x, y, width: layoutCell.nodeWidth, height: nodeHeight(inputs), inputs, isOpen };
}

/** Whether two nodes are drawn alike: in the same place and size, with the same ports. */
export function isSameNode(a: DrawnNode | undefined, b: DrawnNode | undefined): boolean {
  const isSameBox = a?.x === b?.x && a?.y === b?.y && a?.width === b?.width && a?.height === b?.height;
  return isSameBox && a?.inputs === b?.inputs && a?.isOpen === b?.isOpen;
}

/** Draws a document with its nodes at places; what has none is at the origin. */
export function drawDocument(
  document: NetworkDocument,
  places: { readonly [id: string]: Position },
  layers?: LayerRegistry,
): Drawing {
  const nodes = new Map(
    [...framesOf(document, layers)].map(([id, frame]) => [
      id,
      drawnNode((Object.hasOwn(places, id) ? places[id] : undefined) ?? { x: 0, y: 0 }, frame),
    ]),
  );
  return drawWires(nodes, document.edges);
}

/** What of the plane a drawing takes, wires too and whatever more is on it, with a margin. */
export function drawingExtent({ nodes, wires }: Drawing, margin = 0, more: readonly Box[] = []): Extent {
  const corners = [...nodes.values(), ...more].flatMap(({ x, y, width, height }) => [
    { x, y },
    { x: x + width, y: y + height },
  ]);
  return grown(extentOf([...corners, ...[...wires.values()].flatMap(({ route }) => route.points)]), margin);
}

function grown({ left, top, right, bottom }: Extent, margin: number): Extent {
  return { left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin };
}

/** How wires are drawn, where it is not as usual. */
export type DrawingCare = {
  /** Where the places are shown that a wire is led through, if not where the document has them. */
  readonly viaOf?: (edge: NetworkEdge) => readonly Position[];
  readonly care?: Care;
  /**
   * Nodes in the hand, by id: their wires are sketched, and no other gives way to them before they are put down. Then the drawing to go on
   * from is the one before they were taken up.
   */
  readonly held?: ReadonlySet<string>;
};

const nobody: ReadonlySet<string> = new Set();

/**
 * Finds each wire's way between the nodes: level from right to left, in an arc or on a rail where nodes are in the way, and from bottom to
 * top where the level changes; one that is led through places goes there. Given the drawing before, only what moved and what it touches is
 * found again.
 *
 * Sketched, nothing is looked for: each wire goes as if nothing else were there. That is for the first frame of a large network alone, and
 * is no drawing to go on from.
 */
export function drawWires(
  nodes: ReadonlyMap<string, DrawnNode>,
  edges: readonly NetworkEdge[],
  before?: Drawing,
  { viaOf = ({ via = [] }) => via, care: wanted = 'routed', held = nobody }: DrawingCare = {},
): Drawing {
  const care = held.size > 0 ? 'sketched' : wanted;
  const index = indexBoxes(care === 'sketched' ? [] : nodes.values());
  const kept = before === undefined ? new Map<NetworkEdge, DrawnWire>() : untouched(nodes, before, held);
  const ends = edges.flatMap((edge): readonly WireNodes[] => {
    const [source, target] = [nodes.get(edge.from), nodes.get(edge.to)];
    return source && target && source !== target ? [{ edge, source, target, span: spanOf(source, target) }] : [];
  });
  const sides = sidesOf(index, ends, kept);
  const ports = portsOf(nodes, ends, sides, kept, before);
  const drawn = new Map<NetworkEdge, DrawnWire>();
  const open: (WireNodes & Pick<DrawnWire, 'from' | 'to' | 'sides'>)[] = [];
  for (const wire of ends) {
    const [known, side] = [kept.get(wire.edge), sides.get(wire.edge)];
    const from = ports.get(wire.edge.from)?.outputs.find((port) => port.side === side?.from);
    const to = ports.get(wire.edge.to)?.inputs[wire.edge.toPort ?? 0];
    if (!side || !from || !to) continue;
    if (known !== undefined && isSamePort(known.from, from) && isSamePort(known.to, to)) drawn.set(wire.edge, known);
    else open.push({ ...wire, from, to, sides: side });
  }
  const router = createRouter(index, care);
  const region = drawn.size === 0 ? [] : open.map(({ source, target }) => wireRegion(source, target));
  for (const [edge, { route, reach }] of drawn) {
    if (region.some((extent) => overlap(extent, reach))) router.take(edge, route);
  }
  // What is wired twice has one way: looked for once, and once in the way of others, however often a broken file repeats it.
  const onceFor = oncePerPair<Port, Route>();
  // Short wires first: longer ones give way, so that nested arcs lie around each other.
  for (const { edge, source, target, from, to, sides: side } of open.sort((a, b) => a.span - b.span)) {
    const [via, line] = [viaOf(edge), endsOf(source, from, target, to)];
    const taken = (route: Route): Route => {
      router.take(edge, route);
      return route;
    };
    const route =
      via.length > 0
        ? taken(ledRoute(line, via))
        : onceFor(from, to, () => taken(router.find(edge, { box: source, port: from }, { box: target, port: to })));
    const now = { route, sides: side, from, to, ends: line, via, reach: reachOf(route, source, target) };
    const known = before?.wires.get(edge);
    drawn.set(edge, known !== undefined && isSameWire(known, now) ? known : now);
  }
  return { nodes, ports, wires: drawn };
}

/** A wire with the nodes that it joins, and how far it goes. */
type WireNodes = {
  readonly edge: NetworkEdge;
  readonly source: DrawnNode;
  readonly target: DrawnNode;
  readonly span: number;
};

/** Gives what was made for two things when it is asked for them again. */
function oncePerPair<K, V>(): (from: K, to: K, make: () => V) => V {
  const made = new Map<K, Map<K, V>>();
  return (from, to, make) => {
    const ofFrom = made.get(from) ?? new Map<K, V>();
    made.set(from, ofFrom);
    const value = ofFrom.get(to) ?? make();
    ofFrom.set(to, value);
    return value;
  };
}

/** By which sides each wire runs; between the same nodes that is looked for once, however many wires there are. */
function sidesOf(
  index: BoxIndex,
  wires: readonly WireNodes[],
  kept: ReadonlyMap<NetworkEdge, DrawnWire>,
): ReadonlyMap<NetworkEdge, WireSides> {
  const onceFor = oncePerPair<DrawnNode, WireSides>();
  return new Map(
    wires.map(({ edge, source, target }) => {
      const isLed = (edge.via ?? []).length > 0;
      return [
        edge,
        kept.get(edge)?.sides ??
          (isLed ? levelWire : onceFor(source, target, () => chooseSides(index, source, target))),
      ];
    }),
  );
}

/** Levels are further apart than what stands side by side. */
function spanOf(source: Box, target: Box): number {
  return Math.abs(source.x - target.x) + 4 * Math.abs(source.y - target.y);
}

/** A wire that is led through places leaves and arrives level. */
const levelWire: WireSides = { from: 'right', to: 'left' };

function endsOf(source: Box, from: Port, target: Box, to: Port): Ends {
  return {
    sourceX: source.x + from.x + wireGap,
    sourceY: source.y + from.y,
    targetX: target.x + to.x - wireGap,
    targetY: target.y + to.y,
  };
}

function isSamePort(a: Port, b: Port): boolean {
  return a.x === b.x && a.y === b.y && a.side === b.side;
}

/** Whether two wires run alike; what one was found again for may not have been in its way. */
function isSameWire(a: DrawnWire, b: DrawnWire): boolean {
  const isSameReach = (['left', 'top', 'right', 'bottom'] as const).every((edge) => a.reach[edge] === b.reach[edge]);
  return isSameReach && a.route.path === b.route.path && isSamePort(a.from, b.from) && isSamePort(a.to, b.to);
}

function reachOf({ points }: Route, source: Box, target: Box): Extent {
  const [line, a, b] = [extentOf(points), extentOfBox(source), extentOfBox(target)];
  const around = {
    left: Math.min(line.left, a.left, b.left),
    top: Math.min(line.top, a.top, b.top),
    right: Math.max(line.right, a.right, b.right),
    bottom: Math.max(line.bottom, a.bottom, b.bottom),
  };
  return grown(around, layoutCell.pitchY / 2);
}

/** The wires that no move since the drawing before has touched; of a node in the hand only its own are. */
function untouched(
  nodes: ReadonlyMap<string, DrawnNode>,
  before: Drawing,
  held: ReadonlySet<string>,
): ReadonlyMap<NetworkEdge, DrawnWire> {
  const touched: Extent[] = [];
  const look = (id: string, node: DrawnNode, other: DrawnNode | undefined): void => {
    if (held.has(id)) return;
    const isSame =
      other?.x === node.x && other.y === node.y && other.width === node.width && other.height === node.height;
    if (!isSame || before.nodes.get(id)?.isOpen !== node.isOpen) touched.push(extentOfBox(node));
  };
  for (const [id, node] of nodes) look(id, node, before.nodes.get(id));
  for (const [id, node] of before.nodes) look(id, node, nodes.get(id));
  if (touched.length === 0 && held.size === 0) return before.wires;
  return new Map(
    [...before.wires].filter(([{ from, to }, { reach }]) => {
      return !held.has(from) && !held.has(to) && !touched.some((extent) => overlap(extent, reach));
    }),
  );
}

/** A wire's end above or below a node: an input port, or the output. */
type End = {
  readonly port: number | 'output';
  /** How far it goes, to the left where negative. */
  readonly way: number;
};

/** The nodes whose ports may be elsewhere than before: those that changed, and those at either end of a wire that is found anew or has gone. */
function nodesToLookAt(
  nodes: ReadonlyMap<string, DrawnNode>,
  sides: ReadonlyMap<NetworkEdge, WireSides>,
  kept: ReadonlyMap<NetworkEdge, DrawnWire>,
  before: Drawing | undefined,
): ReadonlySet<string> {
  // A wire says nothing of the ports before where none is kept, as after a sketch.
  if (before === undefined || kept.size === 0) return new Set(nodes.keys());
  const found = new Set<string>();
  for (const [id, node] of nodes) if (!isSameNode(before.nodes.get(id), node)) found.add(id);
  for (const edge of sides.keys()) if (!kept.has(edge)) found.add(edge.from).add(edge.to);
  for (const edge of before.wires.keys()) if (!sides.has(edge)) found.add(edge.from).add(edge.to);
  return found;
}

/** Ports stand where their wires come from: level with the node on the left, above or below where the level changes. */
function portsOf(
  nodes: ReadonlyMap<string, DrawnNode>,
  wires: readonly WireNodes[],
  sides: ReadonlyMap<NetworkEdge, WireSides>,
  kept: ReadonlyMap<NetworkEdge, DrawnWire>,
  before: Drawing | undefined,
): ReadonlyMap<string, NodePorts> {
  const open = nodesToLookAt(nodes, sides, kept, before);
  const ends = { top: new Map<string, Map<End['port'], End>>(), bottom: new Map<string, Map<End['port'], End>>() };
  const add = (side: Side, id: string, end: End): void => {
    if ((side !== 'top' && side !== 'bottom') || !open.has(id)) return;
    const ofNode = ends[side].get(id) ?? new Map<End['port'], End>();
    // A port is one at a side, however many wires leave or arrive there.
    if (!ofNode.has(end.port)) ends[side].set(id, ofNode.set(end.port, end));
  };
  for (const { edge, source, target, span } of wires) {
    const side = sides.get(edge);
    if (side === undefined) continue;
    const isRight = target.x > source.x;
    add(side.from, edge.from, { port: 'output', way: isRight ? span : -span });
    add(side.to, edge.to, { port: edge.toPort ?? 0, way: isRight ? -span : span });
  }
  const ports = new Map<string, NodePorts>();
  for (const [id, node] of nodes) {
    const known = before?.ports.get(id);
    if (known !== undefined && !open.has(id)) {
      ports.set(id, known);
      continue;
    }
    const now = portsOfNode(node, [...(ends.top.get(id)?.values() ?? [])], [...(ends.bottom.get(id)?.values() ?? [])]);
    // The same object while nothing changes: what draws a node need not draw it again.
    ports.set(id, known !== undefined && isSamePorts(known, now) ? known : now);
  }
  return ports;
}

function isSamePorts(a: NodePorts, b: NodePorts): boolean {
  const areSame = (some: readonly Port[], others: readonly Port[]): boolean =>
    some.length === others.length &&
    some.every((port, at) => {
      const other = others[at];
      return other !== undefined && isSamePort(port, other);
    });
  return areSame(a.inputs, b.inputs) && areSame(a.outputs, b.outputs);
}

function portsOfNode(node: DrawnNode, top: readonly End[], bottom: readonly End[]): NodePorts {
  const inputs = new Map<number, Port>();
  const outputs: Port[] = [{ x: node.width, y: outputY(node.inputs), side: 'right' }];
  for (const [side, ends, y] of [
    ['top', top, 0],
    ['bottom', bottom, node.height],
  ] as const) {
    // Those to the left first; of those that go one way, the one that goes furthest runs around the others, and ends behind them.
    const sorted = [...ends].sort((a, b) => Math.sign(a.way) - Math.sign(b.way) || b.way - a.way);
    for (const [at, { port }] of sorted.entries()) {
      const place: Port = { x: (node.width * (at + 1)) / (sorted.length + 1), y, side };
      if (port === 'output') outputs.push(place);
      else inputs.set(port, place);
    }
  }
  const all = Array.from({ length: node.inputs }, (_, port) => port);
  const left = leftPorts(
    all.filter((port) => !inputs.has(port)),
    node,
  );
  return { inputs: all.map((port) => inputs.get(port) ?? { x: 0, y: left.get(port) ?? 0, side: 'left' }), outputs };
}
