import { useConnection } from 'reactflow';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText } from '../i18n';
import type { Session } from '../session';
import { useSession } from '../session';
import styles from './ConnectionHint.module.css';
import { portOfHandle } from './connection';
import type { WireStart } from './wiring';
import { bestPort, checkWire, edgeBetween, useWiring } from './wiring';

type Over = { readonly nodeId: string; readonly handle: string | null };

/** Why the wire that is being pulled may not end where the pointer is; null where it may, or where there is nothing. */
function refusal(session: Session, start: WireStart | null, over: Over | null): Diagnostic | null {
  if (start === null || over === null) return null;
  const target =
    over.handle === null
      ? bestPort(session, start, over.nodeId)
      : { nodeId: over.nodeId, port: portOfHandle(over.handle) };
  const isOwnEnd = over.nodeId === start.nodeId && (over.handle === null || target?.port === start.port);
  const edge = target && !isOwnEnd ? edgeBetween(start, target) : null;
  if (!edge) return null;
  const answer = checkWire(session, edge);
  return answer.ok ? null : (answer.diagnostics[0] ?? null);
}

/** Says beside the pointer why a wire is refused, while it is still in the hand. */
export function ConnectionHint() {
  const { pick } = useText('canvas');
  const session = useSession();
  const start = useWiring((state) => state.start);
  const hoverNode = useWiring((state) => state.hoverNode);
  const connection = useConnection();
  if (!connection.inProgress || start === null) return null;
  const over: Over | null = connection.toHandle
    ? { nodeId: connection.toHandle.nodeId, handle: connection.toHandle.id ?? null }
    : hoverNode === null
      ? null
      : { nodeId: hoverNode, handle: null };
  const reason = refusal(session, start, over);
  if (!reason) return null;
  const { x, y } = connection.pointer;
  return (
    <div role="status" className={styles['hint']} style={{ transform: `translate(${x + 16}px, ${y + 16}px)` }}>
      <strong>{pick(reason.summary)}</strong>
      {reason.why ? <span>{pick(reason.why)}</span> : null}
    </div>
  );
}
