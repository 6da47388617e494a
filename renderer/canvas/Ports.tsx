import type { CSSProperties } from 'react';
import { Handle } from 'reactflow';
import type { NodePorts } from '../../shared/layout/drawing';
import { layoutCell, nodeHeight, type Port as PortPlace } from '../../shared/layout/geometry';
import type { InputPorts } from '../../shared/layers/define';
import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { useProject, useSession, type Session } from '../session';
import { classes } from '../ui/classes';
import styles from './Port.module.css';
import { handleOf, positionOf } from './connection';
import { isWireAtFault } from './findings';
import { takeEnd } from './takeEnd';
import { tapPort } from './tapWire';
import { portLook, useWiring, wireInto, type PortLook, type WireTarget } from './wiring';

type PortsProps = {
  readonly id: string;
  readonly ports: NodePorts;
  readonly title: string;
  /** What the layer takes; undefined for a kind that is not known. */
  readonly inputs: InputPorts | undefined;
};

/** All ends for wires of a card. They ask together what becomes of them: hundreds of cards in view have as many again of them. */
export function Ports({ id, ports, title, inputs }: PortsProps) {
  const { t, pick } = useText('canvas');
  const session = useSession();
  const targets: readonly WireTarget[] = [
    ...ports.inputs.map((_place, port) => ({ nodeId: id, port })),
    { nodeId: id, port: 'output' },
  ];
  const looks = useWiring((state) => targets.map((target) => portLook(session, state, target)).join(' ')).split(' ');
  /** Of each input whether it has a wire, and whether an error shows at it. */
  const wires = useProject(({ document, analysis }) =>
    ports.inputs
      .map((_place, port) => {
        const isTaken = wireInto(document, { nodeId: id, port }) !== undefined;
        return `${isTaken ? 'taken' : ''},${isWireAtFault(analysis, id, port) ? 'fault' : ''}`;
      })
      .join(' '),
  ).split(' ');
  const names = inputs?.arity === 'fixed' && inputs.ports.length > 1 ? inputs.ports : [];
  const all = [...ports.inputs, ...ports.outputs];
  const roomOf = ({ side }: PortPlace): number => {
    const length = side === 'left' || side === 'right' ? nodeHeight(ports.inputs.length) : layoutCell.nodeWidth;
    return length / (all.filter((port) => port.side === side).length + 1);
  };
  const inputName = (port: number): string => {
    const own = names[port];
    return fill(t.inPort, { node: title, port: own ? pick(own.name) : String(port + 1) });
  };
  return (
    <>
      {ports.inputs.map((place, port) => (
        <Port
          key={port}
          session={session}
          target={{ nodeId: id, port }}
          place={place}
          room={roomOf(place)}
          label={inputName(port)}
          look={looks[port] as PortLook}
          isTaken={wires[port]?.startsWith('taken') === true}
          isAtFault={wires[port]?.endsWith('fault') === true}
        />
      ))}
      {ports.outputs.map((place) => (
        <Port
          key={place.side}
          session={session}
          target={{ nodeId: id, port: 'output' }}
          place={place}
          room={roomOf(place)}
          // The output is named once, where it always is.
          label={place.side === 'right' ? fill(t.outPort, { node: title }) : null}
          look={looks.at(-1) as PortLook}
        />
      ))}
    </>
  );
}

/** How a port is drawn while a wire is pulled. */
export function portClass(look: PortLook): string {
  return classes(
    (look === 'open' || look === 'begun') && styles['open'],
    look === 'closed' && styles['closed'],
    look === 'begun' && styles['begun'],
  );
}

type PortProps = {
  readonly session: Session;
  readonly target: WireTarget;
  /** Its centre, from the node's top left corner. */
  readonly place: PortPlace;
  /** What of its side is its own, up to the next port, in canvas pixels. */
  readonly room: number;
  /** What a screen reader calls it; null for one that is named elsewhere. */
  readonly label: string | null;
  readonly look: PortLook;
  /** It has a wire, and takes one: that is what is pulled off it. */
  readonly isTaken?: boolean;
  readonly isAtFault?: boolean;
};

/** One end for wires. It fades while a wire is pulled that it cannot take. */
function Port({ session, target, place, room, label, look, isTaken = false, isAtFault = false }: PortProps) {
  const { port } = target;
  const isOutput = port === 'output';
  const isBeside = place.side === 'left' || place.side === 'right';
  const style: CSSProperties & Record<'--room', string> = {
    ...(isBeside ? { top: place.y } : { left: place.x }),
    '--room': `${room}px`,
  };
  const take = (at: { readonly clientX: number; readonly clientY: number }): void => {
    const wire = wireInto(session.project.getState().document, target);
    if (wire !== undefined) takeEnd(session, wire, at);
  };
  return (
    <Handle
      id={handleOf(port, place.side)}
      type={isOutput ? 'source' : 'target'}
      position={positionOf[place.side]}
      style={style}
      className={classes(styles['port'], portClass(look), isAtFault && styles['fault'], isTaken && styles['taken'])}
      isConnectableStart={!isTaken}
      onMouseDown={(event) => {
        if (event.button === 0) take(event);
      }}
      onTouchStart={({ touches }) => {
        const finger = touches[0];
        if (finger !== undefined && touches.length === 1) take(finger);
      }}
      {...(label === null ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
      data-port={isOutput ? 'output' : port}
      onClick={(event) => {
        // Not the node's: a tap on its body means it as a whole.
        event.stopPropagation();
        tapPort(session, target);
      }}
    />
  );
}
