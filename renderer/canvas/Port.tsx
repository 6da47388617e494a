import type { CSSProperties } from 'react';
import { Handle } from 'reactflow';
import type { Port as PortPlace } from '../../shared/layout/geometry';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { useProject, useSession } from '../session';
import { classes } from '../ui/classes';
import styles from './Port.module.css';
import { handleOf, positionOf } from './connection';
import { takeEnd } from './takeEnd';
import { tapPort } from './tapWire';
import { acceptsPulledWire, useWiring, wireInto } from './wiring';

type PortProps = {
  readonly nodeId: string;
  readonly port: number | 'output';
  /** Its centre, from the node's top left corner. */
  readonly place: PortPlace;
  /** What of its side is its own, up to the next port, in canvas pixels. */
  readonly room: number;
  readonly title: string;
  /** The port's own name, where the layer names it ("reference"). */
  readonly name?: string | undefined;
  readonly isAtFault?: boolean;
};

/** One end for wires. It fades while a wire is pulled that it cannot take. */
export function Port({ nodeId, port, place, room, title, name, isAtFault = false }: PortProps) {
  const { t } = useText('canvas');
  const session = useSession();
  const accepts = useWiring((state) => acceptsPulledWire(session, state.start, nodeId, port));
  const isPulling = useWiring((state) => state.start !== null);
  const isBegun = useWiring(({ start, isTapped }) => isTapped && start?.nodeId === nodeId && start.port === port);
  /** A port takes one wire: where it has one, that is what is pulled off it. */
  const wire = useProject(({ document }) => wireInto(document, { nodeId, port }));
  const isOutput = port === 'output';
  const isBeside = place.side === 'left' || place.side === 'right';
  // The output is named once, where it always is.
  const isNamed = !isOutput || place.side === 'right';
  const style: CSSProperties & Record<'--room', string> = {
    ...(isBeside ? { top: place.y } : { left: place.x }),
    '--room': `${room}px`,
  };
  const label = isOutput
    ? fill(t.outPort, { node: title })
    : fill(t.inPort, { node: title, port: name ?? String(port + 1) });
  return (
    <Handle
      id={handleOf(port, place.side)}
      type={isOutput ? 'source' : 'target'}
      position={positionOf[place.side]}
      style={style}
      className={classes(
        styles['port'],
        isPulling && (accepts ? styles['open'] : styles['closed']),
        isAtFault && styles['fault'],
        isBegun && styles['begun'],
        wire !== undefined && styles['taken'],
      )}
      isConnectableStart={wire === undefined}
      onMouseDown={(event) => {
        if (wire !== undefined && event.button === 0) takeEnd(session, wire, event);
      }}
      onTouchStart={({ touches }) => {
        const finger = touches[0];
        if (wire !== undefined && finger !== undefined && touches.length === 1) takeEnd(session, wire, finger);
      }}
      {...(isNamed ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
      data-port={isOutput ? 'output' : port}
      onClick={(event) => {
        // Not the node's: a tap on its body means it as a whole.
        event.stopPropagation();
        tapPort(session, { nodeId, port });
      }}
    />
  );
}
