import type { CSSProperties, PointerEvent } from 'react';
import { useStore } from 'zustand';
import { looseRoute } from '../../shared/layout/route';
import type { Port as PortPlace } from '../../shared/layout/geometry';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { classes } from '../ui/classes';
import type { LayerFlowNode } from './flow';
import { pullInside, pulledOf } from './framedWire';
import styles from './Port.module.css';
import { portClass } from './Ports';
import { tapPort } from './tapWire';
import { portLook, useWiring } from './wiring';
import wireStyles from './Wire.module.css';

type FramedPortsProps = { readonly node: LayerFlowNode; readonly title: string };

/** The ports of a node of a block that is open in its place: React Flow knows nothing of them, so they pull their wires themselves. */
export function FramedPorts({ node, title }: FramedPortsProps) {
  const { inputs, outputs } = node.data.ports;
  return (
    <>
      {inputs.map((place, port) => (
        <FramedPort key={port} node={node} port={port} place={place} title={title} />
      ))}
      {outputs
        .filter(({ side }) => side === 'right')
        .map((place) => (
          <FramedPort key={place.side} node={node} port="output" place={place} title={title} />
        ))}
    </>
  );
}

type FramedPortProps = FramedPortsProps & { readonly port: number | 'output'; readonly place: PortPlace };

function FramedPort({ node, port, place, title }: FramedPortProps) {
  const { t } = useText('canvas');
  const session = useSession();
  const look = useWiring((state) => portLook(session, state, { nodeId: node.id, port }));
  const style: CSSProperties & Record<'--room', string> = { left: place.x - 8, top: place.y - 8, '--room': '24px' };
  const begin = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    // The node would follow the pointer.
    event.stopPropagation();
    const from = { x: node.position.x + place.x, y: node.position.y + place.y };
    pullInside(session, { nodeId: node.id, port }, from, event);
  };
  return (
    <span
      role="img"
      aria-label={
        port === 'output' ? fill(t.outPort, { node: title }) : fill(t.inPort, { node: title, port: String(port + 1) })
      }
      data-port={port}
      data-framed-port={port}
      style={style}
      className={classes(styles['port'], styles['framed'], portClass(look))}
      onPointerDown={begin}
      onClick={(event) => {
        event.stopPropagation();
        tapPort(session, { nodeId: node.id, port });
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    />
  );
}

/** The wire that is being pulled in an open block. */
export function PulledInside() {
  const pulled = useStore(pulledOf(useSession()), (state) => state.pulled);
  if (pulled === null) return null;
  const { from, to, isBackwards } = pulled;
  const { path } = isBackwards ? looseRoute(to, from) : looseRoute(from, to);
  return <path d={path} className={wireStyles['pulled']} />;
}
