import { findNode } from '../../shared/analysis/blocks';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { canConnect, edgePort } from '../../shared/editing/connect';
import type { NetworkDocument, NetworkEdge, Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { sessionPart, useSession } from '../session';
import { shownInputs, wiredPorts } from './geometry';
import { flowOf } from './flow';

/** The end that a wire is being pulled from: an output, or backwards from an input port. */
export type WireStart = { readonly nodeId: string; readonly port: number | 'output' };

/** A place where the pulled wire would be accepted. */
export type WireTarget = { readonly nodeId: string; readonly port: number | 'output' };

export type WiringState = {
  readonly start: WireStart | null;
  /** The keyboard is wiring: these are the places it may choose from, nearest first, and the chosen one. */
  readonly targets: readonly WireTarget[] | null;
  readonly chosen: number;
  /** The node under the pointer, whose body takes the wire as well as its port. */
  readonly hoverNode: string | null;
  /** Nothing is held: the start was tapped, and the next tap says where the wire goes. */
  readonly isTapped: boolean;
};

const idle: WiringState = { start: null, targets: null, chosen: 0, hoverNode: null, isTapped: false };

type Wiring = {
  /** The wire whose end is in the hand: where it still hangs is no obstacle to where it may go. */
  moving: NetworkEdge | null;
  readonly store: StoreApi<WiringState>;
  /** Answers per start: a thousand ports ask whether they would do, and the answer holds until the wire is let go. */
  answers: Map<string, Result<true>>;
};

const wiringOf = sessionPart((): Wiring => ({
  moving: null,
  store: createStore<WiringState>(() => idle),
  answers: new Map(),
}));

/** The wire that is being pulled in a session, by pointer or by keyboard. */
export function wiringState(session: Session): WiringState {
  return wiringOf(session).store.getState();
}

/** A value of the wire that is being pulled in this component's session. */
export function useWiring<T>(selector: (state: WiringState) => T): T {
  return useStore(wiringOf(useSession()).store, selector);
}

/** The edge that pulling from `start` to `target` would make; null between two inputs or two outputs. */
export function edgeBetween(start: WireStart, target: WireTarget): NetworkEdge | null {
  if (start.port === 'output' && target.port !== 'output') return wire(start.nodeId, target.nodeId, target.port);
  if (start.port !== 'output' && target.port === 'output') return wire(target.nodeId, start.nodeId, start.port);
  return null;
}

function wire(from: string, to: string, toPort: number): NetworkEdge {
  return toPort === 0 ? { from, to } : { from, to, toPort };
}

const wiresByPort = new WeakMap<NetworkDocument['edges'], ReadonlyMap<string, NetworkEdge>>();

/** The wire in a port of a document; undefined for an output, and where there is none. Each of a thousand ports asks at each edit. */
export function wireInto(
  { edges }: Pick<NetworkDocument, 'edges'>,
  { nodeId, port }: WireTarget,
): NetworkEdge | undefined {
  let wires = wiresByPort.get(edges);
  if (wires === undefined) {
    wires = new Map(edges.map((edge) => [`${edge.to}\n${edgePort(edge)}`, edge]));
    wiresByPort.set(edges, wires);
  }
  return wires.get(`${nodeId}\n${port}`);
}

/** The wires that leave the port of a new one: a port takes one, and the new one replaces it. */
export function displacedBy(session: Session, edge: NetworkEdge): readonly NetworkEdge[] {
  const { edges } = session.project.getState().document;
  return edges.filter((other) => other.to === edge.to && edgePort(other) === edgePort(edge));
}

/** Whether a wire may be put into the open document, in place of what is in its port; with the reason if not. */
export function checkWire(session: Session, edge: NetworkEdge): Result<true> {
  const { document, analysis } = session.project.getState();
  const { moving } = wiringOf(session);
  const going = new Set([...displacedBy(session, edge), ...(moving === null ? [] : [moving])]);
  const kept =
    going.size === 0 ? document : { ...document, edges: document.edges.filter((other) => !going.has(other)) };
  return canConnect(kept, edge, (id) => findNode(analysis, id)?.outputShape ?? null);
}

/** The end of a wire is taken into the hand, or let go. */
export function moveWire(session: Session, edge: NetworkEdge | null): void {
  wiringOf(session).moving = edge;
}

/** The wire whose end is in the hand. */
export function movingWire(session: Session): NetworkEdge | null {
  return wiringOf(session).moving;
}

/** Whether a port can take the wire that is being pulled; true while none is. */
function acceptsPulledWire(
  session: Session,
  start: WireStart | null,
  nodeId: string,
  port: number | 'output',
): boolean {
  if (start === null || (start.nodeId === nodeId && start.port === port)) return true;
  const edge = edgeBetween(start, { nodeId, port });
  if (edge === null) return false;
  const key = `${nodeId}\n${port}`;
  const { answers } = wiringOf(session);
  let answer = answers.get(key);
  if (!answer) {
    answer = checkWire(session, edge);
    answers.set(key, answer);
  }
  return answer.ok;
}

/** How a port looks while a wire is pulled: one that would take it, one that would not, and the one that a tap began it at. */
export type PortLook = 'idle' | 'open' | 'closed' | 'begun';

/** What becomes of a port in a state of the wire. */
export function portLook(session: Session, { start, isTapped }: WiringState, { nodeId, port }: WireTarget): PortLook {
  if (start === null) return 'idle';
  if (isTapped && start.nodeId === nodeId && start.port === port) return 'begun';
  return acceptsPulledWire(session, start, nodeId, port) ? 'open' : 'closed';
}

/** A hand that trembles on a wire's end does not delete the wire: it must be let go this far from there, in window pixels. */
const pullOff = 24;

/** Whether a wire was pulled away from where it was taken hold of, rather than trembled upon; both in window pixels. */
export function isPulledOff(grabbed: Position, released: Position): boolean {
  return Math.hypot(released.x - grabbed.x, released.y - grabbed.y) > pullOff;
}

/** A wire is pulled by the pointer. */
export function startWire(session: Session, start: WireStart): void {
  wiringOf(session).answers = new Map();
  wiringOf(session).store.setState({ ...idle, start });
}

/** A wire is begun by a tap on a port. */
export function tapWire(session: Session, start: WireStart): void {
  startWire(session, start);
  wiringOf(session).store.setState({ isTapped: true });
}

/** The wire is let go. */
export function endWire(session: Session): void {
  if (wiringState(session).start !== null) wiringOf(session).store.setState(idle);
}

/** The pointer is over a node's body while a wire is pulled. */
export function hoverNode(session: Session, id: string | null): void {
  const { start, targets, hoverNode: before } = wiringState(session);
  if (start !== null && targets === null && before !== id) wiringOf(session).store.setState({ hoverNode: id });
}

/**
 * The port of a node that would take the wire from `start`: a free one where there is one, else the first whose wire it may replace, or
 * else the first of the right kind, to say why not.
 */
export function bestPort(session: Session, start: WireStart, nodeId: string): WireTarget | null {
  if (start.port !== 'output') return { nodeId, port: 'output' };
  const { document } = session.project.getState();
  const node = document.nodes.find((candidate) => candidate.id === nodeId);
  if (!node) return null;
  const count = shownInputs(document, node, wiredPorts(document).get(nodeId) ?? 0);
  const ports = Array.from({ length: count }, (_, port) => port);
  const open = ports.filter((candidate) => acceptsPulledWire(session, start, nodeId, candidate));
  const port = open.find((candidate) => !isTaken(session, { nodeId, port: candidate })) ?? open[0] ?? ports[0];
  return port === undefined ? null : { nodeId, port };
}

/** True where a wire would replace another one. */
function isTaken(session: Session, { nodeId, port }: WireTarget): boolean {
  return port !== 'output' && displacedBy(session, wire('', nodeId, port)).length > 0;
}

/** Starts wiring by keyboard from a node's output. False when no port in the network can take it. */
export function startKeyboardWire(session: Session, nodeId: string): boolean {
  const { document } = session.project.getState();
  const start: WireStart = { nodeId, port: 'output' };
  wiringOf(session).answers = new Map();
  const here = flowOf(session).shownPlace(nodeId) ?? { x: 0, y: 0 };
  const targets = document.nodes
    .flatMap((node): WireTarget[] => {
      const target = node.id === nodeId ? null : bestPort(session, start, node.id);
      return target && acceptsPulledWire(session, start, node.id, target.port) ? [target] : [];
    })
    .map((target) => ({
      target,
      isTaken: isTaken(session, target),
      distance: distanceTo(session, target.nodeId, here),
    }))
    // Free ports first: to replace a wire is meant less often than to add one.
    .sort((a, b) => Number(a.isTaken) - Number(b.isTaken) || a.distance - b.distance)
    .map(({ target }) => target);
  if (targets.length === 0) return false;
  wiringOf(session).store.setState({ ...idle, start, targets });
  return true;
}

function distanceTo(session: Session, nodeId: string, here: { readonly x: number; readonly y: number }): number {
  const place = flowOf(session).shownPlace(nodeId) ?? here;
  return Math.hypot(place.x - here.x, place.y - here.y);
}

/** Chooses another target of the keyboard's wire, `step` places further. */
export function chooseTarget(session: Session, step: number): void {
  const { targets, chosen } = wiringState(session);
  if (targets) wiringOf(session).store.setState({ chosen: (chosen + step + targets.length) % targets.length });
}
