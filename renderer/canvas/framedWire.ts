import type { PointerEvent } from 'react';
import { createStore } from 'zustand/vanilla';
import type { NetworkEdge, Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { chooseFrame, sessionPart } from '../session';
import { connectNodes, reconnectWire, removeWire } from './actions';
import { openQuickInsert } from './quickInsert';
import { flowOf } from './flow';
import { zoomOf } from './view';
import type { WireStart, WireTarget } from './wiring';
import { bestPort, edgeBetween, endWire, isPulledOff, moveWire, startWire, wireInto } from './wiring';

/** A wire in the hand, in the coordinates of the block's inside. */
type Pulled = {
  readonly from: Position;
  readonly to: Position;
  readonly isBackwards: boolean;
  /** The wire whose end it is; null for a new one. */
  readonly moving: NetworkEdge | null;
};

/** The wire that is pulled in a block that is open in its place. */
export const pulledOf = sessionPart(() => createStore<{ readonly pulled: Pulled | null }>(() => ({ pulled: null })));

/** A hand that trembles on a port pulls no wire, in window pixels. */
const threshold = 4;

/** What is under the pointer in a session's open block: a port, a node's body, the bare ground, or something else. */
function under(session: Session, start: WireStart, x: number, y: number): WireTarget | 'ground' | null {
  const element = document.elementFromPoint(x, y);
  const inside = element?.closest<HTMLElement>('[data-session], [data-frame-of]');
  if (!element || !inside) return null;
  if (inside.dataset['frameOf'] === session.id) return 'ground';
  const nodeId = element.closest<HTMLElement>('[data-framed-id]')?.dataset['framedId'];
  if (inside.dataset['session'] !== session.id || nodeId === undefined) return null;
  const port = element.closest<HTMLElement>('[data-framed-port]')?.dataset['framedPort'];
  if (port !== undefined) return { nodeId, port: port === 'output' ? 'output' : Number(port) };
  return nodeId === start.nodeId ? null : bestPort(session, start, nodeId);
}

/** Where a wire that is pulled hangs: at its port, or with a wire that is there already at the output that this comes from. */
function hangsAt(
  session: Session,
  port: WireTarget,
  at: Position,
): { readonly start: WireStart; readonly from: Position } {
  const moving = wireInto(session.project.getState().document, port);
  const flow = flowOf(session);
  const [place, output] = [flow.shownPlace(moving?.from ?? ''), flow.portsOf(moving?.from ?? '')?.outputs[0]];
  if (moving === undefined || place === undefined || output === undefined) return { start: port, from: at };
  return { start: { nodeId: moving.from, port: 'output' }, from: { x: place.x + output.x, y: place.y + output.y } };
}

/**
 * Pulls a wire from a port, or the end of the one that is in it, until the pointer is let go: on a port, on a node, or on the ground, which
 * asks what follows a new one and takes an old one away. Escape lets it go.
 */
export function pullInside(session: Session, port: WireTarget, at: Position, event: PointerEvent): void {
  const { clientX, clientY, pointerId } = event;
  const { setState } = pulledOf(session);
  const { start, from } = hangsAt(session, port, at);
  const moving = start === port ? null : (wireInto(session.project.getState().document, port) ?? null);
  const isBackwards = start.port !== 'output';
  chooseFrame(session, session);
  let hasMoved = false;
  const onMove = (now: globalThis.PointerEvent): void => {
    if (now.pointerId !== pointerId) return;
    if (!hasMoved && Math.hypot(now.clientX - clientX, now.clientY - clientY) <= threshold) return;
    if (!hasMoved) {
      startWire(session, start);
      moveWire(session, moving);
    }
    hasMoved = true;
    const zoom = zoomOf(session);
    const to = { x: at.x + (now.clientX - clientX) / zoom, y: at.y + (now.clientY - clientY) / zoom };
    setState({ pulled: { from, to, isBackwards, moving } });
  };
  const stop = (): void => {
    removeEventListener('pointermove', onMove);
    removeEventListener('pointerup', onUp);
    removeEventListener('pointercancel', stop);
    removeEventListener('keydown', onKey, true);
    // A wire that was begun by a tap stays: the click that follows ends it.
    if (hasMoved) endWire(session);
    moveWire(session, null);
    setState({ pulled: null });
  };
  const onUp = (now: globalThis.PointerEvent): void => {
    if (now.pointerId !== pointerId) return;
    stop();
    const point = { x: now.clientX, y: now.clientY };
    if (!hasMoved) return;
    if (moving === null) letGo(session, start, point);
    else letEndGo(session, start, moving, point, isPulledOff({ x: clientX, y: clientY }, point));
  };
  const onKey = (pressed: KeyboardEvent): void => {
    if (pressed.key !== 'Escape') return;
    pressed.stopPropagation();
    stop();
  };
  addEventListener('pointermove', onMove);
  addEventListener('pointerup', onUp);
  addEventListener('pointercancel', stop);
  addEventListener('keydown', onKey, true);
}

function letEndGo(session: Session, start: WireStart, moving: NetworkEdge, point: Position, isFar: boolean): void {
  const target = under(session, start, point.x, point.y);
  const edge = target === null || target === 'ground' ? null : edgeBetween(start, target);
  if (edge !== null) reconnectWire(session, moving, edge);
  else if (target === 'ground' && isFar) removeWire(session, moving);
}

function letGo(session: Session, start: WireStart, point: Position): void {
  const target = under(session, start, point.x, point.y);
  if (target === null) return;
  if (target === 'ground') {
    openQuickInsert(session, { point, from: start });
    return;
  }
  const edge = edgeBetween(start, target);
  if (edge !== null) connectNodes(session, edge);
}
