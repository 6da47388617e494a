import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import type { Position } from '../../shared/schema/document';
import { messages } from '../i18n';
import type { Session } from '../session';
import { useUi } from '../store/ui';
import { notify } from '../ui/notify';
import { connectNodes } from './actions';
import { announce } from './announce';
import { openQuickInsert } from './quickInsert';
import type { WireStart, WireTarget } from './wiring';
import { bestPort, checkWire, edgeBetween, endWire, tapWire, wiringState } from './wiring';

/** The port where a wire was begun by a tap; null while none is. */
function tappedStart(session: Session): WireStart | null {
  const { start, isTapped } = wiringState(session);
  return isTapped ? start : null;
}

function begin(session: Session, start: WireStart): void {
  tapWire(session, start);
  const t = messages('canvas', useUi.getState().language);
  announce(session, start.port === 'output' ? t.tapInput : t.tapOutput);
}

/** Wires what was tapped first to `target`; where that cannot be, says why and keeps the wire. */
function finish(session: Session, start: WireStart, target: WireTarget): void {
  const edge = edgeBetween(start, target);
  if (edge === null) return;
  const answer = checkWire(session, edge);
  if (!answer.ok) {
    const { language } = useUi.getState();
    notify(answer.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic, language)).join(' '), 'error');
    return;
  }
  endWire(session);
  connectNodes(session, edge);
}

/** A tap on a port begins a wire, ends it, lets it go where it began, or begins it anew from another port of the same kind. */
export function tapPort(session: Session, port: WireTarget): void {
  const start = tappedStart(session);
  if (start === null) begin(session, port);
  else if (start.nodeId === port.nodeId && start.port === port.port) endWire(session);
  else if (edgeBetween(start, port) === null) begin(session, port);
  else finish(session, start, port);
}

/** A tap on a node's body stands for the port that would take the wire. */
export function tapNode(session: Session, nodeId: string): void {
  const start = tappedStart(session);
  const target = start === null || start.nodeId === nodeId ? null : bestPort(session, start, nodeId);
  if (start !== null && target !== null) finish(session, start, target);
}

/** A tap on the bare canvas asks what the wire should lead to, as a wire does that is let go there. */
export function tapPane(session: Session, point: Position): void {
  const start = tappedStart(session);
  if (start === null) return;
  endWire(session);
  openQuickInsert(session, { point, from: start });
}
