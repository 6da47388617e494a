import type { PointerEvent } from 'react';
import { createStore } from 'zustand/vanilla';
import type { Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { chooseFrame, sessionPart } from '../session';
import { connectNodes } from './actions';
import { openQuickInsert } from './quickInsert';
import { zoomOf } from './view';
import type { WireStart, WireTarget } from './wiring';
import { bestPort, edgeBetween, endWire, startWire } from './wiring';

/** A wire in the hand, in the coordinates of the block's inside. */
type Pulled = { readonly from: Position; readonly to: Position; readonly isBackwards: boolean };

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

/** Pulls a wire from a port until the pointer is let go: on a port, on a node, or on the ground, which asks what follows. Escape lets it go. */
export function pullInside(session: Session, start: WireStart, from: Position, event: PointerEvent): void {
  const { clientX, clientY, pointerId } = event;
  const { setState } = pulledOf(session);
  const isBackwards = start.port !== 'output';
  chooseFrame(session, session);
  let hasMoved = false;
  const onMove = (now: globalThis.PointerEvent): void => {
    if (now.pointerId !== pointerId) return;
    if (!hasMoved && Math.hypot(now.clientX - clientX, now.clientY - clientY) <= threshold) return;
    if (!hasMoved) startWire(session, start);
    hasMoved = true;
    const zoom = zoomOf(session);
    const to = { x: from.x + (now.clientX - clientX) / zoom, y: from.y + (now.clientY - clientY) / zoom };
    setState({ pulled: { from, to, isBackwards } });
  };
  const stop = (): void => {
    removeEventListener('pointermove', onMove);
    removeEventListener('pointerup', onUp);
    removeEventListener('pointercancel', stop);
    removeEventListener('keydown', onKey, true);
    // A wire that was begun by a tap stays: the click that follows ends it.
    if (hasMoved) endWire(session);
    setState({ pulled: null });
  };
  const onUp = (now: globalThis.PointerEvent): void => {
    if (now.pointerId !== pointerId) return;
    stop();
    if (hasMoved) letGo(session, start, { x: now.clientX, y: now.clientY });
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
