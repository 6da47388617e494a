import type { CSSProperties } from 'react';
import { Handle, Position } from 'reactflow';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { useSession } from '../session';
import { classes } from '../ui/classes';
import styles from './Port.module.css';
import { tapPort } from './tapWire';
import { acceptsPulledWire, useWiring } from './wiring';

type PortProps = {
  readonly nodeId: string;
  readonly port: number | 'output';
  /** Centre, from the node's top. */
  readonly y: number;
  /** Height that is its own, up to the next port, in canvas pixels. */
  readonly room: number;
  readonly title: string;
  /** The port's own name, where the layer names it ("reference"). */
  readonly name?: string | undefined;
  readonly isAtFault?: boolean;
};

/** One end for wires. It fades while a wire is pulled that it cannot take. */
export function Port({ nodeId, port, y, room, title, name, isAtFault = false }: PortProps) {
  const { t } = useText('canvas');
  const session = useSession();
  const accepts = useWiring((state) => acceptsPulledWire(session, state.start, nodeId, port));
  const isPulling = useWiring((state) => state.start !== null);
  const isBegun = useWiring(({ start, isTapped }) => isTapped && start?.nodeId === nodeId && start.port === port);
  const isOutput = port === 'output';
  const style: CSSProperties & Record<'--room', string> = { top: y, '--room': `${room}px` };
  const label = isOutput
    ? fill(t.outPort, { node: title })
    : fill(t.inPort, { node: title, port: name ?? String(port + 1) });
  return (
    <Handle
      id={isOutput ? 'out' : `in${port}`}
      type={isOutput ? 'source' : 'target'}
      position={isOutput ? Position.Right : Position.Left}
      style={style}
      className={classes(
        styles['port'],
        isPulling && (accepts ? styles['open'] : styles['closed']),
        isAtFault && styles['fault'],
        isBegun && styles['begun'],
      )}
      role="img"
      aria-label={label}
      data-port={isOutput ? 'output' : port}
      onClick={(event) => {
        // Not the node's: a tap on its body means it as a whole.
        event.stopPropagation();
        tapPort(session, { nodeId, port });
      }}
    />
  );
}
