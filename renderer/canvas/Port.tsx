import { Handle, Position } from 'reactflow';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { useSession } from '../session';
import { classes } from '../ui/classes';
import styles from './Port.module.css';
import { acceptsPulledWire, useWiring } from './wiring';

type PortProps = {
  readonly nodeId: string;
  readonly port: number | 'output';
  /** Centre, from the node's top. */
  readonly y: number;
  readonly title: string;
  /** The port's own name, where the layer names it ("reference"). */
  readonly name?: string | undefined;
  readonly isAtFault?: boolean;
};

/** One end for wires. It fades while a wire is pulled that it cannot take. */
export function Port({ nodeId, port, y, title, name, isAtFault = false }: PortProps) {
  const { t } = useText('canvas');
  const session = useSession();
  const accepts = useWiring((state) => acceptsPulledWire(session, state.start, nodeId, port));
  const isPulling = useWiring((state) => state.start !== null);
  const isOutput = port === 'output';
  const label = isOutput
    ? fill(t.outPort, { node: title })
    : fill(t.inPort, { node: title, port: name ?? String(port + 1) });
  return (
    <Handle
      id={isOutput ? 'out' : `in${port}`}
      type={isOutput ? 'source' : 'target'}
      position={isOutput ? Position.Right : Position.Left}
      style={{ top: y }}
      className={classes(
        styles['port'],
        isPulling && (accepts ? styles['open'] : styles['closed']),
        isAtFault && styles['fault'],
      )}
      role="img"
      aria-label={label}
      data-port={isOutput ? 'output' : port}
    />
  );
}
